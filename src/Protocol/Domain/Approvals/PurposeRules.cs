using static Delivery.Protocol.Domain.Approvals.ApprovalRules;

namespace Delivery.Protocol.Domain.Approvals;

/// <summary>What the data are for and what was promised about them: A02, A03, A17, A19, A22.</summary>
internal static class PurposeRules
{
    private const ResearchPurposes Known = ResearchPurposes.Statistical | ResearchPurposes.Scientific;

    internal static IReadOnlyList<ApprovalRule> All { get; } =
    [
        Rule("A02", RefusalStatus.InvalidArgument, "1, 4",
            new("Formålet skal være statistisk eller videnskabeligt", "Purpose must be statistical or scientific"),
            new("Angiv statistisk formål, videnskabeligt formål eller begge", "State a statistical purpose, a scientific purpose or both"),
            (approval, _) => Broken((approval.Purposes == ResearchPurposes.None || (approval.Purposes & ~Known) != 0, "purposes"))),
        Rule("A03", RefusalStatus.FailedPrecondition, "4",
            new("Data må ikke bruges administrativt", "No administrative use"),
            new("Indhent alle erklæringer på ansøgningsblanketten", "Obtain every declaration of the application form"),
            (approval, _) => Declared(approval.Declarations)),
        Rule("A17", RefusalStatus.InvalidArgument, "2.3",
            new("Projektbeskrivelse mangler", "Project description missing"),
            new("Vedlæg projektbeskrivelsens reference og SHA-256 (64 hexcifre)", "Give the project description's reference and SHA-256 (64 hexadecimal digits)"),
            (approval, _) => approval.ProjectDescription is { } description
                ? Broken(
                    (string.IsNullOrWhiteSpace(description.Reference), "project_description.reference"),
                    (!IsSha256(description.Sha256), "project_description.sha256"))
                : [("project_description", "")]),
        Rule("A19", RefusalStatus.FailedPrecondition, "4, 6",
            new("Vilkår for offentliggørelse ikke accepteret", "Publication terms not accepted"),
            new("Lad ansøger acceptere vilkårene og angive, hvad undersøgelsen bygger på", "Have the applicant accept the terms and state what the study is based on"),
            (approval, _) => Broken(
                (!approval.PublicationTerms.Accepted, "publication_terms.accepted"),
                (approval.PublicationTerms.StudyBase == StudyBase.Unspecified, "publication_terms.study_base"))),
        Rule("A22", RefusalStatus.FailedPrecondition, "4",
            new("Datatilsynets vilkår ikke accepteret", "Data Protection Agency terms not accepted"),
            new("Lad den dataansvarlige acceptere Datatilsynets vilkår", "Have the controller accept the terms of Datatilsynet"),
            (approval, _) => Broken((!approval.DataProtectionTermsAccepted, "data_protection_terms_accepted"))),
    ];

    private static IEnumerable<(string Field, string Detail)> Declared(Declarations declared) => Broken(
        (!declared.NoAdministrativeUse, "declarations.no_administrative_use"),
        (!declared.NoDecisionsAboutIndividuals, "declarations.no_decisions_about_individuals"),
        (!declared.AlsoLater, "declarations.also_later"),
        (!declared.DataAreNecessary, "declarations.data_are_necessary"),
        (!declared.StatisticsOrScienceOnly, "declarations.statistics_or_science_only"),
        (!declared.NoOnwardDisclosure, "declarations.no_onward_disclosure"),
        (!declared.EndDispositionPromised, "declarations.end_disposition_promised"),
        (!declared.NonIdentifyingResults, "declarations.non_identifying_results"));

    private static bool IsSha256(string? text) => text is { Length: 64 } && text.All(char.IsAsciiHexDigit);
}
