using System.Buffers;
using System.Text;

namespace Delivery.EndToEnd.Running;

/// <summary>
/// Looks for given words in bytes. A number of six digits will sooner or later stand inside a hash, the id of a trace, a time or a fraction by chance; so
/// words are not looked for inside 64 hexadecimal digits, nor in a leaf's times, and one shorter than a civil registration number must be a number of its
/// own, with no letter or digit beside it.
/// </summary>
internal sealed class ClearText
{
    private const int HashDigits = 64;
    private const int CprDigits = 10;
    private const char Point = '.';

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private readonly ILookup<int, string> _words;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _known;

    public ClearText(IReadOnlyCollection<string> words)
    {
        Assert.NotEmpty(words);
        _words = words.ToLookup(word => word.Length);
        _known = new HashSet<string>(words, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Where the first word stands, or null if there is none. The word itself is not told.</summary>
    public string? FindIn(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.Latin1.GetString(bytes);
        for (var at = 0; at < text.Length; at++)
        {
            if (IsHash(text, at))
            {
                at += HashDigits - 1;
                continue;
            }

            // Every word begins with a digit.
            if (char.IsAsciiDigit(text[at]) && !IsTime(text, at) && StartsWord(text, at))
            {
                return $"a word of the file stands at byte {at} of {bytes.Length}";
            }
        }

        return null;
    }

    private bool StartsWord(string text, int at)
    {
        foreach (var length in _words)
        {
            if (at + length.Key <= text.Length && _known.Contains(text.AsSpan(at, length.Key)) && (length.Key >= CprDigits || IsWhole(text, at, length.Key)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsWhole(string text, int at, int length)
    {
        var before = text.AsSpan(0, at).TrimEnd(Point);
        var after = text.AsSpan(at + length);
        return (before.IsEmpty || !char.IsAsciiLetterOrDigit(before[^1])) && (after.IsEmpty || !char.IsAsciiLetterOrDigit(after[0]));
    }

    private static bool IsHash(string text, int at) =>
        at + HashDigits <= text.Length && char.IsAsciiHexDigitLower(text[at]) && text.AsSpan(at, HashDigits).ContainsAnyExceptInRange('0', '9')
        && !text.AsSpan(at, HashDigits).ContainsAnyExcept(HexDigits);

    private static bool IsTime(string text, int at)
    {
        var begin = at;
        while (begin > 0 && char.IsAsciiDigit(text[begin - 1]))
        {
            begin--;
        }

        return text.AsSpan(0, begin).EndsWith("_ms\":", StringComparison.Ordinal);
    }
}
