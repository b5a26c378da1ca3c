using static Delivery.Protocol.Domain.Approvals.ApprovalRules;

namespace Delivery.Protocol.Domain.Approvals;

/// <summary>Where the data may go: A11, A12, A24, A27.</summary>
internal static class RecipientRules
{
    internal static IReadOnlyList<ApprovalRule> All { get; } =
    [
        Rule("A11", RefusalStatus.FailedPrecondition, "2.3, 4",
            new("Modtager skal være forskerkonto eller ministerieordning i Danmarks Statistik", "Recipient must be a research account or ministry scheme at Statistics Denmark"),
            new("Angiv kontoens art, det sekscifrede projektnummer og institutionens autorisation", "Give the kind of account, the six-digit project number and the institution's authorisation"),
            (approval, _) => Broken(
                (approval.Recipient.AccountKind == RecipientAccountKind.Unspecified, "recipient.account_kind"),
                (!IsSixDigits(approval.Recipient.DstProjectNumber), "recipient.dst_project_number"),
                (!approval.Recipient.InstitutionAuthorised, "recipient.institution_authorised"))),
        Rule("A12", RefusalStatus.FailedPrecondition, "4",
            new("Behandling uden for EU/EØS kræver skriftlig tilladelse", "Processing outside the EEA needs written permission"),
            new("Behandl data inden for EU/EØS, eller indhent forudgående tilladelse fra ministeriet og Datatilsynet", "Process inside the EEA, or obtain prior permission from the ministry and Datatilsynet"),
            (approval, _) => InsideOrPermitted(approval)),
        Rule("A24", RefusalStatus.PermissionDenied, "4",
            new("Videregivelse kræver ministeriets skriftlige samtykke", "Disclosure needs the ministry's written consent"),
            new("Fjern tredjemand, eller vedlæg samtykke med reference, dato, modtager og omfang", "Remove the third party, or attach a consent with reference, date, recipient and extent"),
            (approval, context) => Broken(approval.ThirdParties.Select((party, index) =>
                (!IsConsented(party, context.Today), $"third_parties[{index}].consent")))),
        Rule("A27", RefusalStatus.FailedPrecondition, "4",
            new("Godkendelsen gælder ét konkret projekt", "One concrete project only"),
            new("Vælg en forskerkonto for projektet i stedet for en projektdatabase", "Choose a research account of the project instead of a project database"),
            (approval, _) => Broken((approval.Recipient.IsProjectDatabase, "recipient.is_project_database"))),
    ];

    private static bool IsSixDigits(string text) => text.Length == 6 && text.All(char.IsAsciiDigit);

    private static IEnumerable<(string Field, string Detail)> InsideOrPermitted(ProjectApproval approval)
    {
        var territory = approval.Territory;
        if (territory.Countries.Count == 0 || !territory.Countries.All(Countries.IsCode))
        {
            return [("territory.countries", "")];
        }

        var outside = territory.Countries
            .Concat(approval.Processors.Select(processor => processor.Country))
            .Append(approval.Controller?.Country ?? "DK")
            .Where(country => Countries.IsCode(country) && !Countries.IsInEea(country))
            .Distinct().Order(StringComparer.Ordinal).ToArray();
        if (outside.Length == 0)
        {
            return [];
        }

        var prior = territory.MinistryPermissionOn is { } day && day <= ApprovedOn(approval)
            && !string.IsNullOrWhiteSpace(territory.MinistryPermissionReference);
        var detail = string.Join(' ', outside);
        return Broken(
                (!prior, "territory.ministry_permission_reference"),
                (string.IsNullOrWhiteSpace(territory.DataProtectionPermissionReference), "territory.data_protection_permission_reference"))
            .Select(violation => (violation.Field, detail));
    }

    private static bool IsConsented(ThirdParty party, DateOnly today) =>
        party.Consent is { } consent && !string.IsNullOrWhiteSpace(party.Name)
        && !string.IsNullOrWhiteSpace(consent.Reference) && consent.GivenOn <= today
        && consent.Recipient == party.Name && !string.IsNullOrWhiteSpace(consent.Covers);
}
