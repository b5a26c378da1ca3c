namespace Delivery.Protocol.Domain.Approvals;

/// <summary>Public or private; private parties need an order of secrecy (A13).</summary>
public enum Sector
{
    /// <summary>Not given; refused.</summary>
    Unspecified = 0,

    /// <summary>Part of the public administration.</summary>
    Public = 1,

    /// <summary>Anyone else.</summary>
    Private = 2,
}

/// <summary>What kind of institution a controller is.</summary>
public enum OrganisationKind
{
    /// <summary>Not given; refused.</summary>
    Unspecified = 0,

    /// <summary>A university or another institution that educates; the only kind that may let students work on the data.</summary>
    EducationalInstitution = 1,

    /// <summary>A research institution that does not educate.</summary>
    ResearchInstitution = 2,

    /// <summary>A ministry or state agency.</summary>
    StateAuthority = 3,

    /// <summary>A municipality.</summary>
    Municipality = 4,

    /// <summary>A company.</summary>
    Company = 5,

    /// <summary>A foundation, organisation or association.</summary>
    Organisation = 6,
}

/// <summary>The data controller (dataansvarlig).</summary>
/// <param name="Name">The institution's name.</param>
/// <param name="Cvr">Its business register number.</param>
/// <param name="Sector">Public or private.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Country">ISO 3166-1 alpha-2 code of where it is established.</param>
public sealed record Controller(string Name, Cvr Cvr, Sector Sector, OrganisationKind Kind, string Country);

/// <summary>A data processor (databehandler): may apply for the controller and can never be the controller.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Cvr">Its business register number.</param>
/// <param name="AgreementReference">The processing agreement.</param>
/// <param name="Sector">Public or private.</param>
/// <param name="Country">ISO 3166-1 alpha-2 code of where it processes.</param>
public sealed record Processor(string Name, Cvr Cvr, string AgreementReference, Sector Sector, string Country);

/// <summary>The signature on the application, always the controller's, also when a processor applies.</summary>
/// <param name="Name">Who signed.</param>
/// <param name="Cvr">For which institution.</param>
/// <param name="SignedOn">The day.</param>
public sealed record ControllerSignature(string Name, Cvr Cvr, DateOnly SignedOn);

/// <summary>Who applies.</summary>
public enum ApplicantKind
{
    /// <summary>Not given; refused.</summary>
    Unspecified = 0,

    /// <summary>A researcher.</summary>
    Researcher = 1,

    /// <summary>An analyst.</summary>
    Analyst = 2,

    /// <summary>A PhD student employed in a stipend.</summary>
    PhdEmployed = 3,

    /// <summary>An industrial PhD student.</summary>
    IndustrialPhd = 4,

    /// <summary>A student; always refused.</summary>
    Student = 5,
}

/// <summary>The applicant and the environment the work is done in.</summary>
public sealed record Applicant
{
    /// <summary>Who applies (A07).</summary>
    public ApplicantKind Kind { get; init; }

    /// <summary>True when attached to or employed in a lasting research environment (A08).</summary>
    public bool LastingResearchEnvironment { get; init; }

    /// <summary>True when permanently employed in a stipend (A09, for employed PhD students).</summary>
    public bool EmployedInStipend { get; init; }

    /// <summary>True when students will help with the analyses (A10).</summary>
    public bool StudentHelpers { get; init; }
}

/// <summary>Someone outside the project the data would be disclosed to; the controller's own processors are not third parties.</summary>
/// <param name="Name">Who.</param>
/// <param name="Consent">The ministry's written consent, or null when there is none.</param>
public sealed record ThirdParty(string Name, MinistryConsent? Consent);

/// <summary>The ministry's written consent to disclose to a third party.</summary>
/// <param name="Reference">The letter.</param>
/// <param name="GivenOn">Its date.</param>
/// <param name="Recipient">Whom it allows.</param>
/// <param name="Covers">What it allows.</param>
public sealed record MinistryConsent(string Reference, DateOnly GivenOn, string Recipient, string Covers);
