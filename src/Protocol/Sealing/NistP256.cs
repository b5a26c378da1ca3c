using System.Security.Cryptography;

namespace Delivery.Protocol.Sealing;

/// <summary>
/// P-256 as HPKE wants it: scalars of 32 bytes big-endian, points of 65 bytes uncompressed (SEC 1, 0x04 ‖ x ‖ y), and the
/// x coordinate of a product as the raw secret. Point validation is the platform's, which refuses points off the curve.
/// </summary>
internal static class NistP256
{
    public const int ScalarSize = 32;
    public const int PointSize = 65;
    public const int SecretSize = 32;

    private const byte Uncompressed = 0x04;

    /// <summary>The order of the group (SP 800-186 section 3.2.1.3).</summary>
    private static ReadOnlySpan<byte> Order =>
    [
        0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
    ];

    /// <summary>The DER of a SubjectPublicKeyInfo for P-256, up to the point that ends it (RFC 5480).</summary>
    private static ReadOnlySpan<byte> SubjectPublicKeyInfoPrefix =>
    [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
        0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
    ];

    public static ECDiffieHellman Generate() => ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>Whether a scalar is a private key: neither zero nor the order or more.</summary>
    public static bool IsScalar(ReadOnlySpan<byte> scalar) =>
        scalar.Length == ScalarSize && scalar.IndexOfAnyExcept((byte)0) >= 0 && scalar.SequenceCompareTo(Order) < 0;

    /// <exception cref="CryptographicException">The scalar is out of range.</exception>
    public static ECDiffieHellman ImportPrivate(ReadOnlySpan<byte> scalar)
    {
        if (!IsScalar(scalar))
        {
            throw new CryptographicException("A P-256 private key must be 32 bytes between 1 and the group's order.");
        }

        // Pinned, so that the collector leaves no second copy behind; cleared once the platform has its own.
        var secret = GC.AllocateUninitializedArray<byte>(ScalarSize, pinned: true);
        scalar.CopyTo(secret);
        try
        {
            return ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = secret });
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <exception cref="CryptographicException">The bytes are no uncompressed point on the curve.</exception>
    public static ECDiffieHellman ImportPublic(ReadOnlySpan<byte> point)
    {
        if (point.Length != PointSize || point[0] != Uncompressed)
        {
            throw new CryptographicException("A P-256 public key must be an uncompressed point of 65 bytes.");
        }

        return ECDiffieHellman.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = point[1..33].ToArray(), Y = point[33..].ToArray() },
        });
    }

    public static void ExportPublic(ECDiffieHellman key, Span<byte> point)
    {
        var q = key.ExportParameters(includePrivateParameters: false).Q;
        point[0] = Uncompressed;
        q.X.CopyTo(point[1..]);
        q.Y.CopyTo(point[33..]);
    }

    public static void ExportPrivate(ECDiffieHellman key, Span<byte> scalar)
    {
        var secret = key.ExportParameters(includePrivateParameters: true).D!;
        secret.CopyTo(scalar);
        CryptographicOperations.ZeroMemory(secret);
    }

    /// <summary>The x coordinate of the product of both keys.</summary>
    public static void Agree(ECDiffieHellman own, ECDiffieHellman other, Span<byte> secret)
    {
        using var otherPublic = other.PublicKey;
        var raw = own.DeriveRawSecretAgreement(otherPublic);
        raw.CopyTo(secret);
        CryptographicOperations.ZeroMemory(raw);
    }

    /// <summary>SHA-256 of the SubjectPublicKeyInfo of a point.</summary>
    public static byte[] SubjectPublicKeyInfoDigest(ReadOnlySpan<byte> point) =>
        SHA256.HashData([.. SubjectPublicKeyInfoPrefix, .. point]);
}
