namespace Delivery.Protocol.Domain.Approvals;

/// <summary>The kinds of accounts at Danmarks Statistik that may receive data; exactly these two, without override.</summary>
public enum RecipientAccountKind
{
    /// <summary>Not given; refused.</summary>
    Unspecified = 0,

    /// <summary>Forskerkonto.</summary>
    ResearchAccount = 1,

    /// <summary>Ministerieordning, today Myndighedsordningen.</summary>
    MinistryScheme = 2,
}

/// <summary>Where at Danmarks Statistik the data go.</summary>
public sealed record Recipient
{
    /// <summary>The kind of account (A11).</summary>
    public RecipientAccountKind AccountKind { get; init; }

    /// <summary>The project number there, six digits (A11).</summary>
    public string DstProjectNumber { get; init; } = "";

    /// <summary>True when Danmarks Statistik has authorised the institution for micro-data (A11).</summary>
    public bool InstitutionAuthorised { get; init; }

    /// <summary>True for a project database, which serves many projects and cannot receive (A27).</summary>
    public bool IsProjectDatabase { get; init; }
}

/// <summary>Where the data are processed.</summary>
public sealed record Territory
{
    /// <summary>ISO 3166-1 alpha-2 codes of every country of processing; never empty (A12).</summary>
    public IReadOnlyList<string> Countries { get; init; } = [];

    /// <summary>The ministry's prior written permission for countries outside the EEA; empty when none.</summary>
    public string MinistryPermissionReference { get; init; } = "";

    /// <summary>The day of the ministry's permission; null when none.</summary>
    public DateOnly? MinistryPermissionOn { get; init; }

    /// <summary>Datatilsynet's permission (databeskyttelsesloven § 10(3)); empty when none.</summary>
    public string DataProtectionPermissionReference { get; init; } = "";
}

/// <summary>An order of secrecy (tavshedspålæg) given to private parties.</summary>
/// <param name="Reference">The letter.</param>
/// <param name="IssuedOn">Its date.</param>
public sealed record ConfidentialityOrder(string Reference, DateOnly IssuedOn);

/// <summary>The description a need-to-know judgement was made from.</summary>
/// <param name="Reference">The document in STIL's case system.</param>
/// <param name="Sha256">Its SHA-256, 64 hexadecimal digits.</param>
public sealed record ProjectDescription(string Reference, string Sha256);

/// <summary>Which pupils, schools or municipalities a study is about, which decides what may be published.</summary>
public enum StudyBase
{
    /// <summary>Not given; refused.</summary>
    Unspecified = 0,

    /// <summary>The whole country.</summary>
    National = 1,

    /// <summary>A group nobody can identify.</summary>
    NonIdentifiableGroup = 2,

    /// <summary>Named or identifiable schools or municipalities: no test result may be published.</summary>
    NamedOrIdentifiable = 3,
}

/// <summary>The terms of publication.</summary>
public sealed record PublicationTerms
{
    /// <summary>True when accepted.</summary>
    public bool Accepted { get; init; }

    /// <summary>What the study is based on.</summary>
    public StudyBase StudyBase { get; init; }
}

/// <summary>What preparing the data costs the applicant.</summary>
public sealed record PreparationCost
{
    /// <summary>Kroner; zero when free of charge.</summary>
    public decimal AmountDkk { get; init; }

    /// <summary>The day the applicant was told; null when never.</summary>
    public DateOnly? InformedOn { get; init; }

    /// <summary>True when the applicant accepted.</summary>
    public bool Accepted { get; init; }
}

/// <summary>The days an approval is valid, both included.</summary>
/// <param name="From">First day.</param>
/// <param name="To">Last day.</param>
public sealed record ApprovedPeriod(DateOnly From, DateOnly To)
{
    /// <summary>True when the day lies in the period.</summary>
    public bool Contains(DateOnly date) => date >= From && date <= To;
}

/// <summary>How data end. The three the guidelines name; anonymised and returned are not among them.</summary>
public enum EndDisposition
{
    /// <summary>Not given; refused.</summary>
    Unspecified = 0,

    /// <summary>Slettet.</summary>
    Delete = 1,

    /// <summary>Tilintetgjort.</summary>
    Destroy = 2,

    /// <summary>Overført til arkiv efter arkivlovgivningen.</summary>
    Archive = 3,
}

/// <summary>Reuse of an earlier holding by another project of the same institution.</summary>
/// <param name="SourceProject">The project that has the data.</param>
/// <param name="SourceHolding">The holding to take them from.</param>
/// <param name="ExecutedByDst">True when Danmarks Statistik makes the transfer; nobody else may.</param>
public sealed record Transfer(ProjectId SourceProject, HoldingId SourceHolding, bool ExecutedByDst);

/// <summary>What is known of the holding a transfer would take from.</summary>
/// <param name="Holding">The holding.</param>
/// <param name="Project">Its project.</param>
/// <param name="ControllerCvr">Its controller.</param>
/// <param name="Scope">What it holds.</param>
public sealed record SourceHolding(HoldingId Holding, ProjectId Project, Cvr ControllerCvr, Scope Scope);
