using System.Globalization;
using Delivery.Protocol.Domain;

namespace Delivery.Client.Synthetic;

/// <summary>Every fault a row can have, as a change that brings about exactly one finding.</summary>
internal static class FaultKinds
{
    private delegate bool Applies(PartitionKey partition);

    private static readonly (RowFindings Finding, Applies Applies, Action<FaultyRow> Change)[] All =
    [
        (RowFindings.CprFormat, Always, row => row.Fields[FaultyRow.Cpr] = row.Fields[FaultyRow.Cpr][..9]),
        (RowFindings.CprDate, Always, row => row.Fields[FaultyRow.Cpr] = string.Concat(row.Fields[FaultyRow.Cpr].AsSpan(0, 2), "13", row.Fields[FaultyRow.Cpr].AsSpan(4))),
        (RowFindings.CprBornAfterTest, Always, row =>
        {
            // The digit after the birth date says the 2000s.
            row.Fields[FaultyRow.Cpr] = string.Concat(row.Fields[FaultyRow.Cpr].AsSpan(0, 6), "4", row.Fields[FaultyRow.Cpr].AsSpan(7));
            row.SetNumber(row.Fields[FaultyRow.Cpr][..4] + "36", hasCheckDigit: true);
        }),
        (RowFindings.CprDuplicate, Always, row => row.Fields[FaultyRow.Cpr] = row.EarlierNumber),
        (RowFindings.CprModulus11January1, Always, row => row.SetNumber("6101" + row.Fields[FaultyRow.Cpr][4..6], hasCheckDigit: false)),
        (RowFindings.CprModulus11, Always, row => row.SetNumber((row.Fields[FaultyRow.Cpr].StartsWith("6101", StringComparison.Ordinal) ? "6201" : row.Fields[FaultyRow.Cpr][..4]) + row.Fields[FaultyRow.Cpr][4..6], hasCheckDigit: false)),
        (RowFindings.CprReplacement, Always, row => row.Fields[FaultyRow.Cpr] = row.Fields[FaultyRow.Cpr][..6] + Letters(row.Draws) + row.Fields[FaultyRow.Cpr][9..]),
        (RowFindings.CprAge, Always, row => row.SetNumber(row.Fields[FaultyRow.Cpr][..4] + Year(row, -12), hasCheckDigit: true)),
        (RowFindings.InstitutionFormat, Always, row => row.Fields[FaultyRow.Institution] = row.Fields[FaultyRow.Institution][..5]),
        (RowFindings.TestedAtFormat, Always, row => row.Fields[FaultyRow.TestedAt] = row.Date.ToString("dd-MM-yyyy", CultureInfo.InvariantCulture)),
        (RowFindings.TestDateOutsideYear, Always, row => row.SetDate(row.Date.AddYears(1))),
        (RowFindings.TestDateOutsideWindow, Always, row => row.SetDate(OutsideWindow(row.Partition))),
        (RowFindings.VoluntarySuspected, IsNt, row => row.SetDate(new DateOnly(row.Partition.SchoolYear.StartYear, 10, 14))),
        (RowFindings.TestHour, Always, row => row.Fields[FaultyRow.TestedAt] = row.Fields[FaultyRow.TestedAt][..11] + "05:15:00"),
        (RowFindings.TestUnknown, Always, row => row.Fields[FaultyRow.Grade] = "9"),
        (RowFindings.ObligationValue, Always, row => row.Fields[FaultyRow.ObligationKind] = "PERHAPS"),
        (RowFindings.Obligation2020, partition => partition.SchoolYear.StartYear == 2019, row => row.Fields[FaultyRow.ObligationKind] = "OBLIGATORY"),
        (RowFindings.NumberFormat, Always, row => row.Fields[row.Result] = $"\"{row.Fields[row.Result].Replace('.', ',')}\""),
        (RowFindings.LogitNotFinite, Always, row => row.Fields[row.Result] = "1e999"),
        (RowFindings.LogitExtreme, Always, row => row.Fields[row.Result] = "-7.25"),
        (RowFindings.StandardErrorNotPositive, Always, row => row.Fields[row.Result + 1] = "0"),
        (RowFindings.StandardErrorLarge, Always, row => row.Fields[row.Result + 1] = "2.5"),
        (RowFindings.StandardErrorPair, Always, row => row.Fields[row.Result + 1] = ""),
        (RowFindings.PointsRange, partition => Has(partition, VariableId.Points0To50), row => row.Fields[FaultyRow.Points] = "51"),
        (RowFindings.CriterionRange, partition => Has(partition, VariableId.CriterionLevel), row => row.Fields[FaultyRow.Level] = "7"),
        (RowFindings.ValueUnavailable, partition => !IsNt(partition), row => row.Fields[FaultyRow.Points] = "25"),
        (RowFindings.ValueUnavailable, IsNt, row => (row.Fields[FaultyRow.Ability], row.Fields[FaultyRow.Ability + 1]) = ("0.5", "0.3")),
        (RowFindings.ValueUnconfirmed, IsUnconfirmed, row => (row.Fields[FaultyRow.Recalculated], row.Fields[FaultyRow.Recalculated + 1]) = ("0.5", "0.3")),
        (RowFindings.ResultMissing, Always, row => Array.Fill(row.Fields, "", 8, 6)),
    ];

    /// <summary>The faults a row of a partition can have.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="hasEarlier">Whether a sound row stands before it, whose pupil it can repeat.</param>
    public static IReadOnlyList<(RowFindings Finding, Action<FaultyRow> Change)> For(PartitionKey partition, bool hasEarlier) =>
        [.. All.Where(kind => kind.Applies(partition) && (hasEarlier || kind.Finding != RowFindings.CprDuplicate)).Select(kind => (kind.Finding, kind.Change))];

    private static bool Always(PartitionKey partition) => true;

    private static bool IsNt(PartitionKey partition) => partition.Programme == Programme.NT;

    private static bool Has(PartitionKey partition, VariableId variable) =>
        VariableAvailability.Of(variable, partition) is Availability.Available or Availability.AbsentAllowed;

    private static bool IsUnconfirmed(PartitionKey partition) =>
        VariableAvailability.Of(VariableId.RecalculatedAbilityLogit, partition) == Availability.AwaitingConfirmation;

    private static string Year(FaultyRow row, int years) =>
        ((int.Parse(row.Fields[FaultyRow.Cpr].AsSpan(4, 2), CultureInfo.InvariantCulture) + 100 + years) % 100).ToString("D2", CultureInfo.InvariantCulture);

    // The last day of the school year that lies in no window; the spring tests have them in July, the autumn tests as well.
    private static DateOnly OutsideWindow(PartitionKey partition)
    {
        var window = TestWindow.For(partition.SchoolYear);
        var day = partition.SchoolYear.LastDay;
        while (window.Contains(day))
        {
            day = day.AddDays(-1);
        }

        return day;
    }

    private static string Letters(Draws draws) =>
        string.Create(3, draws, static (letters, random) =>
        {
            for (var at = 0; at < letters.Length; at++)
            {
                letters[at] = (char)('A' + random.Below(26));
            }
        });
}
