using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Delivery.Protocol.Domain;

namespace Delivery.Tool.Demonstration;

/// <summary>
/// An approval as a case system would write it: JSON with the field names of <c>delivery.v1.ProjectApproval</c>. It keeps every
/// rule, names a made-up university as controller, and acknowledges the warnings its scope calls for.
/// </summary>
internal static class DemoApproval
{
    private const string UniversityCvr = "10000009";
    private const int YearsApproved = 2;
    private const int DaysToDelete = 90;

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The approval's text.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="scope">What it may see.</param>
    /// <param name="approvedAt">When STIL decided; the period begins the day before, so that no time zone leaves today outside.</param>
    public static string Write(string projectId, Scope scope, DateTimeOffset approvedAt)
    {
        var day = DateOnly.FromDateTime(approvedAt.UtcDateTime);
        var from = day.AddDays(-1);
        var to = from.AddYears(YearsApproved).AddDays(-1);
        var approval = new JsonObject
        {
            ["project_id"] = projectId,
            ["version"] = 1,
            ["stil_case_number"] = "26/04711",
            ["approve_time"] = approvedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["purposes"] = new JsonArray("PURPOSE_SCIENTIFIC"),
            ["declarations"] = Declarations(),
            ["controller"] = new JsonObject
            {
                ["name"] = "Eksempeluniversitetet",
                ["cvr"] = UniversityCvr,
                ["sector"] = "SECTOR_PUBLIC",
                ["kind"] = "ORGANISATION_KIND_EDUCATIONAL_INSTITUTION",
                ["country"] = "DK",
            },
            ["signature"] = new JsonObject { ["name"] = "Institutlederen", ["cvr"] = UniversityCvr, ["signed_on"] = IsoDay.Text(day.AddDays(-14)) },
            ["applicant"] = new JsonObject { ["kind"] = "APPLICANT_KIND_RESEARCHER", ["lasting_research_environment"] = true },
            ["recipient"] = new JsonObject
            {
                ["account_kind"] = "RECIPIENT_ACCOUNT_KIND_RESEARCH_ACCOUNT",
                ["dst_project_number"] = "700123",
                ["institution_authorised"] = true,
            },
            ["territory"] = new JsonObject { ["countries"] = new JsonArray("DK") },
            ["scope"] = ScopeOf(scope),
            ["population"] = new JsonObject { ["all"] = new JsonObject() },
            ["project_description"] = new JsonObject { ["reference"] = "26/04711-2", ["sha256"] = new string('a', 64) },
            ["publication_terms"] = new JsonObject { ["accepted"] = true, ["study_base"] = "STUDY_BASE_NATIONAL" },
            ["cost"] = new JsonObject { ["amount_dkk"] = 0 },
            ["period_from"] = IsoDay.Text(from),
            ["period_to"] = IsoDay.Text(to),
            ["deletion_due"] = IsoDay.Text(to.AddDays(DaysToDelete)),
            ["end_disposition"] = "END_DISPOSITION_DELETE",
            ["data_protection_terms_accepted"] = true,
            ["acknowledged_warnings"] = new JsonArray([.. ComparabilityRules.For(scope)
                .Where(warning => warning.MustBeAcknowledged).Select(warning => (JsonNode)warning.Code)]),
        };
        return approval.ToJsonString(Readable) + "\n";
    }

    private static JsonObject Declarations() => new()
    {
        ["no_administrative_use"] = true,
        ["no_decisions_about_individuals"] = true,
        ["also_later"] = true,
        ["data_are_necessary"] = true,
        ["statistics_or_science_only"] = true,
        ["no_onward_disclosure"] = true,
        ["end_disposition_promised"] = true,
        ["non_identifying_results"] = true,
    };

    private static JsonObject ScopeOf(Scope scope) => new()
    {
        ["selections"] = new JsonArray([.. scope.Selections.Select(selection => (JsonNode)new JsonObject
        {
            ["programme"] = $"PROGRAMME_{selection.Programme.Code()}",
            ["subject"] = SubjectName(selection.Subject),
            ["grades"] = new JsonArray([.. selection.Grades.Select(grade => (JsonNode)grade)]),
            ["school_years"] = new JsonArray([.. selection.SchoolYears.Select(year => (JsonNode)year.StartYear)]),
        })]),
        ["variables"] = new JsonArray([.. scope.Variables.Select(variable => (JsonNode)new JsonObject
        {
            ["code"] = variable.Code,
            ["reason"] = variable.Reason,
        })]),
    };

    private static string SubjectName(Subject subject) => subject switch
    {
        Subject.DanishReading => "SUBJECT_DANISH_READING",
        Subject.Mathematics => "SUBJECT_MATHEMATICS",
        Subject.English => "SUBJECT_ENGLISH",
        Subject.PhysicsChemistry => "SUBJECT_PHYSICS_CHEMISTRY",
        Subject.Geography => "SUBJECT_GEOGRAPHY",
        Subject.Biology => "SUBJECT_BIOLOGY",
        Subject.Unspecified => throw new ArgumentOutOfRangeException(nameof(subject)),
    };
}
