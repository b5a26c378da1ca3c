using System.Globalization;
using Delivery.EndToEnd.Running;
using Delivery.Protocol.V1;
using Google.Protobuf.WellKnownTypes;

namespace Delivery.EndToEnd.Approvals;

/// <summary>An approval that keeps every rule on the day of a clock; tests change what they are about.</summary>
internal static class SampleApproval
{
    /// <summary>CVR number of the development administrator's university.</summary>
    public const string University = "10000009";

    /// <summary>Danish reading in grades 2 and 4 over three years, with number, school, time, ability and level.</summary>
    public static ProjectApproval Of(RunningServer server, string projectId)
    {
        var today = server.Clock.Today;
        return new ProjectApproval
        {
            ProjectId = projectId,
            Version = 1,
            StilCaseNumber = "26/01234",
            ApproveTime = Timestamp.FromDateTimeOffset(server.Clock.GetUtcNow().AddDays(-1)),
            Purposes = { Purpose.Scientific },
            Declarations = new Declarations
            {
                NoAdministrativeUse = true,
                NoDecisionsAboutIndividuals = true,
                AlsoLater = true,
                DataAreNecessary = true,
                StatisticsOrScienceOnly = true,
                NoOnwardDisclosure = true,
                EndDispositionPromised = true,
                NonIdentifyingResults = true,
            },
            Controller = new Controller { Name = "Eksempeluniversitetet", Cvr = University, Sector = Sector.Public, Kind = OrganisationKind.EducationalInstitution, Country = "DK" },
            Signature = new ControllerSignature { Name = "Institutleder", Cvr = University, SignedOn = Day(today.AddDays(-7)) },
            Applicant = new Applicant { Kind = ApplicantKind.Researcher, LastingResearchEnvironment = true },
            Recipient = new Recipient { AccountKind = RecipientAccountKind.ResearchAccount, DstProjectNumber = "700123", InstitutionAuthorised = true },
            Territory = new Territory { Countries = { "DK" } },
            Scope = new Scope
            {
                Selections = { Select(Programme.Nt, Subject.DanishReading, [2, 4], [2014, 2015, 2016]) },
                Variables = { Ask("cpr_number", "institution_number", "tested_at", "recalculated_ability_logit", "recalculated_ability_standard_error", "criterion_level") },
            },
            Population = new Population { All = new AllPupils() },
            ProjectDescription = new ProjectDescription { Reference = "26/01234-2", Sha256 = new string('a', 64) },
            PublicationTerms = new PublicationTerms { Accepted = true, StudyBase = StudyBase.National },
            PeriodFrom = Day(today.AddDays(-1)),
            PeriodTo = Day(today.AddYears(2)),
            DeletionDue = Day(today.AddYears(2).AddMonths(3)),
            EndDisposition = EndDisposition.Delete,
            DataProtectionTermsAccepted = true,
        };
    }

    /// <summary>Every Danish and mathematics test of 2009/10 to 2021/22 with every variable there is: enough bytes that a stream cannot hide in buffers.</summary>
    public static ProjectApproval WideOf(RunningServer server, string projectId)
    {
        var approval = Of(server, projectId);
        approval.Scope = new Scope
        {
            Selections =
            {
                Select(Programme.Nt, Subject.DanishReading, [2, 4, 6, 8], [.. Enumerable.Range(2009, 13)]),
                Select(Programme.Nt, Subject.Mathematics, [3, 6], [.. Enumerable.Range(2009, 13)]),
            },
            Variables =
            {
                Ask(
                    "cpr_number", "institution_number", "tested_at", "subject", "grade", "school_year", "programme", "test_code",
                    "original_ability_logit", "original_ability_standard_error", "recalculated_ability_logit", "recalculated_ability_standard_error",
                    "points_0_50", "criterion_level",
                    "profile_area_1_logit", "profile_area_1_standard_error", "profile_area_2_logit", "profile_area_2_standard_error",
                    "profile_area_3_logit", "profile_area_3_standard_error"),
            },
        };
        approval.AcknowledgedWarnings.Add(["C1", "C4"]);
        return approval;
    }

    /// <summary>The transition test in Danish, grade 2, of some years.</summary>
    public static ProjectApproval TransitionOf(RunningServer server, string projectId, params int[] startYears)
    {
        var approval = Of(server, projectId);
        approval.Scope = new Scope
        {
            Selections = { Select(Programme.Fno, Subject.DanishReading, [2], startYears) },
            Variables = { Ask("cpr_number", "ability_logit", "ability_standard_error") },
        };
        return approval;
    }

    public static Selection Select(Programme programme, Subject subject, int[] grades, int[] startYears) =>
        new() { Programme = programme, Subject = subject, Grades = { grades }, SchoolYears = { startYears } };

    public static IEnumerable<VariableRequest> Ask(params IEnumerable<string> codes) =>
        codes.Select(code => new VariableRequest { Code = code, Reason = "Indgår i analysen" });

    public static async Task<PushApprovalResponse> PushAsync(this RunningServer server, ProjectApproval approval) =>
        await new ApprovalService.ApprovalServiceClient(server.Channel("stil-approvals")).PushApprovalAsync(new PushApprovalRequest { Approval = approval });

    public static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
