using Delivery.Protocol.Domain.Approvals;

namespace Delivery.Server.Approvals;

/// <summary>What an amendment may change. Pure.</summary>
internal static class AmendmentRule
{
    /// <summary>Whether something is allowed that was not: a test, a variable, a pupil, a day, or somebody or some place that was not to see the data.</summary>
    public static bool IsWidened(ProjectApproval before, ProjectApproval after) =>
        !after.Scope.IsWithin(before.Scope)
        || after.Period!.From < before.Period!.From
        || after.Period.To > before.Period.To
        || after.DeletionDue > before.DeletionDue
        || after.Recipient != before.Recipient
        || after.Processors.Except(before.Processors).Any()
        || after.ThirdParties.Except(before.ThirdParties).Any()
        || after.Territory.Countries.Except(before.Territory.Countries).Any();

    /// <summary>The code of the rule the amendment breaks, or null.</summary>
    public static string? Refusal(ProjectApproval before, ProjectApproval after) =>
        // Databeskyttelsesloven § 10(2): what was disclosed for one purpose is never used for another.
        (after.Purposes & ~before.Purposes) != 0 ? "E_PURPOSE_CHANGED"
        // Another controller is another project: the guidelines let nobody take over an approval.
        : after.Controller!.Cvr != before.Controller!.Cvr ? "E_CONTROLLER_CHANGED"
        : IsWidened(before, after) && after.Signature!.SignedOn <= before.Signature!.SignedOn ? "E_SIGNATURE_NEEDED"
        : null;
}
