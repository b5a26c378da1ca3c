namespace Delivery.Protocol.Domain;

/// <summary>
/// Looks for text that could be a civil registration number, for the places that must never hold one: logs, error text,
/// metadata and unsealed fields (E_CPR_CLEARTEXT). Errs towards finding: any six digits that read as a day (plus 60 or not)
/// and month, an optional hyphen and four digits, standing alone, count.
/// </summary>
public static class CprShape
{
    /// <summary>True when the text holds something shaped like a number.</summary>
    public static bool OccursIn(ReadOnlySpan<char> text)
    {
        for (var i = 0; i + 10 <= text.Length; i++)
        {
            if ((i == 0 || !char.IsAsciiLetterOrDigit(text[i - 1])) && StartsWithNumber(text[i..]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool StartsWithNumber(ReadOnlySpan<char> text)
    {
        var tail = text[6] == '-' ? 7 : 6;
        if (text.Length < tail + 4 || text[..6].ContainsAnyExceptInRange('0', '9')
            || text.Slice(tail, 4).ContainsAnyExceptInRange('0', '9')
            || (text.Length > tail + 4 && char.IsAsciiLetterOrDigit(text[tail + 4])))
        {
            return false;
        }

        var day = (10 * (text[0] - '0')) + text[1] - '0';
        var month = (10 * (text[2] - '0')) + text[3] - '0';
        return day is (>= 1 and <= 31) or (>= 61 and <= 91) && month is >= 1 and <= 12;
    }
}
