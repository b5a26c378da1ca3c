using Delivery.Protocol.Domain;
using Delivery.Server.Approvals;
using Delivery.Server.Identity;
using Delivery.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Delivery.Server.Closure;

/// <summary>An open holding, its project, and whether it is late.</summary>
internal sealed record DueHolding(HoldingRow Holding, ProjectRow Project, bool IsOverdue);

/// <summary>Lists open holdings by the day they are due.</summary>
internal sealed class DueHoldings(Store store, IOptions<IdentityOptions> identity, TimeProvider clock)
{
    /// <summary>How many projects have a holding that should be gone.</summary>
    public int OverdueProjects()
    {
        var today = IsoDay.Text(DanishTime.DateOf(clock.GetUtcNow()));
        return store.Read(db => db.Set<HoldingRow>().AsNoTracking()
            .Where(holding => holding.State == HoldingState.Open && holding.DeletionDue.CompareTo(today) < 0)
            .Select(holding => holding.ProjectId).Distinct().Count());
    }

    /// <param name="withinDays">Only those due within so many days, 0 for all; overdue ones are always among them.</param>
    /// <param name="caller">Administrators see their own controller's.</param>
    public IReadOnlyList<DueHolding> List(int withinDays, Caller caller)
    {
        var today = DanishTime.DateOf(clock.GetUtcNow());
        var last = IsoDay.Text(withinDays <= 0 || withinDays > DateOnly.MaxValue.DayNumber - today.DayNumber ? DateOnly.MaxValue : today.AddDays(withinDays));
        var seesAll = caller.Has(Role.StilApprovals | Role.Auditor) || caller.Cvr == identity.Value.StilCvr;
        return store.Read(db => db.Set<HoldingRow>().AsNoTracking()
            .Join(db.Set<ProjectRow>().AsNoTracking(), holding => holding.ProjectId, project => project.ProjectId, (holding, project) => new { holding, project })
            .Where(entry => entry.holding.State == HoldingState.Open && entry.holding.DeletionDue.CompareTo(last) <= 0)
            .Where(entry => seesAll || entry.project.ControllerCvr == caller.Cvr)
            .OrderBy(entry => entry.holding.DeletionDue).ThenBy(entry => entry.holding.HoldingId)
            .AsEnumerable()
            .Select(entry => new DueHolding(entry.holding, entry.project, string.CompareOrdinal(entry.holding.DeletionDue, IsoDay.Text(today)) < 0))
            .ToList());
    }
}
