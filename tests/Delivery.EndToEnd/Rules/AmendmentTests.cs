using System.Globalization;
using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.Log;
using Delivery.Protocol.V1;
using Grpc.Core;
using Subject = Delivery.Protocol.V1.Subject;

namespace Delivery.EndToEnd.Rules;

/// <summary>What STIL may change in an approval that stands, and what follows for the data already delivered.</summary>
public abstract class AmendmentTests(RuleServer rules)
{
    private readonly RunningServer _server = rules.Server;
    private readonly Acts _acts = rules.Acts;

    private static readonly Dictionary<string, Action<ProjectApproval>> Widenings = new()
    {
        ["YEAR"] = approval => approval.Scope.Selections[0].SchoolYears.Add(2017),
        ["VARIABLE"] = approval => approval.Scope.Variables.Add(SampleApproval.Ask("points_0_50")),
        ["PERIOD"] = approval => approval.PeriodTo = Later(approval.PeriodTo, 30),
        ["DEADLINE"] = approval => approval.DeletionDue = Later(approval.DeletionDue, 1),
        ["PROCESSOR"] = approval => approval.Processors.Add(new Processor { Name = "Bureauet", Cvr = "20000007", AgreementReference = "DBA-1", Sector = Sector.Public, Country = "DK" }),
        ["COUNTRY"] = approval => approval.Territory.Countries.Add("SE"),
        ["ACCOUNT"] = approval => approval.Recipient.DstProjectNumber = "700124",
    };

    public static TheoryData<string> WideningNames { get; } = [.. Widenings.Keys];

    [Theory]
    [MemberData(nameof(WideningNames))]
    [Proves("T5", "E_SIGNATURE_NEEDED")]
    public async Task Whatever_widens_an_approval_needs_a_newer_signature(string what)
    {
        var widen = Widenings[what];
        var approval = await _acts.ApproveAsync("WIDER-" + what);
        await RefusedCall.ExpectAsync("E_SIGNATURE_NEEDED", StatusCode.FailedPrecondition, () => _acts.AmendAsync(approval, widen));
        Assert.Equal(1, (await _acts.ProjectAsync(approval.ProjectId)).Version);

        var amended = await _acts.AmendAsync(approval, next =>
        {
            widen(next);
            next.Signature.SignedOn = _acts.Today;
        });
        Assert.Equal((2, true, true), (amended.Version, amended.IsNew, amended.IsWidened));
    }

    [Fact]
    [Proves("T5", "E_PURPOSE_CHANGED", "E_CONTROLLER_CHANGED")]
    public async Task Neither_the_purpose_nor_the_controller_ever_changes()
    {
        var approval = await _acts.ApproveAsync("FIXED");
        await RefusedCall.ExpectAsync("E_PURPOSE_CHANGED", StatusCode.FailedPrecondition, () => _acts.AmendAsync(approval, next => next.Purposes.Add(Purpose.Statistical)));
        await RefusedCall.ExpectAsync("E_CONTROLLER_CHANGED", StatusCode.FailedPrecondition, () => _acts.AmendAsync(approval, next =>
        {
            next.Controller.Cvr = "20000007";
            next.Signature.Cvr = "20000007";
        }));
        await RefusedCall.ExpectAsync("A22", StatusCode.FailedPrecondition, () => _acts.AmendAsync(approval, next => next.DataProtectionTermsAccepted = false));
    }

    [Fact]
    [Proves("T5")]
    public async Task Narrowing_leaves_the_duty_to_delete_the_difference_until_that_is_confirmed()
    {
        var approval = await _acts.ApproveAsync("NARROW");
        var holding = Assert.Single(await _acts.DeliverAsync("NARROW"));
        var amended = await _acts.AmendAsync(approval, next => next.Scope.Variables.RemoveAt(5));
        Assert.Equal((false, holding), (amended.IsWidened, Assert.Single(amended.PartDeletionHoldingIds)));
        Assert.True(Assert.Single((await _acts.ProjectAsync("NARROW")).Holdings).IsPartDeletionDue);

        var size = _server.LogSize();
        var confirmed = await _acts.PartDeletedAsync("NARROW");
        Assert.Equal((holding, "DELIVERED"), (Assert.Single(confirmed.HoldingIds), confirmed.ProjectState));
        var leaf = Assert.Single(_server.Leaves(size));
        Assert.Equal((LeafType.DeletionConfirmed, "PART_DELETED"), (leaf.Type, leaf.Text("method")));
        var left = Assert.Single((await _acts.ProjectAsync("NARROW")).Holdings);
        Assert.Equal(("OPEN", false), (left.State, left.IsPartDeletionDue));
    }

    [Fact]
    public async Task Narrowing_one_programme_leaves_no_duty_on_what_the_other_delivered()
    {
        var approval = await _acts.ApproveAsync("TWO-NARROW", both =>
        {
            both.Scope.Selections.Add(SampleApproval.Select(Programme.Fno, Subject.DanishReading, [2, 3], [2023]));
            both.Scope.Variables.Add(SampleApproval.Ask("ability_logit", "ability_standard_error"));
            both.AcknowledgedWarnings.Add("C3");
        });
        var holdings = await _acts.DeliverAsync("TWO-NARROW");
        Assert.Equal(2, holdings.Count);
        var amended = await _acts.AmendAsync(approval, next => next.Scope.Selections[1].Grades.Remove(3));
        Assert.Contains("-FNO-", Assert.Single(amended.PartDeletionHoldingIds), StringComparison.Ordinal);
    }

    [Fact]
    [Proves("T5", "E_VERSION_CONFLICT")]
    public async Task The_same_amendment_again_changes_nothing_and_another_of_that_version_is_refused()
    {
        var approval = await _acts.ApproveAsync("REPLAYED");
        var next = _acts.Next(approval, change => change.StilCaseNumber = "26/99");
        var first = await _acts.Agency.AmendApprovalAsync(new AmendApprovalRequest { Approval = next });
        var size = _server.LogSize();
        var again = await _acts.Agency.AmendApprovalAsync(new AmendApprovalRequest { Approval = next });
        Assert.Equal((first.LogIndex, false, size), (again.LogIndex, again.IsNew, _server.LogSize()));

        await RefusedCall.ExpectAsync("E_VERSION_CONFLICT", StatusCode.Aborted, () => _acts.AmendAsync(approval, change => change.StilCaseNumber = "26/100"));
        await RefusedCall.ExpectAsync("E_VERSION_CONFLICT", StatusCode.Aborted, () => _acts.AmendAsync(next, change => change.Version = 5));
        // An old version replayed is known, and does not come back into force.
        Assert.False((await _server.PushAsync(approval)).IsNew);
        Assert.Equal(2, (await _acts.ProjectAsync("REPLAYED")).Version);
    }

    [Fact]
    [Proves("T5")]
    public async Task A_stream_of_the_version_before_is_cut_at_its_next_window()
    {
        var approval = await _acts.ApproveAsync("CUT-BY-AMENDMENT");
        var extract = Assert.Single(await rules.Recipient.ListAsync("CUT-BY-AMENDMENT"));
        rules.Frames.Before("CUT-BY-AMENDMENT", frame => frame == 2 ? _acts.AmendAsync(approval, next => next.StilCaseNumber = "26/2") : Task.CompletedTask);
        using var stream = rules.Recipient.Open(extract, rules.Recipient.Ask(extract));
        await RefusedCall.ExpectAsync("E_EXTRACT_CHANGED", StatusCode.FailedPrecondition, stream.ReadToEndAsync);

        Assert.Equal(RuleServer.WindowBatches, stream.NextBatch);
        var types = _server.LeavesOfCall(stream.Call.Request.CallId.Memory).Select(leaf => leaf.Type);
        Assert.Equal([LeafType.ExtractOpened, LeafType.RangeReleased, LeafType.ExtractAborted], types);
        Assert.Equal("APPROVED", await _acts.StateAsync("CUT-BY-AMENDMENT"));
        Assert.NotEqual(extract.ExtractId, Assert.Single(await rules.Recipient.ListAsync("CUT-BY-AMENDMENT")).ExtractId);
    }

    [Fact]
    [Proves("T3", "T5")]
    public async Task A_delivery_that_was_complete_before_the_narrowing_is_acknowledged_with_the_duty_to_delete_the_difference()
    {
        var approval = await _acts.ApproveAsync("LATE-RECEIPT");
        using var stream = await rules.Recipient.PullAsync(Assert.Single(await rules.Recipient.ListAsync("LATE-RECEIPT")));
        await _acts.AmendAsync(approval, next => next.Scope.Selections[0].Grades.Remove(4));
        await Extracts.Receipts.AcknowledgeAsync(rules.Recipient, _server, stream);
        Assert.True(Assert.Single((await _acts.ProjectAsync("LATE-RECEIPT")).Holdings).IsPartDeletionDue);
    }

    private static string Later(string day, int days) => SampleApproval.Day(DateOnly.Parse(day, CultureInfo.InvariantCulture).AddDays(days));
}

[Collection(RulesOnSqlite.Name)]
public sealed class AmendmentTestsOnSqlite(RuleServerOnSqlite rules) : AmendmentTests(rules);

[NeedsPostgres]
[Collection(RulesOnPostgres.Name)]
public sealed class AmendmentTestsOnPostgres(RuleServerOnPostgres rules) : AmendmentTests(rules);
