using Delivery.Server.Approvals;

namespace Delivery.Tests.Approvals;

public class LifeCycleTests
{
    [Fact]
    public void Nothing_happens_to_a_closed_project() => Assert.All(
        from state in LifeCycle.Closed
        from happened in Enum.GetValues<ProjectEvent>()
        select (state, happened),
        pair => Assert.Null(LifeCycle.After(pair.state, pair.happened)));

    [Fact]
    public void Only_a_confirmation_closes_a_project_that_holds_data() => Assert.All(
        LifeCycle.Steps.Where(step => LifeCycle.Closed.Contains(step.To)),
        step => Assert.Contains(step.On, new[] { ProjectEvent.LastHoldingDeleted, ProjectEvent.LastHoldingArchived, ProjectEvent.ClosedWithoutData }));

    [Fact]
    public void A_project_that_was_delivered_does_not_end_without_a_word_about_its_data() =>
        Assert.Null(LifeCycle.After(ProjectState.Delivered, ProjectEvent.ClosedWithoutData));

    [Fact]
    public void Every_event_has_a_place_in_the_table() =>
        Assert.Equal(Enum.GetValues<ProjectEvent>(), LifeCycle.Steps.Select(step => step.On).Distinct().Order());

    [Fact]
    public void Every_step_leads_to_one_place() =>
        Assert.Equal(LifeCycle.Steps.Count, LifeCycle.Steps.DistinctBy(step => (step.From, step.On)).Count());

    [Fact]
    public void Results_leave_only_while_the_approval_stands() => Assert.Equal(
        [ProjectState.Approved, ProjectState.Delivering, ProjectState.Delivered],
        Enum.GetValues<ProjectState>().Where(LifeCycle.IsActive));

    [Fact]
    public void A_delivery_stands_by_a_receipt_or_by_reuse_and_by_nothing_else() => Assert.Equal(
        [ProjectEvent.ReceiptMatched, ProjectEvent.StreamAbortedDelivered, ProjectEvent.Amended, ProjectEvent.ResumedDelivered, ProjectEvent.ReuseRegistered],
        LifeCycle.Steps.Where(step => step.To == ProjectState.Delivered).Select(step => step.On).Distinct().Order());

    [Fact]
    public void The_numbers_of_the_states_are_those_the_database_keeps() => Assert.Equal(
        "1 APPROVED, 2 DELIVERING, 3 DELIVERED, 4 SUSPENDED, 5 WITHDRAWN, 6 EXPIRED, 7 OVERDUE, 8 CLOSED_DELETED, 9 CLOSED_ARCHIVED, 10 CLOSED_NO_DATA",
        string.Join(", ", Enum.GetValues<ProjectState>().Select(state => $"{(int)state} {state.WireName()}")));
}
