using System.Text;
using System.Text.RegularExpressions;
using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Results;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.V1;
using Grpc.Core;

namespace Delivery.EndToEnd.Operations;

/// <summary>Whatever is listened to, nobody learns about whom the results are, or whose project it is.</summary>
public abstract partial class TelemetryPrivacyTests(StoreKind store)
{
    private const string Project = "HIDDEN-PROJECT", Delivery = "hidden-delivery", Controller = "Hemmeligt Universitet", Case = "26/09876", Holder = "Hemmelig Institutleder";

    [Fact]
    public async Task A_whole_run_with_every_listener_on_names_nobody_and_no_project()
    {
        using var heard = new HeardSignals();
        await using var server = await RunningServer.StartNewAsync(store, ("Delivery:Storage:SegmentRowsMax", "256"), ("Delivery:Extracts:WindowBatches", "2"));
        var file = await ResultsFile.MakeAsync(20_000, seed: 1);
        await RunAsync(server, file);
        heard.Observe();
        await server.StopAsync();

        // Each has said something, or nothing was proven.
        Assert.Superset(
            new HashSet<string>(["delivery.pull", "delivery.pull.call", "delivery.extract.stream", "delivery.extract.window", "delivery.import", "delivery.store.commit", "delivery.log.checkpoint"]),
            heard.Spans.Select(span => span.Name).ToHashSet());
        Assert.Superset(
            new HashSet<string>(["delivery.stream.rows", "delivery.import.faults", "delivery.refusals", "rpc.server.call.duration", "delivery.certificate.remaining", "http.server.request.duration"]),
            heard.Measurements.Select(measured => measured.Instrument).ToHashSet());
        Assert.Contains(heard.Spans, span => span.Source == "Microsoft.AspNetCore");

        var numbers = new ClearText([.. file.CprNumbers, .. file.CprNumbers.Select(number => number.Insert(6, "-")), .. file.InstitutionNumbers]);
        Assert.DoesNotContain(heard.Lines, line => numbers.FindIn(Encoding.UTF8.GetBytes(Known().Replace(line, "$1=N"))) is not null);
        string[] words = [Controller, Case, Holder, Project, Delivery, "13223459", "17150413"];
        Assert.Empty(heard.Lines.SelectMany(line => words.Where(word => line.Contains(word, StringComparison.OrdinalIgnoreCase)).Select(word => $"{word}: {line}")));
        Assert.DoesNotContain(server.Log.Lines, line => numbers.FindIn(Encoding.UTF8.GetBytes(Lengths().Replace(line, "N byte"))) is not null || line.Contains(Controller, StringComparison.Ordinal) || line.Contains(Holder, StringComparison.Ordinal));
    }

    private static async Task RunAsync(RunningServer server, ResultsFile file)
    {
        await server.Channel("stil-intake").ImportAsync(Delivery, file.Bytes);
        await PulledKeys.MakeAsync(server);
        var approval = SampleApproval.WideOf(server, Project);
        (approval.Controller.Name, approval.StilCaseNumber, approval.Signature.Name) = (Controller, Case, Holder);
        await server.PushAsync(approval);
        var folder = Directory.CreateTempSubdirectory("delivery-heard-");
        await ToolRun.DoneAsync(server, "pull", Project, "--out", Path.Combine(folder.FullName, "out.csv"));
        folder.Delete(recursive: true);

        // What goes wrong speaks too: rows that break rules, a file that cannot be read, a role that may not, a project that is not there.
        var line = file.Lines[0];
        ResultsLine[] broken = [line.With("cpr_number", "7503084"), line.With("institution_number", "90000X"), line.With("tested_at", "2031-01-01T10:00:00"), line, line];
        var text = string.Join("\r\n", broken.Select(row => row.ToString()).Prepend(Client.Synthetic.SyntheticCsvWriter.Header));
        await server.Channel("stil-intake").ImportAsync(Delivery + "-2", Encoding.UTF8.GetBytes(text));
        await Assert.ThrowsAsync<RpcException>(() => server.Channel("stil-intake").ImportAsync(Delivery + "-3", Encoding.UTF8.GetBytes(text + "\r\n\"" + line["cpr_number"])));
        await Assert.ThrowsAsync<RpcException>(async () =>
            await new ApprovalService.ApprovalServiceClient(server.Channel("auditor")).PushApprovalAsync(new PushApprovalRequest { Approval = approval }));
        Assert.Equal(1, (await ToolRun.AgainstAsync(server, "pull", Project + "-2", "--out", "never.csv")).Code);
        await new ClosureService.ClosureServiceClient(server.Channel("administrator")).ConfirmDeletionAsync(new ConfirmDeletionRequest
        {
            ProjectId = Project, Method = DeletionMethod.Destroyed, DeletedOn = SampleApproval.Day(server.Clock.Today), SignerName = Holder,
        });
        Assert.Equal(1, (await ToolRun.AgainstAsync(server, "pull", Project, "--out", "never.csv")).Code);
    }

    // Counts and ports are numbers of their own, in which others may stand by chance.
    [GeneratedRegex("(delivery[.](?:rows|bytes|rows[.]accepted|rows[.]rejected)|server[.]port|network[.](?:local|peer)[.]port)=[0-9]+")]
    private static partial Regex Known();

    // So are the lengths of messages, which gRPC writes to its log while it is looked into.
    [GeneratedRegex("[0-9]+ byte")]
    private static partial Regex Lengths();
}

public sealed class TelemetryPrivacyTestsOnSqlite() : TelemetryPrivacyTests(StoreKind.Sqlite);

[NeedsPostgres]
public sealed class TelemetryPrivacyTestsOnPostgres() : TelemetryPrivacyTests(StoreKind.Postgres);
