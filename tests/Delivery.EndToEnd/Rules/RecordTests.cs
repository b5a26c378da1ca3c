using Delivery.EndToEnd.Extracts;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.Log;
using Delivery.Protocol.V1;
using Grpc.Core;

namespace Delivery.EndToEnd.Rules;

/// <summary>What the server tells about a project afterwards is what happened.</summary>
public abstract class RecordTests(RuleServer rules)
{
    private readonly RunningServer _server = rules.Server;
    private readonly Acts _acts = rules.Acts;

    [Fact]
    public async Task The_record_of_processing_tells_the_approval_in_force_and_every_leaf()
    {
        var approval = await _acts.ApproveAsync("RECORDED");
        await _acts.DeliverAsync("RECORDED");
        await _acts.AmendAsync(approval, next => next.Scope.Variables.RemoveAt(5));
        await _acts.DeletedAsync("RECORDED");

        var record = await _acts.Agency.GetProcessingRecordAsync(new GetProcessingRecordRequest { ProjectId = "RECORDED" });
        Assert.Equal((2, "CLOSED_DELETED"), (record.Approval.Version, record.Project.State));
        Assert.Equal(5, record.DataCategories.Count);
        Assert.DoesNotContain(record.DataCategories, category => category.StartsWith("criterion_level", StringComparison.Ordinal));
        Assert.NotEmpty(record.DataSubjectCategories);
        Assert.NotEmpty(record.SecurityMeasures);
        var leaves = _server.Leaves().Where(leaf => leaf.ProjectId == "RECORDED").ToList();
        Assert.Equal(
            leaves.Select(leaf => (leaf.Index, leaf.TimestampMs, leaf.Type.WireName(), leaf.Actor.Organisation)),
            record.Events.Select(entry => (entry.LogIndex, entry.RecordTimeMs, entry.Type, entry.Organisation)));
        Assert.Equal(["approval.pushed", "extract.opened"], record.Events.Take(2).Select(entry => entry.Type));
        Assert.Equal("project.closed", record.Events[^1].Type);
    }

    [Fact]
    public async Task An_incident_report_says_how_many_rows_left_to_whom_in_which_calls()
    {
        await _acts.ApproveAsync("INCIDENT");
        var extract = Assert.Single(await rules.Recipient.ListAsync("INCIDENT"));
        rules.Frames.Before("INCIDENT", frame => frame == 2 ? _acts.SuspendAsync("INCIDENT") : Task.CompletedTask);
        using var cut = rules.Recipient.Open(extract, rules.Recipient.Ask(extract));
        await RefusedCall.ExpectAsync("R06", StatusCode.FailedPrecondition, cut.ReadToEndAsync);
        var report = await ReportAsync(extract.ExtractId);
        Assert.Equal(("OPEN", cut.Rows, 0), (report.State, report.ReleasedRowCountMax, report.AcknowledgedRowCount));
        Assert.Equal("R06", Assert.Single(report.Calls).Outcome);

        await _acts.ResumeAsync("INCIDENT");
        rules.Frames.Before("INCIDENT", _ => Task.CompletedTask);
        using var whole = await rules.Recipient.PullAsync(extract);
        await rules.Recipient.AcknowledgeAsync(_server, whole);
        report = await ReportAsync(extract.ExtractId);
        Assert.Equal(("ACKNOWLEDGED", whole.Rows, whole.Rows), (report.State, report.ReleasedRowCountMax, report.AcknowledgedRowCount));
        Assert.Equal(["R06", "COMPLETED"], report.Calls.Select(call => call.Outcome));
        Assert.Equal(new[] { cut, whole }.Select(stream => new LogHash(stream.Call.Request.CallId.Span).ToString()), report.Calls.Select(call => call.CallId));
        Assert.All(report.Calls, call => Assert.True(call.OpenTimeMs > 0 && call.EndTimeMs >= call.OpenTimeMs));
        Assert.Equal(("10000009", "17150413", "700123"), (report.ControllerCvr, report.RecipientCvr, report.DstProjectNumber));
        Assert.Equal(6, report.Partitions.Count);
        Assert.Equal(6, report.DataCategories.Count);
        await RefusedCall.ExpectAsync("E_NOT_FOUND", StatusCode.NotFound, () => ReportAsync("NOWHERE-V1-NT-1"));
    }

    [Fact]
    public async Task An_incident_report_tells_the_version_the_rows_left_under_and_not_the_one_after()
    {
        var approval = await _acts.ApproveAsync("BEFORE-AFTER");
        var extract = Assert.Single(await rules.Recipient.ListAsync("BEFORE-AFTER"));
        await _acts.DeliverAsync("BEFORE-AFTER");
        await _acts.AmendAsync(approval, next => next.Scope.Variables.RemoveAt(5));
        var report = await ReportAsync(extract.ExtractId);
        Assert.Equal((1, 6), (report.ApprovalVersion, report.DataCategories.Count));
    }

    [Fact]
    public async Task Somebody_who_watches_sees_every_change_of_every_project_they_may_know()
    {
        using var watch = _acts.Auditor.WatchProjects(new WatchProjectsRequest());
        await _acts.ApproveAsync("WATCHED");
        await SeeAsync(watch, "APPROVED");
        await _acts.SuspendAsync("WATCHED");
        await SeeAsync(watch, "SUSPENDED");
        await _acts.ResumeAsync("WATCHED");
        await SeeAsync(watch, "APPROVED");
        await _acts.DeliverAsync("WATCHED");
        await SeeAsync(watch, "DELIVERED");
        await _acts.DeletedAsync("WATCHED");
        await SeeAsync(watch, "CLOSED_DELETED");
    }

    [Fact]
    [Proves("R01")]
    public async Task Somebody_who_watches_sees_no_project_of_another_controller()
    {
        using var certificate = IssuedCertificates.Issue(_server, "ca", "administrator", "20000007", _server.Clock.GetUtcNow());
        using var watch = new ApprovalService.ApprovalServiceClient(_server.Channel(certificate)).WatchProjects(new WatchProjectsRequest());
        await _acts.ApproveAsync("UNSEEN");
        await _acts.ApproveAsync("SEEN", approval => approval.Controller.Cvr = approval.Signature.Cvr = "20000007");
        Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal("SEEN", watch.ResponseStream.Current.Project.ProjectId);
        // Nobody of this controller is left open behind this test.
        await _acts.AgencyClosing.CloseWithoutDataAsync(new CloseWithoutDataRequest { ProjectId = "SEEN" });
    }

    private async Task<GetIncidentReportResponse> ReportAsync(string extractId) =>
        await new ExtractService.ExtractServiceClient(_server.Channel("auditor")).GetIncidentReportAsync(new GetIncidentReportRequest { ExtractId = extractId });

    // The state comes at the latest with the leaf that made it; states between may be seen or not.
    private static async Task SeeAsync(AsyncServerStreamingCall<WatchProjectsResponse> watch, string state)
    {
        while (true)
        {
            Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None));
            if (watch.ResponseStream.Current.Project is { ProjectId: "WATCHED" } project && project.State == state)
            {
                return;
            }
        }
    }
}

[Collection(RulesOnSqlite.Name)]
public sealed class RecordTestsOnSqlite(RuleServerOnSqlite rules) : RecordTests(rules);

[NeedsPostgres]
[Collection(RulesOnPostgres.Name)]
public sealed class RecordTestsOnPostgres(RuleServerOnPostgres rules) : RecordTests(rules);
