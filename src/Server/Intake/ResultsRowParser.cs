using System.Globalization;
using System.Text;
using Delivery.Protocol.Domain;

namespace Delivery.Server.Intake;

/// <summary>Reads the values of one row. What cannot be read is a finding, never an exception, and never quoted.</summary>
internal static class ResultsRowParser
{
    private const NumberStyles Number = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    // Longer than any value of a text column; what does not fit is no such value.
    private const int TextLengthMax = 32;

    /// <summary>The partition a row belongs to, or null if its columns name none.</summary>
    public static PartitionKey? Partition(ResultsCsv csv)
    {
        Span<char> text = stackalloc char[TextLengthMax];
        var isRead = Programmes.TryParse(Text(csv[ResultsColumn.Programme], text), out var programme)
            & Subjects.TryParse(Text(csv[ResultsColumn.Subject], text), out var subject)
            & SchoolYear.TryParse(Text(csv[ResultsColumn.SchoolYear], text), out var year)
            & byte.TryParse(csv[ResultsColumn.Grade], NumberStyles.None, CultureInfo.InvariantCulture, out var grade);
        return isRead ? new PartitionKey(programme, year, subject, grade) : null;
    }

    /// <summary>Reads the values of a row and returns what could not be read.</summary>
    public static RowFindings Read(ResultsCsv csv, out ResultRow row)
    {
        Span<char> text = stackalloc char[TextLengthMax];
        var findings = RowFindings.None;
        if (!CprNumber.TryParse(Text(csv[ResultsColumn.CprNumber], text), out var cpr))
        {
            findings |= RowFindings.CprFormat;
        }

        if (!InstitutionNumber.TryParse(Text(csv[ResultsColumn.InstitutionNumber], text), out var institution))
        {
            findings |= RowFindings.InstitutionFormat;
        }

        if (!TryTime(csv[ResultsColumn.TestedAt], out var testedAt))
        {
            findings |= RowFindings.TestedAtFormat;
        }

        if (!Obligations.TryParse(csv[ResultsColumn.Obligation], out var obligation))
        {
            findings |= RowFindings.ObligationValue;
        }

        row = new ResultRow
        {
            Cpr = cpr,
            Institution = institution,
            TestedAt = testedAt,
            Obligation = obligation,
            OriginalAbility = ReadEstimate(csv, ResultsColumn.OriginalAbilityLogit, ref findings),
            RecalculatedAbility = ReadEstimate(csv, ResultsColumn.RecalculatedAbilityLogit, ref findings),
            Ability = ReadEstimate(csv, ResultsColumn.AbilityLogit, ref findings),
            Points = ReadWhole(csv[ResultsColumn.Points0To50], ref findings),
            CriterionLevel = ReadWhole(csv[ResultsColumn.CriterionLevel], ref findings),
            ProfileArea1 = ReadEstimate(csv, ResultsColumn.ProfileArea1Logit, ref findings),
            ProfileArea2 = ReadEstimate(csv, ResultsColumn.ProfileArea2Logit, ref findings),
            ProfileArea3 = ReadEstimate(csv, ResultsColumn.ProfileArea3Logit, ref findings),
        };
        return findings;
    }

    // yyyy-MM-ddTHH:mm:ss and nothing else; the library's parser costs a third of the whole row.
    private static bool TryTime(ReadOnlySpan<byte> text, out DateTime time)
    {
        time = default;
        if (text.Length != 19 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':')
        {
            return false;
        }

        var (year, month, day) = (Digits(text[..4]), Digits(text[5..7]), Digits(text[8..10]));
        var (hour, minute, second) = (Digits(text[11..13]), Digits(text[14..16]), Digits(text[17..19]));
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour is < 0 or > 23 || minute is < 0 or > 59 || second is < 0 or > 59)
        {
            return false;
        }

        time = new DateTime(year, month, day, hour, minute, second);
        return true;
    }

    // The number the digits write, or -1.
    private static int Digits(ReadOnlySpan<byte> digits)
    {
        var number = 0;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return -1;
            }

            number = (number * 10) + (digit - '0');
        }

        return number;
    }

    private static ReadOnlySpan<char> Text(ReadOnlySpan<byte> field, Span<char> buffer) =>
        field.Length <= buffer.Length ? buffer[..Encoding.UTF8.GetChars(field, buffer)] : [];

    private static Estimate ReadEstimate(ResultsCsv csv, ResultsColumn logit, ref RowFindings findings) =>
        new(ReadDecimal(csv[logit], ref findings), ReadDecimal(csv[logit + 1], ref findings));

    private static double? ReadDecimal(ReadOnlySpan<byte> text, ref RowFindings findings)
    {
        if (text.IsEmpty)
        {
            return null;
        }

        if (double.TryParse(text, Number, CultureInfo.InvariantCulture, out var value))
        {
            return value;
        }

        findings |= RowFindings.NumberFormat;
        return null;
    }

    private static int? ReadWhole(ReadOnlySpan<byte> text, ref RowFindings findings)
    {
        if (text.IsEmpty)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            return value;
        }

        findings |= RowFindings.NumberFormat;
        return null;
    }
}
