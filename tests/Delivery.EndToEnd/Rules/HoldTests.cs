using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.Log;
using Delivery.Protocol.V1;
using Grpc.Core;

namespace Delivery.EndToEnd.Rules;

/// <summary>STIL's hold on a project: suspended, resumed, withdrawn, also in the middle of a stream.</summary>
public abstract class HoldTests(RuleServer rules)
{
    private readonly RunningServer _server = rules.Server;
    private readonly Acts _acts = rules.Acts;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [Proves("R06", "T2", "T4", "T6")]
    public async Task A_stream_that_meets_a_suspension_ends_with_its_window_and_goes_on_after_the_resumption(int frame)
    {
        var project = $"HELD-{frame}";
        await _acts.ApproveAsync(project);
        var extract = Assert.Single(await rules.Recipient.ListAsync(project));
        rules.Frames.Before(project, at => at == frame ? _acts.SuspendAsync(project) : Task.CompletedTask);
        using var stream = rules.Recipient.Open(extract, rules.Recipient.Ask(extract));
        await RefusedCall.ExpectAsync("R06", StatusCode.FailedPrecondition, stream.ReadToEndAsync);
        Assert.Equal((frame + 1) / 2 * RuleServer.WindowBatches, stream.NextBatch);

        using var held = rules.Recipient.Open(extract, rules.Recipient.AskRest(extract, stream), stream.Rows);
        await RefusedCall.ExpectAsync("R06", StatusCode.FailedPrecondition, held.ReadToEndAsync);
        Assert.Equal("SUSPENDED", await _acts.StateAsync(project));

        Assert.Equal("APPROVED", (await _acts.ResumeAsync(project)).State);
        rules.Frames.Before(project, _ => Task.CompletedTask);
        using var rest = rules.Recipient.Open(extract, rules.Recipient.AskRest(extract, stream), stream.Rows);
        await rest.ReadToEndAsync();
        Assert.Equal(extract.BatchCount, rest.NextBatch);
        Assert.Equal("DELIVERING", await _acts.StateAsync(project));
    }

    [Fact]
    [Proves("T6")]
    public async Task A_delivered_project_is_delivered_again_after_a_suspension()
    {
        await _acts.ApproveAsync("PAUSE");
        await _acts.DeliverAsync("PAUSE");
        await _acts.SuspendAsync("PAUSE");
        Assert.Equal("DELIVERED", (await _acts.ResumeAsync("PAUSE")).State);
        await RefusedCall.ExpectAsync("E_STATE", StatusCode.FailedPrecondition, () => _acts.ResumeAsync("PAUSE"));
    }

    [Fact]
    [Proves("T7", "R06")]
    public async Task A_withdrawal_cuts_the_stream_and_is_for_good()
    {
        var approval = await _acts.ApproveAsync("WITHDRAWN");
        var extract = Assert.Single(await rules.Recipient.ListAsync("WITHDRAWN"));
        rules.Frames.Before("WITHDRAWN", at => at == 1 ? _acts.WithdrawAsync("WITHDRAWN") : Task.CompletedTask);
        using var stream = rules.Recipient.Open(extract, rules.Recipient.Ask(extract));
        await RefusedCall.ExpectAsync("R06", StatusCode.FailedPrecondition, stream.ReadToEndAsync);
        var leaves = _server.Leaves().Where(leaf => leaf.ProjectId == "WITHDRAWN").Select(leaf => leaf.Type);
        Assert.Equal([LeafType.ApprovalPushed, LeafType.ExtractOpened, LeafType.RangeReleased, LeafType.ApprovalWithdrawn, LeafType.ExtractAborted], leaves);

        foreach (var act in new Func<Task>[]
        {
            () => _acts.ResumeAsync("WITHDRAWN"), () => _acts.SuspendAsync("WITHDRAWN"), () => _acts.WithdrawAsync("WITHDRAWN"),
            () => _acts.AmendAsync(approval, next => next.StilCaseNumber = "26/3"),
        })
        {
            await RefusedCall.ExpectAsync("E_STATE", StatusCode.FailedPrecondition, act);
        }
    }

    [Fact]
    [Proves("T7")]
    public async Task What_was_delivered_is_due_within_thirty_days_of_a_withdrawal_or_earlier_if_it_was_due_earlier()
    {
        await _acts.ApproveAsync("HASTENED");
        await _acts.DeliverAsync("HASTENED");
        var in30Days = SampleApproval.Day(_server.Clock.Today.AddDays(30));
        Assert.Equal(in30Days, (await _acts.WithdrawAsync("HASTENED")).DeletionDue);
        Assert.Equal(in30Days, Assert.Single((await _acts.ProjectAsync("HASTENED")).Holdings).DeletionDue);

        var in9Days = SampleApproval.Day(_server.Clock.Today.AddDays(9));
        await _acts.ApproveAsync("SOON-DUE", approval => (approval.PeriodTo, approval.DeletionDue) = (in9Days, in9Days));
        Assert.Equal(in9Days, (await _acts.WithdrawAsync("SOON-DUE")).DeletionDue);
    }

    [Fact]
    [Proves("T3", "T7")]
    public async Task A_receipt_after_the_withdrawal_still_makes_a_holding_and_leaves_the_project_withdrawn()
    {
        await _acts.ApproveAsync("RECEIPT-AFTER");
        using var stream = await rules.Recipient.PullAsync(Assert.Single(await rules.Recipient.ListAsync("RECEIPT-AFTER")));
        await _acts.WithdrawAsync("RECEIPT-AFTER");
        await RefusedCall.ExpectAsync("E_HOLDINGS_OPEN", StatusCode.FailedPrecondition, async () =>
            await _acts.AgencyClosing.CloseWithoutDataAsync(new CloseWithoutDataRequest { ProjectId = "RECEIPT-AFTER" }));
        var holding = await Extracts.Receipts.AcknowledgeAsync(rules.Recipient, _server, stream);
        Assert.Equal(("WITHDRAWN", SampleApproval.Day(_server.Clock.Today.AddDays(30))), (await _acts.StateAsync("RECEIPT-AFTER"), holding.DeletionDue));
        Assert.Equal("CLOSED_DELETED", (await _acts.DeletedAsync("RECEIPT-AFTER")).ProjectState);
    }

    [Fact]
    [Proves("E_REASON_MISSING")]
    public async Task Nobody_holds_a_project_without_saying_why_and_the_words_stay_out_of_the_log()
    {
        const string words = "Mistanke om brud paa vilkaarene";
        await _acts.ApproveAsync("WHY");
        foreach (var reason in new[] { "", new string('x', 501) })
        {
            await RefusedCall.ExpectAsync("E_REASON_MISSING", StatusCode.InvalidArgument, async () =>
                await _acts.Agency.WithdrawApprovalAsync(new WithdrawApprovalRequest { ProjectId = "WHY", Reason = reason }));
        }

        await _acts.Agency.SuspendProjectAsync(new SuspendProjectRequest { ProjectId = "WHY", Reason = words });
        using var log = new Delivery.Server.TransferLog.LogReader(_server.Get<Delivery.Server.Storage.Store>());
        Assert.All(log.Leaves(0, long.MaxValue, "WHY", ""), leaf => Assert.DoesNotContain(words, System.Text.Encoding.UTF8.GetString(leaf.Body), StringComparison.Ordinal));
    }
}

[Collection(RulesOnSqlite.Name)]
public sealed class HoldTestsOnSqlite(RuleServerOnSqlite rules) : HoldTests(rules);

[NeedsPostgres]
[Collection(RulesOnPostgres.Name)]
public sealed class HoldTestsOnPostgres(RuleServerOnPostgres rules) : HoldTests(rules);
