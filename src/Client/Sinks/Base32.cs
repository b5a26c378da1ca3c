namespace Delivery.Client.Sinks;

/// <summary>RFC 4648 base32 in lower case without padding: pseudonyms as text that survives any spreadsheet.</summary>
internal static class Base32
{
    /// <summary>Characters of a 16-byte pseudonym.</summary>
    public const int PseudonymLength = 26;

    private const int BitsPerCharacter = 5;

    private static ReadOnlySpan<byte> Alphabet => "abcdefghijklmnopqrstuvwxyz234567"u8;

    /// <summary>Writes all of the bytes; the destination has room for every character.</summary>
    /// <returns>Characters written.</returns>
    public static int Encode(ReadOnlySpan<byte> bytes, Span<byte> destination)
    {
        var (bits, held, at) = (0u, 0, 0);
        foreach (var next in bytes)
        {
            bits = (bits << 8) | next;
            for (held += 8; held >= BitsPerCharacter; held -= BitsPerCharacter)
            {
                destination[at++] = Alphabet[(int)(bits >> (held - BitsPerCharacter)) & 31];
            }
        }

        if (held > 0)
        {
            destination[at++] = Alphabet[(int)(bits << (BitsPerCharacter - held)) & 31];
        }

        return at;
    }
}
