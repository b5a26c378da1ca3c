using Delivery.Protocol.Domain;
using Delivery.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Delivery.Server.Approvals;

/// <summary>What a holding contains: the scope of the version it was delivered under, of the one programme its extract was of.</summary>
internal static class HoldingContent
{
    public static Scope Of(DeliveryDb db, HoldingRow holding)
    {
        var scope = ApprovedProject.Version(db, holding.ProjectId, holding.ApprovalVersion).Scope;
        // A reuse has no extract: it carried over what its own approval names.
        var programmes = db.Database.SqlQuery<int>($"SELECT programme AS Value FROM extract WHERE extract_id = {holding.ExtractId}").ToList();
        return programmes.Count == 0 ? scope : scope.RestrictedTo((Programme)programmes[0]);
    }
}
