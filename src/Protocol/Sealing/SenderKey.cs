using System.Security.Cryptography;

namespace Delivery.Protocol.Sealing;

/// <summary>
/// The server's delivery key: ECDSA on P-256 with SHA-256, signatures of 64 bytes (IEEE P1363, r ‖ s). Its id is SHA-256 of
/// its SubjectPublicKeyInfo. An <see cref="ECDsa"/> is not documented as thread-safe: one per stream, or the owner guards it.
/// </summary>
internal static class SenderKey
{
    public const int IdSize = 32;
    public const int SignatureSize = 64;

    private const string P256Oid = "1.2.840.10045.3.1.7";

    /// <exception cref="ArgumentException">The key is not on P-256.</exception>
    public static byte[] IdOf(ECDsa key)
    {
        if (!IsP256(key))
        {
            throw new ArgumentException("A delivery key must be on P-256.", nameof(key));
        }

        return SHA256.HashData(key.ExportSubjectPublicKeyInfo());
    }

    public static bool IsP256(ECDsa key)
    {
        var curve = key.ExportParameters(includePrivateParameters: false).Curve;
        return curve.IsNamed && (curve.Oid.Value ?? Oid.FromFriendlyName(curve.Oid.FriendlyName!, OidGroup.PublicKeyAlgorithm).Value) == P256Oid;
    }

    /// <summary>Signs prefix ‖ message. The prefix keeps signatures for one purpose from serving another.</summary>
    public static byte[] Sign(ECDsa key, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> message) =>
        key.SignData([.. prefix, .. message], HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    public static bool Verify(ECDsa key, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        signature.Length == SignatureSize
        && key.VerifyData(
            (byte[])[.. prefix, .. message], signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
}
