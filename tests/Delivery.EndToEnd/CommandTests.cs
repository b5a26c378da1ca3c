using System.Globalization;
using System.Text.Json.Nodes;
using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Extracts;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.V1;
using Google.Protobuf;

namespace Delivery.EndToEnd;

/// <summary>The commands of a project's life, each typed against a running server.</summary>
public abstract class CommandTests(ServedResults served) : IDisposable
{
    private static readonly JsonFormatter Json = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));

    private readonly RunningServer _server = served.Server;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    [Fact]
    public async Task A_project_is_held_released_withdrawn_and_closed_without_data()
    {
        await ApproveAsync(SampleApproval.Of(_server, "STEPS"));

        Assert.Equal("SUSPENDED", Text(await DoneAsync("suspend", "STEPS", "--reason", "Afventer svar"), "state"));
        var again = await ToolRun.AgainstAsync(_server, "suspend", "STEPS", "--reason", "Afventer svar");
        Assert.Equal(1, again.Code);
        Assert.Contains("E_STATE", again.Talk, StringComparison.Ordinal);
        Assert.Equal("APPROVED", Text(await DoneAsync("resume", "STEPS", "--reason", "Svaret er modtaget"), "state"));
        var withdrawn = await DoneAsync("withdraw", "STEPS", "--reason", "Vilkårene er ikke overholdt");
        Assert.Equal(("WITHDRAWN", Day(_server.Clock.Today.AddDays(30))), (Text(withdrawn, "state"), Text(withdrawn, "deletion_due")));
        Assert.Equal("CLOSED_NO_DATA", Text(await DoneAsync("close", "STEPS"), "project_state"));
    }

    [Fact]
    public async Task What_an_amendment_narrows_out_is_due_until_its_deletion_is_confirmed_and_proven()
    {
        var approval = SampleApproval.Of(_server, "NARROW");
        var holding = await DeliverAsync(approval);
        approval.Version = 2;
        approval.Scope.Selections[0].Grades.Remove(4);
        var amended = await DoneAsync("amend", Write(approval));
        Assert.Equal((2, false, holding), ((int)amended["version"]!, (bool)amended["is_widened"]!, (string)amended["part_deletion_holding_ids"]![0]!));
        Assert.True(await IsPartDueAsync(holding));

        var file = At("part.json");
        var confirmed = await DoneAsync("confirm-part-deletion", "NARROW", "--signer", "Institutlederen", "--out", file);
        Assert.Equal("DELIVERED", Text(confirmed, "project_state"));
        Assert.False(await IsPartDueAsync(holding));
        var proven = await VerifyAsync(file);
        Assert.Equal((0, "proven", "OPEN"), (proven.Code, Text(proven.Json, "verdict"), (string?)proven.Json["holdings"]![0]!["state"]));
        Assert.Contains("delvist slettet", Text(proven.Json, "rendering_da"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_archival_is_kept_in_a_file_that_proves_itself_and_notices_every_change()
    {
        var holding = await DeliverAsync(SampleApproval.Of(_server, "ARCHIVE"));
        var file = At("archive.json");
        string[] confirm = ["confirm-archival", "ARCHIVE", "--archive", "Rigsarkivet", "--receipt", "26/09912", "--signer", "Institutlederen"];
        var confirmed = await DoneAsync([.. confirm, "--out", file]);
        Assert.Equal(("CLOSED_ARCHIVED", holding), (Text(confirmed, "project_state"), (string)confirmed["holding_ids"]![0]!));
        Assert.Equal(0, (await VerifyAsync(file)).Code);

        // Confirming again answers as the first time, with a document that proves the same leaf.
        var repeated = await DoneAsync([.. confirm, "--out", At("again.json")]);
        Assert.Equal(Text(confirmed, "log_index"), Text(repeated, "log_index"));
        Assert.Equal(0, (await VerifyAsync(At("again.json"))).Code);

        var text = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(file, text.Replace("arkiveret den", "slettet den", StringComparison.Ordinal));
        var forged = await VerifyAsync(file);
        Assert.Equal((1, "RenderingDiffers"), (forged.Code, Text(forged.Json, "reason")));
        await File.WriteAllTextAsync(file, text[..^2]);
        Assert.Equal(2, (await VerifyAsync(file)).Code);
    }

    [Fact]
    public async Task A_deletion_is_kept_only_where_there_is_room_for_it()
    {
        await DeliverAsync(SampleApproval.Of(_server, "DELETE"));
        await File.WriteAllTextAsync(At("taken.json"), "another");
        var refused = await ToolRun.AgainstAsync(_server, "confirm-deletion", "DELETE", "--signer", "Institutlederen", "--out", At("taken.json"));
        Assert.Equal(2, refused.Code);
        Assert.Equal("DELIVERED", Text(await DoneAsync("project", "show", "DELETE"), "state"));

        var confirmed = await DoneAsync("confirm-deletion", "DELETE", "--signer", "Institutlederen", "--method", "destroyed", "--out", At("free.json"));
        Assert.Equal("CLOSED_DELETED", Text(confirmed, "project_state"));
        Assert.Contains("destroyed on", Text((await VerifyAsync(At("free.json"))).Json, "rendering_en"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_and_incident_report_say_what_left_to_whom_and_when()
    {
        await DeliverAsync(SampleApproval.Of(_server, "REPORTS"));
        var record = await DoneAsync("record", "REPORTS", "--as", "auditor");
        Assert.Equal(("26/01234", "SCIENTIFIC"), (Text(record, "case_number"), (string)record["purposes"]![0]!));
        Assert.Contains("approval.pushed", Types(record));
        Assert.Contains("receipt", Types(record));
        Assert.Equal("REPORTS", (string?)record["approval"]!["project_id"]);
        Assert.Contains("controller   Eksempeluniversitetet (CVR 10000009)", (await ToolRun.AgainstAsync(_server, "record", "REPORTS")).Data, StringComparison.Ordinal);

        var holding = (await DoneAsync("project", "show", "REPORTS"))["holdings"]![0]!;
        var report = await DoneAsync("incident", Text(holding, "extract_id"));
        Assert.Equal(("ACKNOWLEDGED", "17150413"), (Text(report, "state"), Text(report, "recipient_cvr")));
        Assert.Equal((long)holding["row_count"]!, (long)report["acknowledged_rows"]!);
        Assert.Equal("COMPLETED", (string?)Assert.Single(report["calls"]!.AsArray())!["outcome"]);

        var unknown = await ToolRun.AgainstAsync(_server, "incident", "NO-SUCH-EXTRACT");
        Assert.Equal(1, unknown.Code);
        Assert.Contains("E_NOT_FOUND", unknown.Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reuse_leaves_the_new_project_a_deletion_duty_of_its_own()
    {
        var source = await DeliverAsync(SampleApproval.Of(_server, "SOURCE"));
        var target = SampleApproval.Of(_server, "TARGET");
        target.Scope.Selections[0].Grades.Remove(4);
        target.Transfer = new Transfer { SourceProjectId = "SOURCE", SourceHoldingId = source, ExecutedByDst = true };
        await ApproveAsync(target);

        var reused = await DoneAsync("reuse", "TARGET", "--rows", "10");
        Assert.Equal(target.DeletionDue, Text(reused, "deletion_due"));
        var due = (await DoneAsync("due", "--as", "administrator")).AsArray();
        Assert.Contains(due, holding => Text(holding!, "holding_id") == Text(reused, "holding_id") && Text(holding!, "project_id") == "TARGET");
        Assert.DoesNotContain((await DoneAsync("due", "--within", "1")).AsArray(), holding => Text(holding!, "project_id") == "TARGET");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Text(JsonNode node, string name) => node[name]!.ToString();

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static IEnumerable<string> Types(JsonNode record) => record["events"]!.AsArray().Select(entry => Text(entry!, "type"));

    private Task<JsonNode> DoneAsync(params string[] args) => ToolRun.DoneAsync(_server, args);

    // Offline: no server is named.
    private async Task<ToolRun> VerifyAsync(string file)
    {
        var data = new StringWriter();
        var code = await Tool.DeliveryCommand.RunAsync(
            ["confirmation", "verify", file, "--certs", _server.CertificateFolder, "--json"],
            _server.Clock,
            new System.CommandLine.InvocationConfiguration { Output = data, Error = TextWriter.Null });
        return new ToolRun(code, data.ToString(), "");
    }

    private async Task<bool> IsPartDueAsync(string holding) =>
        (bool)(await DoneAsync("due")).AsArray().Single(entry => Text(entry!, "holding_id") == holding)!["is_part_deletion_due"]!;

    private async Task ApproveAsync(ProjectApproval approval) => await DoneAsync("approve", Write(approval));

    private async Task<string> DeliverAsync(ProjectApproval approval)
    {
        await ApproveAsync(approval);
        using var stream = await served.Recipient.PullAsync(Assert.Single(await served.Recipient.ListAsync(approval.ProjectId)));
        return (await served.Recipient.AcknowledgeAsync(_server, stream)).HoldingId;
    }

    private string Write(ProjectApproval approval)
    {
        var file = At($"{approval.ProjectId}-{approval.Version}.json");
        File.WriteAllText(file, Json.Format(approval));
        return file;
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);
}

public sealed class CommandTestsOnSqlite(ServedOnSqlite served) : CommandTests(served), IClassFixture<ServedOnSqlite>;

[NeedsPostgres]
public sealed class CommandTestsOnPostgres(ServedOnPostgres served) : CommandTests(served), IClassFixture<ServedOnPostgres>;
