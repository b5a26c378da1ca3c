using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Delivery.Client.Synthetic;
using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Crash;
using Delivery.EndToEnd.Results;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.Log;
using Delivery.Protocol.V1;
using Grpc.Core;

namespace Delivery.EndToEnd.Operations;

/// <summary>What a collector gets from a server and a command in processes of their own, switched on by nothing but settings.</summary>
public abstract class OtlpTests(StoreKind store)
{
    private const string Call = "delivery.v1.ExtractService/StreamExtract", Command = "delivery pull";

    [Fact]
    public async Task A_pull_is_one_trace_from_the_command_to_the_commit_and_the_metrics_say_what_it_was()
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var server = await PreparedAsync(collector);
        using var child = await ChildServer.StartAsync(server);
        var file = await ResultsFile.MakeAsync(20_000, seed: 1);
        await server.Channel("stil-intake").ImportAsync("first", file.Bytes);
        var text = string.Join("\r\n", new[] { SyntheticCsvWriter.Header, file.Lines[0].With("institution_number", "90000X").ToString(), file.Lines[0].ToString() });
        await server.Channel("stil-intake").ImportAsync("mistake", Encoding.UTF8.GetBytes(text));
        await Assert.ThrowsAsync<RpcException>(async () =>
            await new ApprovalService.ApprovalServiceClient(server.Channel("auditor")).PushApprovalAsync(new PushApprovalRequest()));
        var folder = Directory.CreateTempSubdirectory("delivery-otlp-");
        using var pull = ChildTool.StartTracedPull(server, collector.Address, "TRACED", Path.Combine(folder.FullName, "out.arrow"));
        var result = ChildTool.Result(await pull.EndAsync());
        folder.Delete(recursive: true);

        await collector.UntilAsync("The server's span", got => got.Spans.Any(span => span.Name == Call && span.Service == "delivery-server"));
        await collector.UntilAsync("The command's span", got => got.Spans.Any(span => span.Name == Command));
        RequireOneTrace(collector);

        var size = await LogSizeAsync(server);
        await collector.UntilAsync("The log's size", got => got.Point("delivery.log.size")?.Value == size);
        (string Name, string Unit, string[] Attributes, double Value)[] expected =
        [
            ("delivery.import.rows", "{row}", ["accepted"], file.Lines.Count + 1), ("delivery.import.rows", "{row}", ["rejected"], 1),
            ("delivery.import.bytes", "By", [], file.Bytes.Length + Encoding.UTF8.GetByteCount(text)), ("delivery.import.ended", "{import}", ["completed"], 2), ("delivery.import.open", "{import}", [], 0),
            ("delivery.import.faults", "{fault}", ["E_INSTITUTION_FORMAT"], 1), ("delivery.refusals", "{refusal}", ["ROLE_NOT_ALLOWED", "delivery.v1.ApprovalService/PushApproval"], 1),
            ("delivery.stream.rows", "{row}", ["NT"], (long)result["rows"]!), ("delivery.stream.batches", "{batch}", ["NT"], (long)result["batches"]!),
            ("delivery.stream.bytes", "By", ["NT"], (long)result["sealed_bytes"]!), ("delivery.stream.open", "{stream}", ["NT"], 0), ("delivery.stream.ended", "{stream}", ["NT", "completed"], 1),
            ("rpc.server.call.duration", "s", ["grpc", Call, "OK"], 1), ("rpc.server.call.duration", "s", ["grpc", "delivery.v1.ApprovalService/PushApproval", "PERMISSION_DENIED"], 1),
            ("delivery.log.size", "{leaf}", [], size), ("delivery.project.overdue", "{project}", [], 0),
            ("delivery.condition", "1", ["store"], 0), ("delivery.condition", "1", ["log-sound"], 0),
        ];
        Assert.All(expected, metric => Assert.Equal((metric.Name, metric.Unit, metric.Value), collector.Point(metric.Name, metric.Attributes) is { } point ? (point.Name, point.Unit, point.Value) : default));

        using var certificate = server.Certificate("server");
        var days = (certificate.NotAfter.ToUniversalTime() - server.Clock.GetUtcNow().UtcDateTime).TotalDays;
        Assert.InRange(collector.Point("delivery.certificate.remaining", "server")!.Value, days - 1, days + 1);
        Assert.All(["client-root", "stil-intake", "dst-ingestion"], name => Assert.True(collector.Point("delivery.certificate.remaining", name)?.Value > 0, name));
        Assert.InRange(collector.Point("delivery.log.checkpoint.age")!.Value, 0, 60);
        Assert.True(collector.Point("delivery.store.commit.duration")!.Value > 0);
        Assert.True(collector.Point("delivery.store.changes")!.Value >= collector.Point("delivery.store.commit.duration")!.Value);
        await collector.UntilAsync("The log", got => got.Logs.Any(line => line.StartsWith("Now listening on", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_collector_that_speaks_gRPC_gets_traces_metrics_and_the_log()
    {
        await using var collector = await OtlpCollector.StartAsync(isGrpc: true);
        await using var server = await PreparedAsync(collector);
        server.Settings["Delivery:Telemetry:Protocol"] = "Grpc";
        using var child = await ChildServer.StartAsync(server);
        var file = await ResultsFile.MakeAsync(1_000, seed: 1);
        await server.Channel("stil-intake").ImportAsync("first", file.Bytes);
        await collector.UntilAsync("The import's span", got => got.Spans.Any(span => span.Name == "delivery.import" && span.Service == "delivery-server"));
        await collector.UntilAsync("The rows", got => got.Point("delivery.import.rows", "accepted")?.Value == file.Lines.Count);
        await collector.UntilAsync("The log", got => got.Logs.Any(line => line.StartsWith("Now listening on", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_collector_that_is_away_or_never_answers_stops_nothing(bool takesConnections)
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var address = $"http://{silent.LocalEndpoint}";
        if (!takesConnections)
        {
            silent.Stop();
        }

        await using var server = await RunningServer.StartNewAsync(
            store, ("Delivery:Telemetry:OtlpEndpoint", address), ("Delivery:Telemetry:MetricInterval", "00:00:01"), ("Delivery:Telemetry:Logs", "true"));
        var file = await ResultsFile.MakeAsync(1_000, seed: 1);
        await server.Channel("stil-intake").ImportAsync("first", file.Bytes);
        await server.PushAsync(SampleApproval.Of(server, "UNHEARD"));

        // What is left is offered for ten seconds each: spans, measurements and the log.
        await server.StopAsync().WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_log_for_programs_is_one_document_a_line()
    {
        await using var server = new RunningServer(store, ("Delivery:Telemetry:LogFormat", "Json"));
        using var child = await ChildServer.StartAsync(server);
        Assert.NotEmpty(child.Said);
        Assert.All(child.Said, line => Assert.Equal(JsonValueKind.String, JsonDocument.Parse(line).RootElement.GetProperty("Message").ValueKind));
    }

    private async Task<RunningServer> PreparedAsync(OtlpCollector collector)
    {
        var server = await RunningServer.StartNewAsync(store, ("Delivery:Storage:SegmentRowsMax", "256"), ("Delivery:Extracts:WindowBatches", "2"));
        await PulledKeys.MakeAsync(server);
        await server.PushAsync(SampleApproval.WideOf(server, "TRACED"));
        await server.StopAsync();
        server.Settings["Delivery:Telemetry:OtlpEndpoint"] = collector.Address;
        server.Settings["Delivery:Telemetry:MetricInterval"] = "00:00:01";
        server.Settings["Delivery:Telemetry:Logs"] = "true";
        return server;
    }

    private static void RequireOneTrace(OtlpCollector collector)
    {
        var root = Assert.Single(collector.Spans, span => span.Name == Command);
        var trace = collector.Spans.Where(span => span.TraceId == root.TraceId).ToList();
        var byId = trace.ToDictionary(span => span.Id);
        Assert.Equal(("delivery", ""), (root.Service, root.ParentId));
        var commit = trace.First(span => span.Name == "delivery.store.commit" && byId.GetValueOrDefault(span.ParentId)?.Name == "delivery.extract.window");

        var path = new List<string>();
        for (var span = commit; span is not null; span = byId.GetValueOrDefault(span.ParentId))
        {
            path.Insert(0, span.Name);
        }

        Assert.Equal([Command, "delivery.pull", "delivery.pull.call", Call, "POST", Call, "delivery.extract.stream", "delivery.extract.window", "delivery.store.commit"], path);
        var server = trace.Single(span => span.Name == Call && span.Service == "delivery-server");
        Assert.Equal(("grpc", Call, "OK"), (server.Attributes["rpc.system.name"], server.Attributes["rpc.method"], server.Attributes["rpc.response.status_code"]));
        Assert.Equal(
            Assert.Single(trace, span => span.Name == "delivery.pull.call").Attributes["delivery.call.id"],
            Assert.Single(trace, span => span.Name == "delivery.extract.stream").Attributes["delivery.call.id"]);
    }

    private static async Task<long> LogSizeAsync(RunningServer server)
    {
        var note = (await new TransferLogService.TransferLogServiceClient(server.Channel("auditor")).GetCheckpointAsync(new GetCheckpointRequest())).Checkpoint;
        return Checkpoint.Parse(SignedNote.Parse(note.ToByteArray()).Text).Size;
    }
}

public sealed class OtlpTestsOnSqlite() : OtlpTests(StoreKind.Sqlite);

[NeedsPostgres]
public sealed class OtlpTestsOnPostgres() : OtlpTests(StoreKind.Postgres);
