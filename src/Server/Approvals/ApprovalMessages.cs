using Delivery.Protocol.Domain;
using Delivery.Protocol.Domain.Approvals;
using Delivery.Server.Catalogue;
using Delivery.Server.Refusals;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Server.Approvals;

/// <summary>
/// Reads an approval off the wire. What is missing becomes empty and is left to the rules to refuse by name; what is malformed, or not
/// known to this server, is refused here with the field's path.
/// </summary>
internal static class ApprovalMessages
{
    public static ProjectApproval Read(Wire.ProjectApproval message)
    {
        KnownFields.Require(message, Wire.ProjectApproval.Parser, "approval");
        var period = Day(message.PeriodFrom, "period_from") is { } from && Day(message.PeriodTo, "period_to") is { } to ? new ApprovedPeriod(from, to) : null;
        return new ProjectApproval
        {
            ProjectId = ProjectId.TryParse(message.ProjectId, out var id) ? id : throw Malformed("project_id"),
            Version = message.Version,
            StilCaseNumber = message.StilCaseNumber,
            ApprovedAt = message.ApproveTime?.ToDateTimeOffset(),
            Purposes = message.Purposes.Aggregate(ResearchPurposes.None, (all, purpose) => all | (ResearchPurposes)(int)KnownFields.Number(purpose, "purposes")),
            Declarations = Read(message.Declarations ?? new Wire.Declarations()),
            Controller = message.Controller is { } controller
                ? new Controller(controller.Name, new Cvr(controller.Cvr), (Sector)KnownFields.Number(controller.Sector, "controller.sector"), (OrganisationKind)KnownFields.Number(controller.Kind, "controller.kind"), controller.Country)
                : null,
            Processors =
            [
                .. message.Processors.Select(processor => new Processor(
                    processor.Name, new Cvr(processor.Cvr), processor.AgreementReference, (Sector)KnownFields.Number(processor.Sector, "processors.sector"), processor.Country)),
            ],
            Signature = message.Signature is { } signature && Day(signature.SignedOn, "signature.signed_on") is { } signedOn
                ? new ControllerSignature(signature.Name, new Cvr(signature.Cvr), signedOn)
                : null,
            Applicant = Read(message.Applicant ?? new Wire.Applicant()),
            Recipient = Read(message.Recipient ?? new Wire.Recipient()),
            Territory = Read(message.Territory ?? new Wire.Territory()),
            ConfidentialityOrder = message.ConfidentialityOrder is { } order && Day(order.IssuedOn, "confidentiality_order.issued_on") is { } issuedOn
                ? new ConfidentialityOrder(order.Reference, issuedOn)
                : null,
            Scope = Read(message.Scope ?? new Wire.Scope(), message.Population),
            ProjectDescription = message.ProjectDescription is { } description ? new ProjectDescription(description.Reference, description.Sha256) : null,
            OtherProjects = [.. message.OtherProjectIds],
            PublicationTerms = message.PublicationTerms is { } terms
                ? new PublicationTerms { Accepted = terms.Accepted, StudyBase = (StudyBase)KnownFields.Number(terms.StudyBase, "publication_terms.study_base") }
                : new PublicationTerms(),
            Cost = message.Cost is { } cost
                ? new PreparationCost { AmountDkk = cost.AmountDkk, InformedOn = Day(cost.InformedOn, "cost.informed_on"), Accepted = cost.Accepted }
                : new PreparationCost(),
            Period = period,
            DeletionDue = Day(message.DeletionDue, "deletion_due"),
            EndDisposition = (EndDisposition)KnownFields.Number(message.EndDisposition, "end_disposition"),
            DataProtectionTermsAccepted = message.DataProtectionTermsAccepted,
            Transfer = message.Transfer is { } transfer
                ? new Transfer(new ProjectId(transfer.SourceProjectId), new HoldingId(transfer.SourceHoldingId), transfer.ExecutedByDst)
                : null,
            ThirdParties = [.. message.ThirdParties.Select(Read)],
            AsksForVoluntaryResults = message.AsksForVoluntaryResults,
            AcknowledgedWarnings = [.. message.AcknowledgedWarnings],
        };
    }

    private static Declarations Read(Wire.Declarations declarations) => new()
    {
        NoAdministrativeUse = declarations.NoAdministrativeUse,
        NoDecisionsAboutIndividuals = declarations.NoDecisionsAboutIndividuals,
        AlsoLater = declarations.AlsoLater,
        DataAreNecessary = declarations.DataAreNecessary,
        StatisticsOrScienceOnly = declarations.StatisticsOrScienceOnly,
        NoOnwardDisclosure = declarations.NoOnwardDisclosure,
        EndDispositionPromised = declarations.EndDispositionPromised,
        NonIdentifyingResults = declarations.NonIdentifyingResults,
    };

    private static Applicant Read(Wire.Applicant applicant) => new()
    {
        Kind = (ApplicantKind)KnownFields.Number(applicant.Kind, "applicant.kind"),
        LastingResearchEnvironment = applicant.LastingResearchEnvironment,
        EmployedInStipend = applicant.EmployedInStipend,
        StudentHelpers = applicant.StudentHelpers,
    };

    private static Recipient Read(Wire.Recipient recipient) => new()
    {
        AccountKind = (RecipientAccountKind)KnownFields.Number(recipient.AccountKind, "recipient.account_kind"),
        DstProjectNumber = recipient.DstProjectNumber,
        InstitutionAuthorised = recipient.InstitutionAuthorised,
        IsProjectDatabase = recipient.IsProjectDatabase,
    };

    private static Territory Read(Wire.Territory territory) => new()
    {
        Countries = [.. territory.Countries],
        MinistryPermissionReference = territory.MinistryPermissionReference,
        MinistryPermissionOn = Day(territory.MinistryPermissionOn, "territory.ministry_permission_on"),
        DataProtectionPermissionReference = territory.DataProtectionPermissionReference,
    };

    private static Scope Read(Wire.Scope scope, Wire.Population? population) => new(
        [
            .. scope.Selections.Select(selection => new Selection(
                (Programme)KnownFields.Number(selection.Programme, "scope.selections.programme"),
                (Subject)KnownFields.Number(selection.Subject, "scope.selections.subject"),
                [.. selection.Grades],
                [.. selection.SchoolYears.Select(year => Year(year, "scope.selections.school_years"))])),
        ],
        [.. scope.Variables.Select(variable => new VariableRequest(variable.Code, variable.Reason))],
        Read(population));

    private static Population Read(Wire.Population? population) => population?.SelectionCase switch
    {
        Wire.Population.SelectionOneofCase.All => Population.All,
        Wire.Population.SelectionOneofCase.Filter => new Population(
            PopulationKind.Filter,
            [
                .. population.Filter.InstitutionNumbers.Select(text =>
                    InstitutionNumber.TryParse(text, out var number) ? number : throw Malformed("population.filter.institution_numbers")),
            ],
            [.. population.Filter.BirthYears],
            [.. population.Filter.SchoolYears.Select(year => Year(year, "population.filter.school_years"))]),
        _ => new Population(PopulationKind.Unspecified, [], [], []),
    };

    private static ThirdParty Read(Wire.ThirdParty party) => new(
        party.Name,
        party.ConsentReference.Length > 0 && Day(party.ConsentedOn, "third_parties.consented_on") is { } consentedOn
            ? new MinistryConsent(party.ConsentReference, consentedOn, party.ConsentRecipient, party.ConsentCovers)
            : null);

    private static DateOnly? Day(string text, string field) =>
        text.Length == 0 ? null
        : IsoDay.TryRead(text, out var day) ? day
        : throw Malformed(field);

    private static SchoolYear Year(int startYear, string field) => startYear is >= 1900 and <= 2999 ? new SchoolYear(startYear) : throw Malformed(field);

    private static RefusedException Malformed(string field) => RefusedException.By("E_FIELD_FORMAT", field);
}
