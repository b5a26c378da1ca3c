using System.Security.Cryptography;
using System.Text;
using Delivery.Protocol.Domain;
using Delivery.Protocol.Log;
using Delivery.Server.Identity;
using Delivery.Server.Refusals;
using Delivery.Server.Storage;
using Delivery.Server.TransferLog;

namespace Delivery.Server.Approvals;

/// <summary>A step that was taken, with its leaf.</summary>
internal sealed record ProjectStep(ProjectRow Project, long LogIndex);

/// <summary>The transactions around STIL's hold on a project: suspend, resume, withdraw (T6, T7). Open streams meet the new state at their next window.</summary>
internal sealed class ProjectDesk(StoreWriter writer, LogAppender log, TimeProvider clock)
{
    // After a withdrawal what was delivered must be gone within so many days, or earlier if it was due earlier.
    private const int DaysToDeleteAfterWithdrawal = 30;

    private const int ReasonLengthMax = 500;

    public Task<ProjectStep> SuspendAsync(string projectId, string reason, Caller caller, CancellationToken cancellation) =>
        StepAsync(projectId, reason, caller, LeafType.ApprovalSuspended, _ => ProjectEvent.Suspended, cancellation);

    public Task<ProjectStep> ResumeAsync(string projectId, string reason, Caller caller, CancellationToken cancellation) =>
        StepAsync(
            projectId, reason, caller, LeafType.ApprovalResumed,
            isDelivered => isDelivered ? ProjectEvent.ResumedDelivered : ProjectEvent.ResumedUndelivered, cancellation);

    public Task<ProjectStep> WithdrawAsync(string projectId, string reason, Caller caller, CancellationToken cancellation) =>
        StepAsync(projectId, reason, caller, LeafType.ApprovalWithdrawn, _ => ProjectEvent.Withdrawn, cancellation);

    private Task<ProjectStep> StepAsync(
        string projectId, string reason, Caller caller, LeafType type, Func<bool, ProjectEvent> happened, CancellationToken cancellation)
    {
        if (reason.Length is 0 or > ReasonLengthMax)
        {
            throw RefusedException.By("E_REASON_MISSING");
        }

        return writer.WriteAsync(
            scope =>
            {
                var project = ApprovedProject.Find(scope.Db, projectId) ?? throw RefusedException.By("R01");
                project.Move(happened(scope.Db.Set<HoldingRow>().Any(holding => holding.ProjectId == projectId)));
                project.Row.Reason = reason;
                if (type == LeafType.ApprovalWithdrawn)
                {
                    HastenDeletion(scope.Db, project.Row);
                }

                var leaf = log.Append(scope, ProjectLeaf.Of(type, caller.Actor, project, Commitment(reason)));
                scope.Db.SaveChanges();
                return new ProjectStep(project.Row, leaf.Index);
            },
            cancellation);
    }

    private void HastenDeletion(DeliveryDb db, ProjectRow project)
    {
        var latest = IsoDay.Text(DanishTime.DateOf(clock.GetUtcNow()).AddDays(DaysToDeleteAfterWithdrawal));
        project.DeletionDue = Earlier(project.DeletionDue, latest);
        foreach (var holding in db.Set<HoldingRow>().Where(holding => holding.ProjectId == project.ProjectId && holding.State == HoldingState.Open))
        {
            holding.DeletionDue = Earlier(holding.DeletionDue, latest);
        }
    }

    private static string Earlier(string first, string second) => string.CompareOrdinal(first, second) <= 0 ? first : second;

    // A reason is free text and may be guessable; the row holds it, the log only that one was given.
    private static LogHash Commitment(string reason) => LogHash.Of([.. RandomNumberGenerator.GetBytes(32), .. Encoding.UTF8.GetBytes(reason)]);
}
