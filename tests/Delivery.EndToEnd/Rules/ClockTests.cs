using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.Log;
using Delivery.Protocol.V1;
using Grpc.Core;

namespace Delivery.EndToEnd.Rules;

/// <summary>What time does to a project, told by turning the server's clock; each test turns it back.</summary>
public abstract class ClockTests(RuleServer rules) : IAsyncLifetime
{
    private readonly RunningServer _server = rules.Server;
    private readonly Acts _acts = rules.Acts;
    private DateOnly _first;

    public Task InitializeAsync()
    {
        _first = _server.Clock.Today;
        return Task.CompletedTask;
    }

    public Task DisposeAsync()
    {
        _server.Clock.Turn(TimeSpan.FromDays(_first.DayNumber - _server.Clock.Today.DayNumber));
        return Task.CompletedTask;
    }

    [Fact]
    [Proves("T8", "R03", "R06")]
    public async Task A_period_lasts_through_its_last_day_and_then_nothing_is_delivered()
    {
        await ApproveAsync("PERIOD-ENDS", period: 10, due: 40);
        var extract = Assert.Single(await rules.Recipient.ListAsync("PERIOD-ENDS"));
        await _acts.PassAsync(10);
        Assert.Equal("APPROVED", await _acts.StateAsync("PERIOD-ENDS"));
        _server.Clock.Turn(TimeSpan.FromDays(1));
        using var late = rules.Recipient.Open(extract, rules.Recipient.Ask(extract));
        await RefusedCall.ExpectAsync("R03", StatusCode.FailedPrecondition, late.ReadToEndAsync);

        await _acts.PassAsync(0);
        Assert.Equal("EXPIRED", await _acts.StateAsync("PERIOD-ENDS"));
        Assert.Equal(LeafType.ApprovalExpired, _server.Leaves().Last(leaf => leaf.ProjectId == "PERIOD-ENDS").Type);
        using var later = rules.Recipient.Open(extract, rules.Recipient.Ask(extract));
        await RefusedCall.ExpectAsync("R06", StatusCode.FailedPrecondition, later.ReadToEndAsync);
    }

    [Fact]
    [Proves("T4", "T8", "R03")]
    public async Task A_stream_that_runs_past_midnight_of_the_last_day_is_cut_before_the_project_expires()
    {
        await ApproveAsync("MIDNIGHT", period: 10, due: 40);
        var extract = Assert.Single(await rules.Recipient.ListAsync("MIDNIGHT"));
        var meanwhile = "";
        rules.Frames.Before("MIDNIGHT", async frame =>
        {
            if (frame == 2)
            {
                await _acts.PassAsync(11);
                meanwhile = await _acts.StateAsync("MIDNIGHT");
            }
        });
        using var stream = rules.Recipient.Open(extract, rules.Recipient.Ask(extract));
        await RefusedCall.ExpectAsync("R03", StatusCode.FailedPrecondition, stream.ReadToEndAsync);
        Assert.Equal(("DELIVERING", "APPROVED"), (meanwhile, await _acts.StateAsync("MIDNIGHT")));
        await _acts.PassAsync(0);
        Assert.Equal("EXPIRED", await _acts.StateAsync("MIDNIGHT"));
    }

    [Fact]
    [Proves("T4", "T8")]
    public async Task A_project_whose_delivery_was_never_acknowledged_expires_all_the_same()
    {
        await ApproveAsync("NO-RECEIPT", period: 10, due: 40);
        using var stream = await rules.Recipient.PullAsync(Assert.Single(await rules.Recipient.ListAsync("NO-RECEIPT")));
        await _acts.PassAsync(11);
        Assert.Equal("EXPIRED", await _acts.StateAsync("NO-RECEIPT"));
        await RefusedCall.ExpectAsync("E_HOLDINGS_OPEN", StatusCode.FailedPrecondition, async () =>
            await _acts.AgencyClosing.CloseWithoutDataAsync(new CloseWithoutDataRequest { ProjectId = "NO-RECEIPT" }));
        await Extracts.Receipts.AcknowledgeAsync(rules.Recipient, _server, stream);
        Assert.Equal("CLOSED_DELETED", (await _acts.DeletedAsync("NO-RECEIPT")).ProjectState);
    }

    [Fact]
    [Proves("T9")]
    public async Task A_deletion_is_reminded_of_ninety_thirty_and_seven_days_before_and_every_fortnight_after()
    {
        await ApproveAsync("REMINDED", period: 60, due: 100);
        var holding = Assert.Single(await _acts.DeliverAsync("REMINDED"));
        var reminded = new List<int>();
        for (var day = 0; day <= 135; day++)
        {
            await _acts.PassAsync(day == 0 ? 0 : 1);
            var due = (await _acts.AgencyClosing.ListDueHoldingsAsync(new ListDueHoldingsRequest())).Holdings.Single(entry => entry.HoldingId == holding);
            if (due.LastRemindedOn == _acts.Today)
            {
                reminded.Add(day);
            }
        }

        Assert.Equal([10, 70, 93, 101, 115, 129], reminded);
        Assert.Equal(reminded.Count, _server.Log.Lines.Count(line => line.Contains(" 7001 ", StringComparison.Ordinal) && line.Contains(holding, StringComparison.Ordinal)));
    }

    [Fact]
    [Proves("T9")]
    public async Task Reminders_of_days_when_the_server_did_not_run_are_made_up_for_by_one()
    {
        await ApproveAsync("MISSED", period: 60, due: 100);
        var holding = Assert.Single(await _acts.DeliverAsync("MISSED"));
        await _acts.PassAsync(95);
        await _acts.PassAsync(0);
        await _acts.PassAsync(1);
        Assert.Single(_server.Log.Lines, line => line.Contains(" 7001 ", StringComparison.Ordinal) && line.Contains(holding, StringComparison.Ordinal));
    }

    [Fact]
    [Proves("T10", "R06")]
    public async Task A_deadline_that_passes_is_on_record_for_ever()
    {
        await ApproveAsync("LATE", period: 10, due: 20);
        var holding = Assert.Single(await _acts.DeliverAsync("LATE"));
        await _acts.PassAsync(20);
        Assert.Equal("EXPIRED", await _acts.StateAsync("LATE"));
        await _acts.PassAsync(1);
        await _acts.PassAsync(0);
        Assert.Equal("OVERDUE", await _acts.StateAsync("LATE"));
        Assert.Single(_server.Leaves(), leaf => leaf.Type == LeafType.HoldingOverdue && leaf.Text("holding_id") == holding);

        Assert.Equal("CLOSED_DELETED", (await _acts.DeletedAsync("LATE")).ProjectState);
        Assert.True(Assert.Single((await _acts.ProjectAsync("LATE")).Holdings).WasOverdue);
    }

    [Fact]
    [Proves("T7", "T10")]
    public async Task A_withdrawn_project_falls_due_thirty_days_later()
    {
        await ApproveAsync("WITHDRAWN-LATE", period: 100, due: 200);
        await _acts.DeliverAsync("WITHDRAWN-LATE");
        await _acts.WithdrawAsync("WITHDRAWN-LATE");
        await _acts.PassAsync(30);
        Assert.Equal("WITHDRAWN", await _acts.StateAsync("WITHDRAWN-LATE"));
        await _acts.PassAsync(1);
        Assert.Equal("OVERDUE", await _acts.StateAsync("WITHDRAWN-LATE"));
    }

    private Task<ProjectApproval> ApproveAsync(string projectId, int period, int due) => _acts.ApproveAsync(projectId, approval =>
    {
        approval.PeriodTo = SampleApproval.Day(_server.Clock.Today.AddDays(period));
        approval.DeletionDue = SampleApproval.Day(_server.Clock.Today.AddDays(due));
    });
}

[Collection(RulesOnSqlite.Name)]
public sealed class ClockTestsOnSqlite(RuleServerOnSqlite rules) : ClockTests(rules);

[NeedsPostgres]
[Collection(RulesOnPostgres.Name)]
public sealed class ClockTestsOnPostgres(RuleServerOnPostgres rules) : ClockTests(rules);
