using System.Globalization;
using System.Text;
using Delivery.Protocol.Domain;

namespace Delivery.Server.Intake;

/// <summary>Reads the values of one row. What cannot be read is a finding, never an exception, and never quoted.</summary>
internal static class ResultsRowParser
{
    private const NumberStyles Number = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>The partition a row belongs to, or null if its columns name none.</summary>
    public static PartitionKey? Partition(ResultsCsv csv)
    {
        var isRead = Programmes.TryParse(csv[ResultsColumn.Programme], out var programme)
            & Subjects.TryParse(csv[ResultsColumn.Subject], out var subject)
            & SchoolYear.TryParse(csv[ResultsColumn.SchoolYear], out var year)
            & byte.TryParse(csv[ResultsColumn.Grade], NumberStyles.None, CultureInfo.InvariantCulture, out var grade);
        return isRead ? new PartitionKey(programme, year, subject, grade) : null;
    }

    /// <summary>The values of a row, and what could not be read.</summary>
    public static (ResultRow Row, RowFindings Findings) Read(ResultsCsv csv)
    {
        var findings = RowFindings.None;
        if (!CprNumber.TryParse(csv[ResultsColumn.CprNumber], out var cpr))
        {
            findings |= RowFindings.CprFormat;
        }

        if (!Protocol.Domain.InstitutionNumber.TryParse(csv[ResultsColumn.InstitutionNumber], out var institution))
        {
            findings |= RowFindings.InstitutionFormat;
        }

        if (!DateTime.TryParseExact(csv[ResultsColumn.TestedAt], "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var testedAt))
        {
            findings |= RowFindings.TestedAtFormat;
        }

        if (!TryObligation(csv[ResultsColumn.Obligation], out var obligation))
        {
            findings |= RowFindings.ObligationValue;
        }

        var row = new ResultRow
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
        return (row, findings);
    }

    private static bool TryObligation(ReadOnlySpan<char> text, out Obligation obligation)
    {
        Span<byte> ascii = stackalloc byte[32];
        obligation = Obligation.Unspecified;
        return text.Length <= ascii.Length && Encoding.UTF8.TryGetBytes(text, ascii, out var length) && Obligations.TryParse(ascii[..length], out obligation);
    }

    private static Estimate ReadEstimate(ResultsCsv csv, ResultsColumn logit, ref RowFindings findings) =>
        new(ReadDecimal(csv[logit], ref findings), ReadDecimal(csv[logit + 1], ref findings));

    private static double? ReadDecimal(ReadOnlySpan<char> text, ref RowFindings findings)
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

    private static int? ReadWhole(ReadOnlySpan<char> text, ref RowFindings findings)
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
