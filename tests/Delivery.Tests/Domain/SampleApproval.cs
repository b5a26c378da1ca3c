using Delivery.Protocol.Domain;
using Delivery.Protocol.Domain.Approvals;

namespace Delivery.Tests.Domain;

/// <summary>One approval that keeps every rule, the starting point for breaking them one at a time.</summary>
internal static class SampleApproval
{
    internal static readonly DateOnly Today = new(2024, 6, 3);

    internal static readonly Cvr University = new("10000009");

    internal static readonly Cvr Consultants = new("20000007");

    internal static ApprovalContext Context { get; } = new(Today, new PublicationCalendar(Publication.Defaults), PushedByStil: true);

    internal static Scope Wanted { get; } = new(
        [new Selection(Programme.NT, Subject.DanishReading, [2, 4], SchoolYear.Range(new(2014), new(2016)))],
        Ask("cpr_number", "institution_number", "tested_at", "recalculated_ability_logit", "recalculated_ability_standard_error", "criterion_level"),
        Population.All);

    internal static ProjectApproval Valid { get; } = new()
    {
        ProjectId = new ProjectId("STIL-2024-001"),
        StilCaseNumber = "24/01234",
        ApprovedAt = new DateTimeOffset(2024, 6, 1, 10, 0, 0, TimeSpan.FromHours(2)),
        Purposes = ResearchPurposes.Scientific,
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
        Controller = new Controller("Universitetet", University, Sector.Public, OrganisationKind.EducationalInstitution, "DK"),
        Signature = new ControllerSignature("Institutleder", University, new DateOnly(2024, 5, 20)),
        Applicant = new Applicant { Kind = ApplicantKind.Researcher, LastingResearchEnvironment = true },
        Recipient = new Recipient { AccountKind = RecipientAccountKind.ResearchAccount, DstProjectNumber = "700123", InstitutionAuthorised = true },
        Territory = new Territory { Countries = ["DK"] },
        Scope = Wanted,
        ProjectDescription = new ProjectDescription("24/01234-2", new string('a', 64)),
        PublicationTerms = new PublicationTerms { Accepted = true, StudyBase = StudyBase.National },
        Period = new ApprovedPeriod(new DateOnly(2024, 6, 1), new DateOnly(2026, 5, 31)),
        DeletionDue = new DateOnly(2026, 8, 31),
        EndDisposition = EndDisposition.Delete,
        DataProtectionTermsAccepted = true,
    };

    internal static IReadOnlyList<VariableRequest> Ask(params string[] codes) => [.. codes.Select(code => new VariableRequest(code, "Indgår i analysen"))];

    internal static Scope Of(Programme programme, int grade, params int[] startYears) => Wanted with
    {
        Selections = [new Selection(programme, Subject.DanishReading, [grade], [.. startYears.Select(year => new SchoolYear(year))])],
    };
}
