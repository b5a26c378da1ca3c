using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Delivery.Protocol.Sealing;

/// <summary>
/// MLKEM768-P256: ML-KEM-768 (FIPS 203) and P-256 combined with SHA3-256, so that the secret holds as long as either does.
/// <b>Draft-pinned</b> to draft-ietf-hpke-pq-03 and draft-irtf-cfrg-concrete-hybrid-kems-02. Public key = ML-KEM key ‖ point,
/// encapsulation = ML-KEM ciphertext ‖ point, private key = a 32-byte seed that SHAKE256 expands into both halves.
/// </summary>
internal sealed class MlKem768P256 : KeyEncapsulation
{
    private const int MlKemKeySize = 1184;
    private const int MlKemCiphertextSize = 1088;
    private const int MlKemSeedSize = 64;

    // Four candidates for the scalar: fewer than one seed in 2^128 has none in range.
    private const int ScalarSeedSize = 4 * NistP256.ScalarSize;

    private static ReadOnlySpan<byte> Label => "MLKEM768-P256"u8;

    public override ushort Id => 0x0050;

    public override int PublicKeySize => MlKemKeySize + NistP256.PointSize;

    public override int PrivateKeySize => 32;

    public override int EncapsulationSize => MlKemCiphertextSize + NistP256.PointSize;

    public override bool IsSupported => MLKem.IsSupported && Shake256.IsSupported && SHA3_256.IsSupported;

    public override byte[] IdOf(ReadOnlySpan<byte> publicKey)
    {
        // No SubjectPublicKeyInfo is registered for this key, so the suite's number stands before the raw bytes instead.
        Span<byte> suite = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(suite, (ushort)HpkeSuite.MlKem768P256);
        return SHA256.HashData([.. suite, .. publicKey]);
    }

    public override void GeneratePrivateKey(Span<byte> privateKey) => RandomNumberGenerator.Fill(privateKey);

    public override void DerivePublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey)
    {
        var (mlKem, group) = Expand(privateKey);
        using (mlKem)
        using (group)
        {
            mlKem.ExportEncapsulationKey(publicKey[..MlKemKeySize]);
            NistP256.ExportPublic(group, publicKey[MlKemKeySize..]);
        }
    }

    public override void CheckPublicKey(ReadOnlySpan<byte> publicKey)
    {
        MLKem.ImportEncapsulationKey(MLKemAlgorithm.MLKem768, publicKey[..MlKemKeySize]).Dispose();
        NistP256.ImportPublic(publicKey[MlKemKeySize..]).Dispose();
    }

    public override void Encapsulate(ReadOnlySpan<byte> publicKey, Span<byte> sharedSecret, Span<byte> encapsulation)
    {
        var recipientPoint = publicKey[MlKemKeySize..];
        using var mlKem = MLKem.ImportEncapsulationKey(MLKemAlgorithm.MLKem768, publicKey[..MlKemKeySize]);
        using var recipient = NistP256.ImportPublic(recipientPoint);
        using var ephemeral = NistP256.Generate();

        Span<byte> secrets = stackalloc byte[SharedSecretSize + NistP256.SecretSize];
        mlKem.Encapsulate(encapsulation[..MlKemCiphertextSize], secrets[..SharedSecretSize]);
        NistP256.ExportPublic(ephemeral, encapsulation[MlKemCiphertextSize..]);
        NistP256.Agree(ephemeral, recipient, secrets[SharedSecretSize..]);
        Combine(secrets, encapsulation[MlKemCiphertextSize..], recipientPoint, sharedSecret);
    }

    public override void Decapsulate(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> encapsulation, Span<byte> sharedSecret)
    {
        var (mlKem, group) = Expand(privateKey);
        using (mlKem)
        using (group)
        {
            using var ephemeral = NistP256.ImportPublic(encapsulation[MlKemCiphertextSize..]);
            Span<byte> ownPoint = stackalloc byte[NistP256.PointSize];
            NistP256.ExportPublic(group, ownPoint);

            Span<byte> secrets = stackalloc byte[SharedSecretSize + NistP256.SecretSize];
            mlKem.Decapsulate(encapsulation[..MlKemCiphertextSize], secrets[..SharedSecretSize]);
            NistP256.Agree(group, ephemeral, secrets[SharedSecretSize..]);
            Combine(secrets, encapsulation[MlKemCiphertextSize..], ownPoint, sharedSecret);
        }
    }

    /// <summary>SHA3-256(ML-KEM secret ‖ P-256 secret ‖ ephemeral point ‖ recipient's point ‖ label); clears the secrets.</summary>
    private static void Combine(
        Span<byte> secrets, ReadOnlySpan<byte> ephemeralPoint, ReadOnlySpan<byte> recipientPoint, Span<byte> sharedSecret)
    {
        byte[] input = [.. secrets, .. ephemeralPoint, .. recipientPoint, .. Label];
        SHA3_256.HashData(input, sharedSecret);
        CryptographicOperations.ZeroMemory(input);
        CryptographicOperations.ZeroMemory(secrets);
    }

    private static (MLKem MlKem, ECDiffieHellman Group) Expand(ReadOnlySpan<byte> seed)
    {
        Span<byte> expanded = stackalloc byte[MlKemSeedSize + ScalarSeedSize];
        Shake256.HashData(seed, expanded);
        try
        {
            for (var candidates = expanded[MlKemSeedSize..]; candidates.Length > 0; candidates = candidates[NistP256.ScalarSize..])
            {
                if (NistP256.IsScalar(candidates[..NistP256.ScalarSize]))
                {
                    var mlKem = MLKem.ImportPrivateSeed(MLKemAlgorithm.MLKem768, expanded[..MlKemSeedSize]);
                    return (mlKem, NistP256.ImportPrivate(candidates[..NistP256.ScalarSize]));
                }
            }

            throw new CryptographicException("The seed yields no P-256 scalar in four tries; generate another key.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(expanded);
        }
    }
}
