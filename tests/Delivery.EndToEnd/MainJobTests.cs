using System.Security.Cryptography;
using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Extracts;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.Log;
using Delivery.Protocol.V1;
using Grpc.Core;

namespace Delivery.EndToEnd;

/// <summary>The whole way of one delivery, from the test system's file to the closed project.</summary>
public abstract class MainJobTests(ServedResults served)
{
    private readonly RunningServer _server = served.Server;
    private readonly DstRecipient _recipient = served.Recipient;

    [Fact]
    [Proves("T1", "T2", "T3", "T11", "R06")]
    public async Task Results_are_imported_approved_delivered_and_deleted_and_then_refused()
    {
        var start = _server.LogSize();
        await _server.PushAsync(SampleApproval.Of(_server, "MAIN-JOB"));
        var extract = Assert.Single(await _recipient.ListAsync("MAIN-JOB"));
        using var stream = await _recipient.PullAsync(extract);
        Assert.Equal(extract.Schema, stream.Header.Schema);

        var holding = await _recipient.AcknowledgeAsync(_server, stream);
        await _recipient.Service.ReportPseudonymisedAsync(new ReportPseudonymisedRequest
        {
            ProjectId = "MAIN-JOB", ExtractId = extract.ExtractId, RowCount = stream.Rows, OutputSha256 = extract.SchemaFingerprint,
        });
        var closed = await ConfirmAsync("MAIN-JOB");
        Assert.Equal(("CLOSED_DELETED", holding.HoldingId), (closed.ProjectState, Assert.Single(closed.HoldingIds)));
        Assert.Equal(LogProofCode.Proven, LogProofVerifier.Verify(Policy(), closed.Leaf.Span, closed.Proof.Span).Code);

        using var again = _recipient.Open(extract, _recipient.Ask(extract));
        await RefusedCall.ExpectAsync("R06", StatusCode.FailedPrecondition, again.ReadToEndAsync);

        LeafType[] expected =
        [
            LeafType.ApprovalPushed, LeafType.ExtractOpened, .. Enumerable.Repeat(LeafType.RangeReleased, stream.Batches.Count / 2), LeafType.ExtractCompleted,
            LeafType.Receipt, LeafType.Pseudonymised, LeafType.DeletionConfirmed, LeafType.ProjectClosed, LeafType.AccessRefused,
        ];
        Assert.Equal(expected, _server.Leaves(start).Select(leaf => leaf.Type));
    }

    [Fact]
    public void The_log_begins_with_what_was_there_before_the_first_project()
    {
        var types = _server.Leaves().Select(leaf => leaf.Type).ToList();
        Assert.Equal([LeafType.LogGenesis, LeafType.AccessChanged], types[..2]);
        Assert.All(types[2..172], type => Assert.Equal(LeafType.ResultsImported, type));
        Assert.Equal(LeafType.RecipientKeyRegistered, types[172]);
    }

    [Fact]
    public async Task The_rows_that_arrive_are_the_approved_ones()
    {
        var approval = SampleApproval.Of(_server, "RIGHT-ROWS");
        await _server.PushAsync(approval);
        using var stream = await _recipient.PullAsync(Assert.Single(await _recipient.ListAsync("RIGHT-ROWS")));
        var (columns, rows) = ExpectedExtract.Of(approval, "NT", served.File);
        var arrived = await ArrowRows.ReadAsync(stream.Header.Schema.Memory, stream.Batches);

        Assert.Equal(columns, arrived.Columns);
        Assert.Equal(rows, arrived.Rows);
        Assert.True(rows.Count > 300, "The file should hold some hundred of these rows.");
    }

    [Fact]
    public async Task Every_batch_is_covered_by_a_committed_range_when_it_arrives()
    {
        await _server.PushAsync(SampleApproval.WideOf(_server, "RANGE-FIRST"));
        var extract = Assert.Single(await _recipient.ListAsync("RANGE-FIRST"));
        using var stream = _recipient.Open(extract, _recipient.Ask(extract));
        while (await stream.ReadAsync())
        {
            var ranges = _server.LeavesOfCall(stream.Call.Request.CallId.Memory).Where(leaf => leaf.Type == LeafType.RangeReleased).ToList();
            Assert.True(stream.NextBatch == 0 || ranges[^1].Number("to_batch") >= stream.NextBatch, $"Batch {stream.NextBatch - 1} came before its range.");
        }

        Assert.NotNull(stream.Trailer);
        Assert.Equal(extract.BatchCount, stream.NextBatch);
    }

    [Fact]
    public async Task The_trailer_proves_that_the_log_holds_this_delivery()
    {
        await _server.PushAsync(SampleApproval.Of(_server, "PROOF"));
        var extract = Assert.Single(await _recipient.ListAsync("PROOF"));
        var known = await CheckpointAsync();
        var request = _recipient.Ask(extract);
        request.KnownLogSize = known.Size;
        using var stream = _recipient.Open(extract, request);
        await stream.ReadToEndAsync();

        var trailer = stream.Trailer!;
        var seen = new SeenCheckpoint(known, [.. trailer.ConsistencyHashes.Select(hash => new LogHash(hash.Span))]);
        var result = LogProofVerifier.Verify(LogPolicy.Parse(Policy()), trailer.LogLeaf.Span, trailer.LogProof.Span, seen);
        Assert.Equal(LogProofCode.Proven, result.Code);
        Assert.Equal(
            (LeafType.ExtractCompleted, extract.ExtractId, stream.Rows, new LogHash(stream.RunningDigest)),
            (result.Leaf!.Type, result.Leaf.ExtractId, result.Leaf.Number("row_count"), result.Leaf.Hash("list_digest")));
        Assert.Equal(SHA256.HashData(trailer.LogProof.Span), stream.Facts!.TransferLogProofDigest.ToArray());
    }

    private async Task<Checkpoint> CheckpointAsync()
    {
        var note = (await new TransferLogService.TransferLogServiceClient(_server.Channel("auditor")).GetCheckpointAsync(new GetCheckpointRequest())).Checkpoint;
        return CheckpointVerifier.Open(LogPolicy.Parse(Policy()), note.Span).Checkpoint!;
    }

    private string Policy() => File.ReadAllText(Path.Combine(_server.CertificateFolder, "log-policy.txt"));

    private async Task<ConfirmDeletionResponse> ConfirmAsync(string projectId) =>
        await new ClosureService.ClosureServiceClient(_server.Channel("administrator")).ConfirmDeletionAsync(new ConfirmDeletionRequest
        {
            ProjectId = projectId, Method = DeletionMethod.Deleted, DeletedOn = SampleApproval.Day(_server.Clock.Today), SignerName = "Institutleder",
        });
}

public sealed class MainJobTestsOnSqlite(ServedOnSqlite served) : MainJobTests(served), IClassFixture<ServedOnSqlite>;

[NeedsPostgres]
public sealed class MainJobTestsOnPostgres(ServedOnPostgres served) : MainJobTests(served), IClassFixture<ServedOnPostgres>;
