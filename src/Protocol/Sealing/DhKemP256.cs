using System.Security.Cryptography;

namespace Delivery.Protocol.Sealing;

/// <summary>DHKEM(P-256, HKDF-SHA256), RFC 9180 section 4.1.</summary>
internal sealed class DhKemP256 : KeyEncapsulation
{
    private static ReadOnlySpan<byte> SuiteId => [(byte)'K', (byte)'E', (byte)'M', 0x00, 0x10];

    public override ushort Id => 0x0010;

    public override int PublicKeySize => NistP256.PointSize;

    public override int PrivateKeySize => NistP256.ScalarSize;

    public override int EncapsulationSize => NistP256.PointSize;

    public override bool IsSupported => true;

    public override byte[] IdOf(ReadOnlySpan<byte> publicKey) => NistP256.SubjectPublicKeyInfoDigest(publicKey);

    public override void GeneratePrivateKey(Span<byte> privateKey)
    {
        using var key = NistP256.Generate();
        NistP256.ExportPrivate(key, privateKey);
    }

    public override void DerivePublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey)
    {
        using var key = NistP256.ImportPrivate(privateKey);
        NistP256.ExportPublic(key, publicKey);
    }

    public override void CheckPublicKey(ReadOnlySpan<byte> publicKey) => NistP256.ImportPublic(publicKey).Dispose();

    public override void Encapsulate(ReadOnlySpan<byte> publicKey, Span<byte> sharedSecret, Span<byte> encapsulation)
    {
        using var ephemeral = NistP256.Generate();
        Encapsulate(ephemeral, publicKey, sharedSecret, encapsulation);
    }

    /// <summary>Encapsulates under a given ephemeral key. A key used twice ends the secrecy of both: only test vectors give one.</summary>
    public static void Encapsulate(
        ECDiffieHellman ephemeral, ReadOnlySpan<byte> publicKey, Span<byte> sharedSecret, Span<byte> encapsulation)
    {
        using var recipient = NistP256.ImportPublic(publicKey);
        NistP256.ExportPublic(ephemeral, encapsulation);
        ExtractAndExpand(ephemeral, recipient, encapsulation, publicKey, sharedSecret);
    }

    public override void Decapsulate(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> encapsulation, Span<byte> sharedSecret)
    {
        using var own = NistP256.ImportPrivate(privateKey);
        using var ephemeral = NistP256.ImportPublic(encapsulation);
        Span<byte> ownPublic = stackalloc byte[NistP256.PointSize];
        NistP256.ExportPublic(own, ownPublic);
        ExtractAndExpand(own, ephemeral, encapsulation, ownPublic, sharedSecret);
    }

    private static void ExtractAndExpand(
        ECDiffieHellman own, ECDiffieHellman other, ReadOnlySpan<byte> encapsulation, ReadOnlySpan<byte> recipient, Span<byte> sharedSecret)
    {
        Span<byte> agreed = stackalloc byte[NistP256.SecretSize];
        Span<byte> key = stackalloc byte[LabeledHkdf.HashSize];
        NistP256.Agree(own, other, agreed);
        LabeledHkdf.Extract(SuiteId, [], "eae_prk"u8, agreed, key);
        LabeledHkdf.Expand(SuiteId, key, "shared_secret"u8, [.. encapsulation, .. recipient], sharedSecret);
        CryptographicOperations.ZeroMemory(agreed);
        CryptographicOperations.ZeroMemory(key);
    }
}
