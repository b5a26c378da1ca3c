using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.Log;
using Delivery.Protocol.V1;
using Grpc.Core;

namespace Delivery.EndToEnd.Rules;

/// <summary>How projects end: holding by holding, and only with a word about each.</summary>
public abstract class ClosureTests(RuleServer rules)
{
    private readonly RunningServer _server = rules.Server;
    private readonly Acts _acts = rules.Acts;

    [Fact]
    [Proves("T3", "T11")]
    public async Task A_project_closes_with_its_last_holding_and_not_before()
    {
        var holdings = await TwoHoldingsAsync("LAST");
        var first = await _acts.DeletedAsync("LAST", holdings[0]);
        Assert.Equal(("DELIVERED", holdings[0]), (first.ProjectState, Assert.Single(first.HoldingIds)));
        var size = _server.LogSize();
        var last = await _acts.DeletedAsync("LAST", holdings[1]);
        Assert.Equal("CLOSED_DELETED", last.ProjectState);
        Assert.Equal([LeafType.DeletionConfirmed, LeafType.ProjectClosed], _server.Leaves(size).Select(leaf => leaf.Type));
        Assert.Equal(["DELETED", "DELETED"], (await _acts.ProjectAsync("LAST")).Holdings.Select(holding => holding.State));
    }

    [Fact]
    [Proves("T12")]
    public async Task One_archived_holding_makes_the_project_an_archived_one()
    {
        var holdings = await TwoHoldingsAsync("MIXED");
        await _acts.ArchivedAsync("MIXED", holdings[0]);
        Assert.Equal("CLOSED_ARCHIVED", (await _acts.DeletedAsync("MIXED", holdings[1])).ProjectState);
        Assert.Equal(["ARCHIVED", "DELETED"], (await _acts.ProjectAsync("MIXED")).Holdings.OrderBy(holding => holding.State).Select(holding => holding.State));
    }

    [Fact]
    [Proves("T12", "E_CONFIRMATION_INCOMPLETE")]
    public async Task An_archive_is_named_and_has_given_a_receipt()
    {
        await _acts.ApproveAsync("ARCHIVE");
        await _acts.DeliverAsync("ARCHIVE");
        var request = new ConfirmArchivalRequest { ProjectId = "ARCHIVE", Archive = "Rigsarkivet", ReceiptReference = "RA-2", ArchivedOn = _acts.Today, SignerName = "Institutleder" };
        foreach (var spoil in new Action<ConfirmArchivalRequest>[] { spoiled => spoiled.Archive = "", spoiled => spoiled.ReceiptReference = "", spoiled => spoiled.SignerName = "" })
        {
            var spoiled = request.Clone();
            spoil(spoiled);
            await RefusedCall.ExpectAsync("E_CONFIRMATION_INCOMPLETE", StatusCode.InvalidArgument, async () => await _acts.Administrator.ConfirmArchivalAsync(spoiled));
        }

        Assert.Equal("CLOSED_ARCHIVED", (await _acts.Administrator.ConfirmArchivalAsync(request)).Confirmation.ProjectState);
        var size = _server.LogSize();
        Assert.Equal("CLOSED_ARCHIVED", (await _acts.Administrator.ConfirmArchivalAsync(request)).Confirmation.ProjectState);
        Assert.Equal(size, _server.LogSize());
        request.ReceiptReference = "RA-3";
        await RefusedCall.ExpectAsync("E_CONFIRMATION_CONTRADICTS", StatusCode.FailedPrecondition, async () => await _acts.Administrator.ConfirmArchivalAsync(request));
        await RefusedCall.ExpectAsync("E_CONFIRMATION_CONTRADICTS", StatusCode.FailedPrecondition, () => _acts.DeletedAsync("ARCHIVE"));
    }

    [Fact]
    [Proves("T11", "E_CONFIRMATION_CONTRADICTS")]
    public async Task A_confirmation_that_mixes_what_is_confirmed_with_what_is_not_is_refused_whole()
    {
        var holdings = await TwoHoldingsAsync("PARTLY");
        await _acts.DeletedAsync("PARTLY", holdings[0]);
        await RefusedCall.ExpectAsync("E_CONFIRMATION_CONTRADICTS", StatusCode.FailedPrecondition, () => _acts.ArchivedAsync("PARTLY", [.. holdings]));
        Assert.Equal("DELIVERED", await _acts.StateAsync("PARTLY"));
    }

    [Fact]
    [Proves("T11")]
    public async Task A_delivery_that_awaits_its_receipt_keeps_the_project_open()
    {
        await _acts.ApproveAsync("AWAITED");
        await _acts.DeliverAsync("AWAITED");
        using var second = await rules.Recipient.PullAsync(Assert.Single(await rules.Recipient.ListAsync("AWAITED")));
        await _acts.WithdrawAsync("AWAITED");
        Assert.Equal("WITHDRAWN", (await _acts.DeletedAsync("AWAITED")).ProjectState);
        await Extracts.Receipts.AcknowledgeAsync(rules.Recipient, _server, second);
        Assert.Equal("CLOSED_DELETED", (await _acts.DeletedAsync("AWAITED")).ProjectState);
    }

    [Fact]
    [Proves("T13", "E_HOLDINGS_OPEN")]
    public async Task A_project_is_closed_without_data_only_if_nothing_was_delivered()
    {
        await _acts.ApproveAsync("NOTHING");
        var size = _server.LogSize();
        var closed = await _acts.AgencyClosing.CloseWithoutDataAsync(new CloseWithoutDataRequest { ProjectId = "NOTHING" });
        Assert.Equal(("CLOSED_NO_DATA", LeafType.ProjectClosed), (closed.ProjectState, Assert.Single(_server.Leaves(size)).Type));
        await RefusedCall.ExpectAsync("E_STATE", StatusCode.FailedPrecondition, async () => await _acts.AgencyClosing.CloseWithoutDataAsync(new CloseWithoutDataRequest { ProjectId = "NOTHING" }));

        await _acts.ApproveAsync("SOMETHING");
        await _acts.DeliverAsync("SOMETHING");
        await RefusedCall.ExpectAsync("E_HOLDINGS_OPEN", StatusCode.FailedPrecondition, async () => await _acts.AgencyClosing.CloseWithoutDataAsync(new CloseWithoutDataRequest { ProjectId = "SOMETHING" }));
    }

    [Fact]
    [Proves("R06")]
    public async Task Nothing_happens_to_a_closed_project_any_more()
    {
        var approval = await _acts.ApproveAsync("CLOSED");
        var extract = Assert.Single(await rules.Recipient.ListAsync("CLOSED"));
        await _acts.DeliverAsync("CLOSED");
        await _acts.DeletedAsync("CLOSED");
        foreach (var act in new Func<Task>[]
        {
            () => _acts.SuspendAsync("CLOSED"), () => _acts.ResumeAsync("CLOSED"), () => _acts.WithdrawAsync("CLOSED"),
            () => _acts.AmendAsync(approval, next => next.StilCaseNumber = "26/4"), () => _acts.PartDeletedAsync("CLOSED"),
        })
        {
            await RefusedCall.ExpectAsync("E_STATE", StatusCode.FailedPrecondition, act);
        }

        using var stream = rules.Recipient.Open(extract, rules.Recipient.Ask(extract));
        await RefusedCall.ExpectAsync("R06", StatusCode.FailedPrecondition, stream.ReadToEndAsync);
        Assert.Equal("CLOSED_DELETED", await _acts.StateAsync("CLOSED"));
    }

    [Fact]
    [Proves("R01")]
    public async Task Another_controllers_administrator_meets_only_projects_that_do_not_exist()
    {
        await _acts.ApproveAsync("NOT-YOURS");
        await _acts.DeliverAsync("NOT-YOURS");
        using var certificate = IssuedCertificates.Issue(_server, "ca", "administrator", "20000007", _server.Clock.GetUtcNow());
        var channel = _server.Channel(certificate);
        var closing = new ClosureService.ClosureServiceClient(channel);
        var archival = new ConfirmArchivalRequest { ProjectId = "NOT-YOURS", Archive = "Rigsarkivet", ReceiptReference = "RA-4", ArchivedOn = _acts.Today, SignerName = "X" };
        var part = new ConfirmPartDeletionRequest { ProjectId = "NOT-YOURS", DeletedOn = _acts.Today, SignerName = "X" };
        foreach (var act in new Func<Task>[]
        {
            async () => await closing.ConfirmArchivalAsync(archival),
            async () => await closing.ConfirmPartDeletionAsync(part),
            async () => await closing.CloseWithoutDataAsync(new CloseWithoutDataRequest { ProjectId = "NOT-YOURS" }),
            async () => await new ApprovalService.ApprovalServiceClient(channel).GetProcessingRecordAsync(new GetProcessingRecordRequest { ProjectId = "NOT-YOURS" }),
        })
        {
            await RefusedCall.ExpectAsync("R01", StatusCode.NotFound, act);
        }

        Assert.Empty((await closing.ListDueHoldingsAsync(new ListDueHoldingsRequest())).Holdings);
    }

    [Fact]
    public async Task Due_holdings_come_by_day_and_only_to_those_they_concern()
    {
        await ApproveAsync("DUE-40", 40);
        await ApproveAsync("DUE-20", 20);
        await ApproveAsync("DUE-30", 30);
        foreach (var project in new[] { "DUE-40", "DUE-20", "DUE-30" })
        {
            await _acts.DeliverAsync(project);
        }

        Assert.Equal(["DUE-20", "DUE-30", "DUE-40"], await DueAsync(_acts.Administrator, 0));
        Assert.Equal(["DUE-20", "DUE-30"], await DueAsync(_acts.AgencyClosing, 30));
        Assert.Equal(["DUE-20", "DUE-30", "DUE-40"], await DueAsync(new ClosureService.ClosureServiceClient(_server.Channel("auditor")), int.MaxValue));
        _server.Clock.Turn(TimeSpan.FromDays(25));
        var overdue = (await _acts.AgencyClosing.ListDueHoldingsAsync(new ListDueHoldingsRequest { WithinDays = 1 })).Holdings.Where(entry => entry.ProjectId.StartsWith("DUE-", StringComparison.Ordinal)).ToList();
        _server.Clock.Turn(-TimeSpan.FromDays(25));
        Assert.Equal(("DUE-20", true), (Assert.Single(overdue).ProjectId, overdue[0].IsOverdue));
    }

    private static async Task<IEnumerable<string>> DueAsync(ClosureService.ClosureServiceClient service, int withinDays) =>
        (await service.ListDueHoldingsAsync(new ListDueHoldingsRequest { WithinDays = withinDays })).Holdings
            .Select(entry => entry.ProjectId).Where(project => project.StartsWith("DUE-", StringComparison.Ordinal));

    private Task<ProjectApproval> ApproveAsync(string project, int due) => _acts.ApproveAsync(project, approval =>
    {
        approval.PeriodTo = SampleApproval.Day(_server.Clock.Today.AddDays(10));
        approval.DeletionDue = SampleApproval.Day(_server.Clock.Today.AddDays(due));
    });

    private async Task<IReadOnlyList<string>> TwoHoldingsAsync(string project)
    {
        await _acts.ApproveAsync(project);
        return [.. await _acts.DeliverAsync(project), .. await _acts.DeliverAsync(project)];
    }
}

[Collection(RulesOnSqlite.Name)]
public sealed class ClosureTestsOnSqlite(RuleServerOnSqlite rules) : ClosureTests(rules);

[NeedsPostgres]
[Collection(RulesOnPostgres.Name)]
public sealed class ClosureTestsOnPostgres(RuleServerOnPostgres rules) : ClosureTests(rules);
