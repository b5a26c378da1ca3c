using Delivery.Protocol.Domain;
using Delivery.Protocol.Domain.Approvals;
using Delivery.Protocol.Log;
using Delivery.Server.Approvals;
using Delivery.Server.Catalogue;
using Delivery.Server.Extracts;
using Delivery.Server.Identity;
using Delivery.Server.Refusals;
using Delivery.Server.Storage;
using Delivery.Server.TransferLog;
using Microsoft.Extensions.Options;

namespace Delivery.Server.Closure;

/// <summary>
/// Reuse (guidelines section 4, T14): the recipient carries an earlier delivery over to another approved project of the same controller. No bytes leave;
/// the project gets a holding and a deletion duty of its own.
/// </summary>
internal sealed class ReuseDesk(StoreWriter writer, LogAppender log, IOptions<ExtractOptions> extracts, TimeProvider clock)
{
    /// <summary>Records a reuse that the project's approval names.</summary>
    public Task<(HoldingRow Holding, long LogIndex)> RegisterAsync(string projectId, long rows, Caller caller, CancellationToken cancellation) =>
        writer.WriteAsync(scope => Register(scope, projectId, rows, caller), cancellation);

    private (HoldingRow Holding, long LogIndex) Register(WriteScope scope, string projectId, long rows, Caller caller)
    {
        var project = ApprovedProject.Find(scope.Db, projectId) ?? throw RefusedException.By("R01");
        if (caller.Cvr != extracts.Value.RecipientOrganisation)
        {
            throw RefusedException.By("R02");
        }

        var today = DanishTime.DateOf(clock.GetUtcNow());
        if (project.Approval.Period is not { } period || !period.Contains(today))
        {
            throw RefusedException.By("R03");
        }

        // The source may have been deleted or narrowed since the approval was pushed, so the rule is asked again now.
        var transfer = project.Approval.Transfer ?? throw RefusedException.By("A23", "transfer");
        var source = scope.Db.Set<HoldingRow>().FirstOrDefault(row => row.HoldingId == transfer.SourceHolding.Value && row.State == HoldingState.Open);
        var context = new ApprovalContext(today, PublicationDesk.Calendar(scope.Db), PushedByStil: true, ApprovalDesk.SourceHolding(scope.Db, project.Approval));
        if (source is null || ApprovalRules.Check(project.Approval, context).Any(finding => finding.Code == "A23") || rows < 1 || rows > source.Rows)
        {
            throw RefusedException.By("A23", source is null ? "transfer.source_holding" : "row_count");
        }

        var holding = new HoldingRow
        {
            HoldingId = $"H-{projectId}-REUSE",
            ProjectId = projectId,
            ExtractId = $"{projectId}-REUSE",
            ApprovalVersion = project.Row.Version,
            Rows = rows,
            DeliveredOn = IsoDay.Text(today),
            DeletionDue = project.Row.DeletionDue,
            State = HoldingState.Open,
        };
        project.Move(ProjectEvent.ReuseRegistered);
        var leaf = log.Append(scope, LeafDraft.ReuseRegistered(caller.Actor, projectId, source.ProjectId, source.HoldingId, holding.HoldingId, rows));
        scope.Db.Add(holding);
        scope.Db.SaveChanges();
        return (holding, leaf.Index);
    }
}
