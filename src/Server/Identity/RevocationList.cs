using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Delivery.Server.Identity;

/// <summary>
/// Reads a certificate revocation list (RFC 5280 §5.1) whose signature verifies under one of the given authorities. The base class
/// library builds such lists but has no reader.
/// </summary>
internal static class RevocationList
{
    /// <summary>The revoked serial numbers, each with the issuer's name as .NET prints it.</summary>
    /// <exception cref="CryptographicException">Not a list, or signed by none of the authorities.</exception>
    public static IEnumerable<(string Issuer, BigInteger Serial)> Read(byte[] content, X509Certificate2Collection authorities)
    {
        var list = new AsnReader(Der(content), AsnEncodingRules.DER).ReadSequence();
        var signed = list.PeekEncodedValue();
        var body = list.ReadSequence();
        var algorithm = list.ReadSequence().ReadObjectIdentifier();
        var signature = list.ReadBitString(out var unusedBits);

        if (body.PeekTag().HasSameClassAndValue(Asn1Tag.Integer))
        {
            body.ReadInteger();
        }

        body.ReadSequence();
        var issuer = new X500DistinguishedName(body.ReadEncodedValue().Span);
        var authority = authorities.FirstOrDefault(candidate => candidate.SubjectName.RawData.AsSpan().SequenceEqual(issuer.RawData))
            ?? throw new CryptographicException("A revocation list is issued by none of the configured roots.");
        if (unusedBits != 0 || !IsSignedBy(authority, signed.Span, signature, algorithm))
        {
            throw new CryptographicException("A revocation list's signature does not verify.");
        }

        var revoked = new List<(string, BigInteger)>();
        SkipTime(body);
        if (body.HasData && !body.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence) && body.PeekTag().TagClass == TagClass.Universal)
        {
            SkipTime(body);
        }

        if (body.HasData && body.PeekTag().HasSameClassAndValue(Asn1Tag.Sequence))
        {
            for (var entries = body.ReadSequence(); entries.HasData;)
            {
                revoked.Add((authority.Subject, entries.ReadSequence().ReadInteger()));
            }
        }

        return revoked;
    }

    private static byte[] Der(byte[] content) =>
        content.AsSpan().StartsWith("-----BEGIN"u8)
            ? Convert.FromBase64String(PemBody(Encoding.ASCII.GetString(content)))
            : content;

    private static string PemBody(string text)
    {
        var fields = PemEncoding.Find(text);
        return text[fields.Base64Data];
    }

    private static void SkipTime(AsnReader reader) => reader.ReadEncodedValue();

    private static bool IsSignedBy(X509Certificate2 authority, ReadOnlySpan<byte> signed, byte[] signature, string algorithm)
    {
        var hash = algorithm switch
        {
            "1.2.840.10045.4.3.2" or "1.2.840.113549.1.1.11" => HashAlgorithmName.SHA256,
            "1.2.840.10045.4.3.3" or "1.2.840.113549.1.1.12" => HashAlgorithmName.SHA384,
            _ => throw new CryptographicException("A revocation list is signed with an algorithm that is not accepted."),
        };
        using var ecdsa = authority.GetECDsaPublicKey();
        using var rsa = authority.GetRSAPublicKey();
        return ecdsa?.VerifyData(signed, signature, hash, DSASignatureFormat.Rfc3279DerSequence)
            ?? rsa?.VerifyData(signed, signature, hash, RSASignaturePadding.Pkcs1)
            ?? false;
    }
}
