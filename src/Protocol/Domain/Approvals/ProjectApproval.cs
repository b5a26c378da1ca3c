namespace Delivery.Protocol.Domain.Approvals;

/// <summary>
/// One approved research project, as facts: everything the rules A01–A28 ask about, and nothing that names a pupil. Immutable;
/// an amendment is a new version. A missing fact is left empty or Unspecified and becomes a finding, never an exception.
/// </summary>
public sealed record ProjectApproval
{
    /// <summary>The project the approval is for (A18).</summary>
    public required ProjectId ProjectId { get; init; }

    /// <summary>1 for the first approval of the project, one more for each amendment.</summary>
    public int Version { get; init; } = 1;

    /// <summary>STIL's case number (A01).</summary>
    public string StilCaseNumber { get; init; } = "";

    /// <summary>When STIL approved (A01); null when not given.</summary>
    public DateTimeOffset? ApprovedAt { get; init; }

    /// <summary>Statistical, scientific or both (A02).</summary>
    public ResearchPurposes Purposes { get; init; }

    /// <summary>What the applicant has declared (A03).</summary>
    public Declarations Declarations { get; init; } = new();

    /// <summary>The institution answerable for the data (A04); null when not given.</summary>
    public Controller? Controller { get; init; }

    /// <summary>Those who process on the controller's behalf (A05).</summary>
    public IReadOnlyList<Processor> Processors { get; init; } = [];

    /// <summary>The controller's signature on the application (A06); null when not given.</summary>
    public ControllerSignature? Signature { get; init; }

    /// <summary>Who applies and from where (A07–A10).</summary>
    public Applicant Applicant { get; init; } = new();

    /// <summary>Where at Danmarks Statistik the data go (A11, A27).</summary>
    public Recipient Recipient { get; init; } = new();

    /// <summary>Where in the world they are processed (A12).</summary>
    public Territory Territory { get; init; } = new();

    /// <summary>The order of secrecy to private parties (A13); null when there is none.</summary>
    public ConfidentialityOrder? ConfidentialityOrder { get; init; }

    /// <summary>Tests, years, variables and pupils (A14–A16).</summary>
    public Scope Scope { get; init; } = Scope.Empty;

    /// <summary>The project description (A17); null when not given.</summary>
    public ProjectDescription? ProjectDescription { get; init; }

    /// <summary>Other projects the application names (A18); must be empty, since each project applies for itself.</summary>
    public IReadOnlyList<string> OtherProjects { get; init; } = [];

    /// <summary>The terms of publication (A19).</summary>
    public PublicationTerms PublicationTerms { get; init; } = new();

    /// <summary>What preparing the data costs the applicant (A20).</summary>
    public PreparationCost Cost { get; init; } = new();

    /// <summary>The approved period (A21); null when not given.</summary>
    public ApprovedPeriod? Period { get; init; }

    /// <summary>The last day the data may exist (A21); null when not given.</summary>
    public DateOnly? DeletionDue { get; init; }

    /// <summary>How the data shall end (A21).</summary>
    public EndDisposition EndDisposition { get; init; }

    /// <summary>True when Datatilsynet's terms are accepted (A22).</summary>
    public bool DataProtectionTermsAccepted { get; init; }

    /// <summary>Set when the data are to come from an earlier holding instead of a new delivery (A23).</summary>
    public Transfer? Transfer { get; init; }

    /// <summary>Third parties the data would be disclosed to (A24).</summary>
    public IReadOnlyList<ThirdParty> ThirdParties { get; init; } = [];

    /// <summary>True when the application asks for voluntary results (A25), which are never disclosed.</summary>
    public bool AsksForVoluntaryResults { get; init; }

    /// <summary>Comparability warnings the applicant has acknowledged, by code (A28).</summary>
    public IReadOnlyList<string> AcknowledgedWarnings { get; init; } = [];
}

/// <summary>Why the data may be used.</summary>
[Flags]
public enum ResearchPurposes
{
    /// <summary>Not given; refused.</summary>
    None = 0,

    /// <summary>Statistical.</summary>
    Statistical = 1,

    /// <summary>Scientific.</summary>
    Scientific = 2,
}

/// <summary>The declarations of the application form and of the order on disclosure (videregivelsesbekendtgørelsen). All must be true.</summary>
public sealed record Declarations
{
    /// <summary>No administrative use.</summary>
    public bool NoAdministrativeUse { get; init; }

    /// <summary>No decisions about, and no measures towards, individuals.</summary>
    public bool NoDecisionsAboutIndividuals { get; init; }

    /// <summary>The same holds at any later time.</summary>
    public bool AlsoLater { get; init; }

    /// <summary>The data are necessary for the study.</summary>
    public bool DataAreNecessary { get; init; }

    /// <summary>They are used for statistics or science only.</summary>
    public bool StatisticsOrScienceOnly { get; init; }

    /// <summary>They are not passed on.</summary>
    public bool NoOnwardDisclosure { get; init; }

    /// <summary>They are deleted, destroyed or archived at the end.</summary>
    public bool EndDispositionPromised { get; init; }

    /// <summary>Results are published so that nobody can be identified.</summary>
    public bool NonIdentifyingResults { get; init; }
}
