namespace Delivery.Protocol.Domain;

/// <summary>
/// The rules of civil registration numbers over ten bytes in the layout of <see cref="CprNumber"/>. Allocation-free, since it
/// runs once per result row. Sources: the century table and the 2007 end of modulus 11 of the CPR office; a number is never
/// refused for lacking a check digit.
/// </summary>
public static class CprCheck
{
    private static ReadOnlySpan<byte> DaysInMonth => [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

    /// <summary>Everything to remark about the number of a pupil tested on a day in a grade.</summary>
    /// <param name="tenBytes">The number, ten bytes.</param>
    /// <param name="testDate">Local date of the test.</param>
    /// <param name="grade">Grade of the test, for the age rule.</param>
    /// <param name="policy">Whether real or made-up numbers are expected.</param>
    /// <returns>Bits among the Cpr… findings, never <see cref="RowFindings.CprDuplicate"/>, which needs the other rows.</returns>
    public static RowFindings Check(ReadOnlySpan<byte> tenBytes, DateOnly testDate, int grade, CprPolicy policy)
    {
        var kind = KindOf(tenBytes);
        if (kind == CprKind.Unspecified)
        {
            return RowFindings.CprFormat;
        }

        var ordinary = kind == CprKind.Ordinary || (kind == CprKind.ReplacementDay60 && policy == CprPolicy.Synthetic);
        var day = DayOf(tenBytes);
        var month = Two(tenBytes, 2);
        var year = Two(tenBytes, 4);
        if (!ordinary)
        {
            return RowFindings.CprReplacement | (IsDate(day, month, year, centuryKnown: false) ? 0 : RowFindings.CprDate);
        }

        year += Century(tenBytes[6] - '0', year);
        if (!IsDate(day, month, year, centuryKnown: true))
        {
            return RowFindings.CprDate;
        }

        var findings = RowFindings.None;
        if (!Modulus11(tenBytes))
        {
            findings |= day == 1 && month == 1 ? RowFindings.CprModulus11January1 : RowFindings.CprModulus11;
        }

        var (testYear, testMonth, testDay) = testDate;
        var hadBirthday = testMonth > month || (testMonth == month && testDay >= day);
        var age = testYear - year - (hadBirthday ? 0 : 1);
        if (age < 0 || (testYear == year && testMonth == month && testDay == day))
        {
            return findings | RowFindings.CprBornAfterTest;
        }

        return age < grade + 5 || age > grade + 10 ? findings | RowFindings.CprAge : findings;
    }

    /// <summary>The kind of a number, or <see cref="CprKind.Unspecified"/> when the bytes have neither form.</summary>
    internal static CprKind KindOf(ReadOnlySpan<byte> ten)
    {
        if (ten.Length != CprNumber.Size)
        {
            return CprKind.Unspecified;
        }

        for (var i = 0; i < 6; i++)
        {
            if (!IsDigit(ten[i]))
            {
                return CprKind.Unspecified;
            }
        }

        if (!IsDigit(ten[9]))
        {
            return CprKind.Unspecified;
        }

        if (IsDigit(ten[6]) && IsDigit(ten[7]) && IsDigit(ten[8]))
        {
            return Two(ten, 0) is > 60 and < 92 ? CprKind.ReplacementDay60 : CprKind.Ordinary;
        }

        return IsLetter(ten[6]) && IsLetter(ten[7]) && IsLetter(ten[8]) ? CprKind.ReplacementAlpha : CprKind.Unspecified;
    }

    internal static DateOnly? BirthDate(ReadOnlySpan<byte> ten, CprPolicy policy)
    {
        var kind = KindOf(ten);
        if (kind != CprKind.Ordinary && !(kind == CprKind.ReplacementDay60 && policy == CprPolicy.Synthetic))
        {
            return null;
        }

        var year = Two(ten, 4);
        year += Century(ten[6] - '0', year);
        return IsDate(DayOf(ten), Two(ten, 2), year, centuryKnown: true) ? new DateOnly(year, Two(ten, 2), DayOf(ten)) : null;
    }

    internal static bool Modulus11(ReadOnlySpan<byte> ten)
    {
        // The weights sum to 37, so subtracting '0' once at the end saves ten subtractions.
        var sum = (4 * ten[0]) + (3 * ten[1]) + (2 * ten[2]) + (7 * ten[3]) + (6 * ten[4])
            + (5 * ten[5]) + (4 * ten[6]) + (3 * ten[7]) + (2 * ten[8]) + ten[9] - (37 * '0');
        return sum % 11 == 0;
    }

    /// <summary>The first year of the century a number's seventh digit and two-digit year stand for.</summary>
    internal static int Century(int seventhDigit, int twoDigitYear) => seventhDigit switch
    {
        <= 3 => 1900,
        4 or 9 => twoDigitYear <= 36 ? 2000 : 1900,
        _ => twoDigitYear <= 57 ? 2000 : 1800,
    };

    private static int DayOf(ReadOnlySpan<byte> ten)
    {
        var written = Two(ten, 0);
        return written > 60 ? written - 60 : written;
    }

    // Without a century 29 February is given the benefit of the doubt whenever the two digits divide by four.
    private static bool IsDate(int day, int month, int year, bool centuryKnown)
    {
        if (month is < 1 or > 12 || day < 1)
        {
            return false;
        }

        var leap = month == 2 && (centuryKnown ? DateTime.IsLeapYear(year) : year % 4 == 0);
        return day <= DaysInMonth[month] + (leap ? 1 : 0);
    }

    private static int Two(ReadOnlySpan<byte> ten, int at) => (10 * (ten[at] - '0')) + ten[at + 1] - '0';

    private static bool IsDigit(byte letter) => (uint)(letter - '0') <= 9;

    // Æ, Ø, Å in ISO 8859-1.
    private static bool IsLetter(byte letter) => (uint)(letter - 'A') <= 25 || letter is 0xC6 or 0xD8 or 0xC5;
}
