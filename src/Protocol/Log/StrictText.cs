using System.Globalization;
using System.Text;

namespace Delivery.Protocol.Log;

/// <summary>
/// Readers for the small texts that notes and proofs are made of, each accepting one spelling only. The readers of the
/// base class library forgive white space, signs and stray bits, and forgiveness would let two different notes mean
/// the same.
/// </summary>
internal static class StrictText
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a decimal below 2^63 without sign, spaces or leading zeroes.</summary>
    public static bool TryDecimal(ReadOnlySpan<char> text, out long value)
    {
        value = 0;
        var canonical = text.Length > 0 && !text.ContainsAnyExceptInRange('0', '9') && (text.Length == 1 || text[0] != '0');
        return canonical && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Reads standard, padded base64 (RFC 4648 section 4) with no white space and no stray bits.</summary>
    public static bool TryBase64(ReadOnlySpan<char> text, out byte[] bytes)
    {
        var buffer = new byte[(text.Length / 4 * 3) + 3];
        if (!Convert.TryFromBase64Chars(text, buffer, out var written))
        {
            bytes = [];
            return false;
        }

        bytes = buffer[..written];
        return text.SequenceEqual(Convert.ToBase64String(bytes));
    }

    /// <summary>Reads one hash written in base64.</summary>
    public static bool TryHash(ReadOnlySpan<char> text, out LogHash hash)
    {
        hash = default;
        if (!TryBase64(text, out var bytes) || bytes.Length != LogHash.SizeBytes)
        {
            return false;
        }

        hash = new LogHash(bytes);
        return true;
    }

    /// <summary>
    /// Reads UTF-8 whose only control character is the newline, as c2sp.org/signed-note asks; null for anything else.
    /// </summary>
    public static string? Utf8Lines(ReadOnlySpan<byte> bytes)
    {
        foreach (var letter in bytes)
        {
            if (letter is < 0x20 and not (byte)'\n')
            {
                return null;
            }
        }

        try
        {
            return Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>Writes UTF-8 without a byte order mark.</summary>
    public static byte[] Bytes(string text) => Utf8.GetBytes(text);
}
