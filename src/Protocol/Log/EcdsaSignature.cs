using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Delivery.Protocol.Log;

/// <summary>
/// ECDSA P-256 with SHA-256, signatures in ASN.1 DER as note signature type 0x02 has them. Reading is stricter than
/// the base class library: one DER form, two positive integers of at most 32 bytes, nothing after them.
/// </summary>
/// <remarks>
/// ECDSA itself stays malleable: from (r, s) anyone can make (r, n − s) for the same text. A note's bytes are
/// therefore never used as its identity; the checkpoint text is.
/// </remarks>
internal static class EcdsaSignature
{
    private const string P256 = "1.2.840.10045.3.1.7";
    private const int ScalarBytes = 32;

    /// <summary>Signs with a P-256 private key.</summary>
    public static byte[] Sign(ECDsa key, ReadOnlySpan<byte> message) =>
        key.SignData(message, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    /// <summary>True when the signature is well formed and the key made it. Never throws on a bad signature.</summary>
    public static bool Verify(byte[] spki, ReadOnlySpan<byte> message, ReadOnlySpan<byte> der)
    {
        Span<byte> fixedForm = stackalloc byte[2 * ScalarBytes];
        if (!TryReadDer(der, fixedForm))
        {
            return false;
        }

        // A key object is not safe to share between threads, so each check has its own.
        using var key = ImportP256(spki);
        return key.VerifyData(
            message, fixedForm, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    /// <summary>Loads a public key that must be P-256 in its one usual SPKI form.</summary>
    /// <exception cref="LogFormatException">It is not.</exception>
    public static ECDsa ImportP256(byte[] spki)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(spki, out var read);
            var curve = key.ExportParameters(includePrivateParameters: false).Curve;
            if (read == spki.Length && curve.IsNamed && curve.Oid.Value == P256
                && key.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(spki))
            {
                return key;
            }
        }
        catch (CryptographicException)
        {
            // Answered below with the same words as a key of another curve.
        }

        key.Dispose();
        throw new LogFormatException(LogFormatException.Key, "A log key is an ECDSA P-256 public key in SPKI form.");
    }

    private static bool TryReadDer(ReadOnlySpan<byte> der, Span<byte> fixedForm)
    {
        try
        {
            var outer = new AsnReader(der.ToArray(), AsnEncodingRules.DER);
            var pair = outer.ReadSequence();
            var r = pair.ReadIntegerBytes().Span;
            var s = pair.ReadIntegerBytes().Span;
            return !pair.HasData && !outer.HasData
                && TryScalar(r, fixedForm[..ScalarBytes]) && TryScalar(s, fixedForm[ScalarBytes..]);
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    private static bool TryScalar(ReadOnlySpan<byte> integer, Span<byte> destination)
    {
        var negative = (integer[0] & 0x80) != 0;
        var magnitude = integer[0] == 0 ? integer[1..] : integer;
        if (negative || magnitude.Length > destination.Length)
        {
            return false;
        }

        destination.Clear();
        magnitude.CopyTo(destination[(destination.Length - magnitude.Length)..]);
        return true;
    }
}
