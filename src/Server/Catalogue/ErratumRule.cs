using System.Text.RegularExpressions;
using Delivery.Protocol.Domain;
using Delivery.Protocol.Domain.Errata;
using Delivery.Protocol.Log;
using Delivery.Server.Refusals;
using Subject = Delivery.Protocol.Domain.Subject;

namespace Delivery.Server.Catalogue;

/// <summary>Which imports an erratum is about, as STIL says it when it registers one.</summary>
internal enum ErratumReach
{
    /// <summary>Every import, later ones too: a caveat that stays.</summary>
    EveryGeneration = 1,

    /// <summary>The imports so far; a corrected one will be free of it.</summary>
    ThroughCurrent = 2,

    /// <summary>The imports before the current one, which corrects them.</summary>
    BeforeCurrent = 3,
}

/// <summary>An erratum as STIL words it. Empty lists do not restrict, but for the school years, which are named.</summary>
internal sealed record ErratumDraft(
    string Id,
    ErratumSeverity Severity,
    Programme Programme,
    IReadOnlyList<Subject> Subjects,
    IReadOnlyList<int> Grades,
    IReadOnlyList<int> SchoolYears,
    IReadOnlyList<string> Columns,
    ErratumReach Reach,
    Bilingual Text);

/// <summary>Turns what STIL words into an erratum over exact tests and imports, or refuses it. Pure.</summary>
internal static partial class ErratumRule
{
    /// <summary>Characters of a text at the most: it travels in the schema of every delivery it concerns.</summary>
    public const int TextLengthMax = 2000;

    /// <summary>The erratum a draft comes to.</summary>
    /// <param name="draft">What was asked for.</param>
    /// <param name="currentGeneration">The current import of a test and year; 0 before the first.</param>
    public static Erratum Resolve(ErratumDraft draft, Func<PartitionKey, long> currentGeneration)
    {
        GivenName.Require(draft.Id, "erratum_id", "E_ERRATUM_ID");
        RequireText(draft.Text.Danish, "text_da");
        RequireText(draft.Text.English, "text_en");
        IReadOnlyList<ErratumPartition> partitions =
        [
            .. TestCatalogue.Of(draft.Programme)
                .Where(partition => draft.SchoolYears.Contains(partition.SchoolYear.StartYear)
                    && (draft.Subjects.Count == 0 || draft.Subjects.Contains(partition.Subject))
                    && (draft.Grades.Count == 0 || draft.Grades.Contains(partition.Grade)))
                .Select(partition => new ErratumPartition(partition, LastGeneration(draft.Reach, currentGeneration(partition))))
                .Where(named => named.LastGeneration is not <= 0),
        ];
        return partitions.Count == 0
            ? throw RefusedException.By("E_ERRATUM_SCOPE")
            : new Erratum(draft.Id, draft.Severity, partitions, Columns(draft.Columns, partitions), draft.Text);
    }

    /// <summary>Refuses a text that is not fit to go to every recipient.</summary>
    public static void RequireText(string text, string field)
    {
        if (FieldShapes.IsCprShaped(text))
        {
            throw RefusedException.By("E_CPR_CLEARTEXT", field);
        }

        if (string.IsNullOrWhiteSpace(text) || text.Length > TextLengthMax || text.Any(letter => char.IsControl(letter) && letter != '\n') || InstitutionForm().IsMatch(text))
        {
            throw RefusedException.By("E_ERRATUM_TEXT", field);
        }
    }

    private static long? LastGeneration(ErratumReach reach, long current) => reach switch
    {
        ErratumReach.EveryGeneration => null,
        ErratumReach.ThroughCurrent => current,
        ErratumReach.BeforeCurrent => current - 1,
    };

    private static VariableSet Columns(IReadOnlyList<string> codes, IReadOnlyList<ErratumPartition> partitions)
    {
        var delivered = partitions.Aggregate(default(VariableSet), (all, named) => all.Or(VariableAvailability.Deliverable(named.Partition)));
        return VariableSet.Of([.. codes.Select(code => VariableCatalogue.Find(code) is { } variable && delivered.Contains(variable.Id)
            ? variable.Id
            : throw RefusedException.By("E_ERRATUM_COLUMN", VariableCatalogue.Find(code)?.Code ?? "columns"))]);
    }

    // Six digits by themselves have the form of an institution number.
    [GeneratedRegex("(?<![0-9])[0-9]{6}(?![0-9])")]
    private static partial Regex InstitutionForm();
}
