using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Crash;
using Delivery.EndToEnd.Extracts;
using Delivery.EndToEnd.Results;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.Log;
using Delivery.Protocol.V1;
using Grpc.Core;

namespace Delivery.EndToEnd.Failover;

/// <summary>What one server is told holds on the others, and what only one may do at a time is done by one. A file has one server.</summary>
[OneStore]
[NeedsPostgres]
public sealed class SharedDutyTests : IAsyncLifetime
{
    private const int Rows = 60_000;

    private readonly PostgresDatabase _database = new();
    private Fleet _fleet = null!;

    public async Task InitializeAsync()
    {
        _fleet = new Fleet(_database.Settings, 2, ("Delivery:Database:ReplicaTimeout", "00:00:01"), ("Delivery:Storage:SegmentRowsMax", "256"), ("Delivery:Extracts:WindowBatches", "2"));
        // The first to come leads.
        await _fleet.Replicas[0].StartAsync();
        await _fleet.Replicas[1].StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _fleet.DisposeAsync();
        _database.Dispose();
    }

    [Fact]
    public async Task A_withdrawal_told_to_one_server_stops_a_stream_of_another()
    {
        var home = _fleet.Home;
        await home.Channel("stil-intake").ImportAsync("duty", (await ResultsFile.MakeAsync(Rows, seed: 7)).Bytes);
        using var recipient = new DstRecipient(home);
        await recipient.RegisterAsync();
        await home.PushAsync(SampleApproval.WideOf(home, "WITHDRAWN"));
        var extract = Assert.Single(await recipient.ListAsync("WITHDRAWN"));
        using var stream = recipient.Open(extract, recipient.Ask(extract));
        await stream.ReadBatchesAsync(3);

        home.ChildAddress = _fleet.Replicas[1].Address;
        var withdrawn = await new ApprovalService.ApprovalServiceClient(home.Channel("stil-approvals")).WithdrawApprovalAsync(new WithdrawApprovalRequest { ProjectId = "WITHDRAWN", Reason = "Godkendelsen er tilbagekaldt" });
        await RefusedCall.ExpectAsync("R06", StatusCode.FailedPrecondition, stream.ReadToEndAsync);
        Assert.True(stream.NextBatch < extract.BatchCount, "Everything had left before the project ended.");
        var log = await CopyAsync();
        var leaves = log.OfCall(stream.Call.Request.CallId);
        Assert.Equal((LeafType.ExtractAborted, "R06"), (leaves[^1].Type, leaves[^1].Text("reason_code")));
        Assert.DoesNotContain(leaves, leaf => leaf.Type == LeafType.RangeReleased && leaf.Index > withdrawn.LogIndex);
    }

    [Fact]
    public async Task An_import_on_one_server_keeps_others_from_importing_until_it_ends_or_its_server_is_gone()
    {
        var file = (await ResultsFile.MakeAsync(2_000, seed: 7)).Bytes;
        using var upload = new IntakeService.IntakeServiceClient(_fleet.Home.Channel("stil-intake")).ImportResults();
        await upload.RequestStream.WriteAsync(Upload.Header("held", file.Length));
        await upload.RequestStream.WriteAsync(Upload.Chunk(file.AsMemory()[..(file.Length / 2)]));
        _fleet.Home.ChildAddress = _fleet.Replicas[1].Address;
        while (Number("SELECT count(*) FROM import WHERE state = 1") == 0)
        {
            await Task.Yield();
        }

        await RefusedCall.ExpectAsync("E_IMPORT_IN_PROGRESS", StatusCode.Aborted, () => _fleet.Home.Channel("stil-intake").ImportAsync("second", file));
        _fleet.Replicas[0].Kill();
        await Assert.ThrowsAsync<RpcException>(() => upload.ResponseAsync);
        ImportResultsResponse? report = null;
        while (report is null)
        {
            try
            {
                report = await _fleet.Home.Channel("stil-intake").ImportAsync("second", file);
            }
            catch (RpcException refused)
            {
                Assert.Equal("E_IMPORT_IN_PROGRESS", Assert.Single(RefusedCall.Of(refused).Codes));
            }
        }

        Assert.Equal("second", report.SourceDeliveryId);
        Assert.Equal(0, Number("SELECT count(*) FROM import WHERE source_delivery_id = 'held'"));
    }

    [Fact]
    public async Task The_work_of_the_clock_moves_when_its_server_is_gone()
    {
        Assert.Equal(1, Leaders());
        _fleet.Home.ChildAddress = _fleet.Replicas[1].Address;
        _fleet.Replicas[0].Kill();
        var pushed = await _fleet.Home.PushAsync(SampleApproval.Of(_fleet.Home, "MOVED"));
        // Nobody asks for a proof, so whoever signs does so because it leads.
        while (Number("SELECT coalesce(max(size), 0)::bigint FROM log_checkpoint") <= pushed.LogIndex)
        {
            await Task.Yield();
        }

        Assert.Equal(1, Leaders());
        await _fleet.Replicas[0].StartAsync();
        Assert.Equal(1, Leaders());
    }

    private long Leaders() =>
        Number($"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = {0x44_4C_56_02} AND objsubid = 1 AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");

    private long Number(string sql)
    {
        using var connection = _database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private async Task<AuditorsCopy> CopyAsync()
    {
        var log = new AuditorsCopy(LogPolicy.Parse(await File.ReadAllTextAsync(Path.Combine(_fleet.Home.CertificateFolder, "log-policy.txt"))));
        await log.CatchUpAsync(_fleet.Home);
        return log;
    }
}
