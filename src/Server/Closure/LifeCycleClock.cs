using Delivery.Protocol.Domain;
using Delivery.Protocol.Log;
using Delivery.Server.Approvals;
using Delivery.Server.Extracts;
using Delivery.Server.Health;
using Delivery.Server.Storage;
using Delivery.Server.TransferLog;

namespace Delivery.Server.Closure;

/// <summary>
/// The steps nobody calls for: a period ends (T8), a holding is due soon or late (T9), a deadline passes (T10), and an extract
/// is abandoned. Each run does what is due on the day it
/// runs and nothing twice, so a run missed is made up by the next.
/// </summary>
internal sealed class LifeCycleClock(
    StoreWriter writer, LogAppender log, LogKey key, AbandonedExtracts extracts, TimeProvider clock, ILogger<LifeCycleClock> logger)
    : RecurringWork(TimeSpan.FromMinutes(1), clock)
{
    // Days before the due date on which the controller is reminded.
    private static readonly int[] ReminderDays = [90, 30, 7];

    // Days between reminders once it is late.
    private const int OverdueReminderDays = 14;

    /// <summary>Does what is due today.</summary>
    public Task RunOnceAsync(CancellationToken cancellation) => writer.WriteAsync(
        scope =>
        {
            if (!scope.Leads)
            {
                return;
            }

            var today = DanishTime.DateOf(Clock.GetUtcNow());
            Expire(scope, today);
            FallDue(scope, today);
            Remind(scope, today);
            extracts.Release(scope, Clock.GetUtcNow());
            scope.Db.SaveChanges();
        },
        cancellation);

    protected override bool BeginsAtOnce => true;

    protected override Task TurnAsync(CancellationToken stopping) => RunOnceAsync(stopping);

    protected override bool Survives(Exception failure)
    {
        Log.ClockFailed(logger, failure);
        return true;
    }

    private void Expire(WriteScope scope, DateOnly today)
    {
        foreach (var row in scope.Db.Set<ProjectRow>().ToList().Where(row => MayExpire(scope.Db, row)).ToList())
        {
            var project = ApprovedProject.Find(scope.Db, row.ProjectId)!;
            if (today > project.Approval.Period!.To)
            {
                if (row.State == ProjectState.Delivering)
                {
                    // All streams have ended and no receipt came in time (T4).
                    var isDelivered = scope.Db.Set<HoldingRow>().Any(holding => holding.ProjectId == row.ProjectId);
                    project.Move(isDelivered ? ProjectEvent.StreamAbortedDelivered : ProjectEvent.StreamAbortedUndelivered);
                }

                project.Move(ProjectEvent.PeriodEnded);
                log.Append(scope, ProjectLeaf.Of(LeafType.ApprovalExpired, key.System, project, LogHash.Of(project.InForce.CommitmentSalt)));
            }
        }
    }

    // A project that is delivering expires once its last stream has been cut, at the latest at its next window (R03).
    private static bool MayExpire(DeliveryDb db, ProjectRow project) =>
        LifeCycle.After(project.State, ProjectEvent.PeriodEnded) is not null
        || (project.State == ProjectState.Delivering && !db.Set<ExtractCallRow>().Any(call =>
            call.TerminalLogIndex < 0 && db.Set<ExtractRow>().Any(extract => extract.ExtractId == call.ExtractId && extract.ProjectId == project.ProjectId)));

    private void FallDue(WriteScope scope, DateOnly today)
    {
        var day = IsoDay.Text(today);
        foreach (var holding in Open(scope).Where(holding => string.CompareOrdinal(holding.DeletionDue, day) < 0).ToList())
        {
            var project = scope.Db.Set<ProjectRow>().Single(row => row.ProjectId == holding.ProjectId);
            // A stream that is being cut may keep the project from its state for a while; the holding is late all the same.
            project.State = LifeCycle.After(project.State, ProjectEvent.DeadlinePassed) ?? project.State;
            if (!holding.WasOverdue)
            {
                holding.WasOverdue = true;
                project.WasOverdue = true;
                log.Append(scope, LeafDraft.HoldingOverdue(key.System, holding.ProjectId, holding.HoldingId, IsoDay.Read(holding.DeletionDue)));
            }
        }
    }

    private void Remind(WriteScope scope, DateOnly today)
    {
        foreach (var holding in Open(scope).Where(holding => IsReminderDue(holding, today)).ToList())
        {
            holding.LastRemindedOn = IsoDay.Text(today);
            scope.AfterCommit.Add(() => Log.HoldingDue(logger, holding.HoldingId, holding.DeletionDue));
        }
    }

    private static bool IsReminderDue(HoldingRow holding, DateOnly today)
    {
        var due = IsoDay.Read(holding.DeletionDue);
        DateOnly? last = holding.LastRemindedOn.Length == 0 ? null : IsoDay.Read(holding.LastRemindedOn);
        return today > due
            ? last is null || last <= due || today.DayNumber - last.Value.DayNumber >= OverdueReminderDays
            : ReminderDays.Any(days => today >= due.AddDays(-days) && (last is null || last < due.AddDays(-days)));
    }

    private static IEnumerable<HoldingRow> Open(WriteScope scope) => scope.Db.Set<HoldingRow>().Where(holding => holding.State == HoldingState.Open).AsEnumerable();
}
