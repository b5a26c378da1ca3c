using static Delivery.Protocol.Domain.Approvals.ApprovalRules;

namespace Delivery.Protocol.Domain.Approvals;

/// <summary>Who is answerable, who processes for them, and whether they are bound: A04, A05, A06, A13.</summary>
internal static class PartyRules
{
    internal static IReadOnlyList<ApprovalRule> All { get; } =
    [
        Rule("A04", RefusalStatus.InvalidArgument, "4",
            new("Dataansvarlig mangler eller CVR er ugyldigt", "Controller missing or CVR invalid"),
            new("Angiv dataansvarligs navn, gyldigt CVR-nummer, sektor, art og land", "Give the controller's name, valid CVR number, sector, kind and country"),
            (approval, _) => approval.Controller is { } controller ? Complete(controller) : [("controller", "")]),
        Rule("A05", RefusalStatus.InvalidArgument, "4",
            new("Databehandler kan ikke være dataansvarlig", "Processor cannot be controller"),
            new("Angiv databehandlere med gyldigt CVR-nummer og databehandleraftale; den dataansvarlige er en anden", "Name processors with valid CVR number and processing agreement; the controller is someone else"),
            (approval, _) => approval.Processors.SelectMany((processor, index) => Broken(
                (string.IsNullOrWhiteSpace(processor.Name), $"processors[{index}].name"),
                (!processor.Cvr.IsValid || processor.Cvr == approval.Controller?.Cvr, $"processors[{index}].cvr"),
                (string.IsNullOrWhiteSpace(processor.AgreementReference), $"processors[{index}].agreement_reference"),
                (processor.Sector == Sector.Unspecified, $"processors[{index}].sector"),
                (!Countries.IsCode(processor.Country), $"processors[{index}].country")))),
        Rule("A06", RefusalStatus.FailedPrecondition, "4",
            new("Ansøgningen er ikke underskrevet af den dataansvarlige", "Not signed by the controller"),
            new("Indhent den dataansvarliges underskrift før godkendelsen, også når en databehandler søger", "Obtain the controller's signature before approval, also when a processor applies"),
            (approval, _) => approval.Signature is { } signature
                ? Broken(
                    (string.IsNullOrWhiteSpace(signature.Name), "signature.name"),
                    (approval.Controller is { } controller && signature.Cvr != controller.Cvr, "signature.cvr"),
                    (signature.SignedOn > ApprovedOn(approval), "signature.signed_on"))
                : [("signature", "")]),
        Rule("A13", RefusalStatus.FailedPrecondition, "3",
            new("Tavshedspålæg mangler", "Confidentiality order missing"),
            new("Meddel de private parter tavshedspålæg og angiv reference og dato", "Give the private parties a confidentiality order and state its reference and date"),
            (approval, context) => Broken((AnyPrivate(approval) && !IsInForce(approval.ConfidentialityOrder, context.Today), "confidentiality_order"))),
    ];

    private static IEnumerable<(string Field, string Detail)> Complete(Controller controller) => Broken(
        (string.IsNullOrWhiteSpace(controller.Name), "controller.name"),
        (!controller.Cvr.IsValid, "controller.cvr"),
        (controller.Sector == Sector.Unspecified, "controller.sector"),
        (controller.Kind == OrganisationKind.Unspecified, "controller.kind"),
        (!Countries.IsCode(controller.Country), "controller.country"));

    private static bool AnyPrivate(ProjectApproval approval) =>
        approval.Controller?.Sector == Sector.Private || approval.Processors.Any(processor => processor.Sector == Sector.Private);

    private static bool IsInForce(ConfidentialityOrder? order, DateOnly today) =>
        order is not null && !string.IsNullOrWhiteSpace(order.Reference) && order.IssuedOn <= today;
}
