using Delivery.Server.Approvals;

namespace Delivery.Tests.Rules;

/// <summary>What must hold of the table of steps whatever is added to it.</summary>
public class LifeCycleTests
{
    private static readonly ProjectState[] Finals = [ProjectState.ClosedDeleted, ProjectState.ClosedArchived, ProjectState.ClosedNoData];

    [Fact]
    public void What_is_closed_stays_closed()
    {
        Assert.Equal(Finals, LifeCycle.Closed);
        Assert.All(Finals, state => Assert.All(Enum.GetValues<ProjectEvent>(), happened => Assert.Null(LifeCycle.After(state, happened))));
    }

    [Fact]
    public void Every_other_state_has_a_way_to_a_closed_one() => Assert.All(Enum.GetValues<ProjectState>(), state => Assert.Contains(Reachable(state), LifeCycle.Closed.Contains));

    [Fact]
    public void Every_state_can_be_reached_from_an_approval() =>
        Assert.Equal(Enum.GetValues<ProjectState>(), Reachable(ProjectState.Approved).Order());

    [Fact]
    public void Nothing_that_was_delivered_is_closed_without_a_confirmation()
    {
        ProjectEvent[] confirmations = [ProjectEvent.LastHoldingDeleted, ProjectEvent.LastHoldingArchived];
        var closing = LifeCycle.Steps.Where(step => LifeCycle.Closed.Contains(step.To)).ToList();
        Assert.All(closing, step => Assert.Equal(step.To == ProjectState.ClosedNoData, step.On == ProjectEvent.ClosedWithoutData));
        Assert.All(closing.Where(step => step.To != ProjectState.ClosedNoData), step => Assert.Contains(step.On, confirmations));
        Assert.DoesNotContain(closing, step => step is { From: ProjectState.Delivered or ProjectState.Overdue, On: ProjectEvent.ClosedWithoutData });
    }

    [Fact]
    public void Extracts_are_streamed_only_while_an_approval_is_in_force() =>
        Assert.Equal([ProjectState.Approved, ProjectState.Delivering, ProjectState.Delivered], Enum.GetValues<ProjectState>().Where(LifeCycle.IsActive));

    [Fact]
    public void Every_event_has_a_step_and_every_step_a_rule()
    {
        Assert.Equal(Enum.GetValues<ProjectEvent>(), LifeCycle.Steps.Select(step => step.On).Distinct().Order());
        var codes = LifeCycle.Steps.Select(step => step.Code).Distinct();
        // T1 makes the project, T9 reminds: neither moves one from a state to another.
        Assert.Equal(LifeCycleRules.All.Select(rule => rule.Code).Except(["T1", "T9"]), codes);
    }

    private static HashSet<ProjectState> Reachable(ProjectState first)
    {
        HashSet<ProjectState> seen = [first];
        for (var size = 0; size < seen.Count;)
        {
            size = seen.Count;
            seen.UnionWith(LifeCycle.Steps.Where(step => seen.Contains(step.From)).Select(step => step.To).ToList());
        }

        return seen;
    }
}
