using Delivery.Client.Extracts;
using Delivery.Client.Refusals;
using Delivery.Protocol.Log;
using Delivery.Tests.Log;
using Google.Protobuf;

namespace Delivery.Tests.Client;

/// <summary>An extract counts as whole only when the log says that exactly this call delivered exactly these rows.</summary>
public sealed class ExtractProofTests : IDisposable
{
    private readonly ScriptedServer _server = new();

    [Fact]
    public Task Another_proof_than_the_sealed_one_is_refused() => RefusedAsync("ProofDigestDiffers", frames =>
    {
        var trailer = ((TrailerFrame)frames[^1]).Trailer;
        trailer.LogProof = ByteString.CopyFrom(_server.Log.Proof(0).Encode());
        return frames;
    });

    [Fact]
    public Task Another_leaf_than_the_proven_one_is_refused() => RefusedAsync("LeafNotIncluded", frames =>
    {
        var trailer = ((TrailerFrame)frames[^1]).Trailer;
        trailer.LogLeaf = ByteString.CopyFrom(_server.Log[0]);
        return frames;
    });

    [Theory]
    [InlineData("LeafOfAnotherProject")]
    [InlineData("LeafOfAnotherExtract")]
    [InlineData("LeafOfAnotherCall")]
    [InlineData("LeafOfAnotherType")]
    [InlineData("LeafRowCountDiffers")]
    [InlineData("LeafBatchCountDiffers")]
    [InlineData("LeafListDigestDiffers")]
    public async Task A_log_that_says_something_else_than_what_arrived_is_refused(string detail)
    {
        _server.BendLeaf = (request, _) => Lie(detail, request.CallId.ToByteArray());
        await RefusedAsync(detail, frames => frames);
    }

    [Fact]
    public async Task A_log_with_another_past_is_refused_and_the_checkpoint_kept()
    {
        await using (var first = _server.Connect())
        {
            await ScriptedServer.ReadAsync(first);
        }

        var seen = _server.Memory.Seen;
        _server.Log.Grow(2);
        _server.Bend = (_, frames) =>
        {
            var hashes = ((TrailerFrame)frames[^1]).Trailer.ConsistencyHashes;
            hashes[^1] = ByteString.CopyFrom(LogHash.Of("another past"u8).ToArray());
            return frames;
        };
        await using var second = _server.Connect();

        var refused = await Assert.ThrowsAsync<ProofRefusedException>(() => ScriptedServer.ReadAsync(second));
        Assert.Equal(("E_LOG_FORKED", "HistoryForked"), (refused.Code, refused.Detail));
        Assert.Equal(seen, _server.Memory.Seen);
        Assert.Equal(seen!.Size, _server.Requests[^1].KnownLogSize);
    }

    [Fact]
    public async Task What_an_extract_was_made_of_is_named_and_proven()
    {
        await using var opened = _server.Connect();
        await ScriptedServer.ReadAsync(opened);
        var made = Assert.Single(opened.Proof.Partitions);
        Assert.Equal(("NT-DAN-2-2014", 3L, "autumn", 6L, 1L), (made.Partition, made.Generation, made.SourceDeliveryId, made.Rows, made.RejectedRows));
    }

    [Fact]
    public Task A_quality_report_of_another_generation_is_refused() => RefusedAsync("QualityReportsDiffer", frames =>
    {
        var reports = ((TrailerFrame)frames[^1]).Trailer.QualityReports;
        reports[0] = ByteString.CopyFromUtf8(reports[0].ToStringUtf8().Replace("\"generation\":3", "\"generation\":2", StringComparison.Ordinal));
        return frames;
    });

    [Fact]
    public Task A_quality_report_that_is_left_out_is_missed() => RefusedAsync("QualityReportsDiffer", frames =>
    {
        ((TrailerFrame)frames[^1]).Trailer.QualityReports.Clear();
        return frames;
    });

    public void Dispose() => _server.Dispose();

    private static LeafDraft Lie(string detail, byte[] callId)
    {
        var (project, extract, call, rows, batches) = (SampleResults.ProjectId, SampleResults.ExtractId, new LogHash(callId), 6L, 3L);
        return detail switch
        {
            "LeafOfAnotherProject" => Completed("STIL-2026-018", extract, call, rows, batches),
            "LeafOfAnotherExtract" => Completed(project, "STIL-2026-017-NT-2", call, rows, batches),
            "LeafOfAnotherCall" => Completed(project, extract, SampleLeaves.Digest("another call"), rows, batches),
            "LeafOfAnotherType" => LeafDraft.ExtractAborted(SampleLeaves.Actor, project, extract, call, rows, batches, "E_INTERNAL"),
            "LeafRowCountDiffers" => Completed(project, extract, call, rows - 1, batches),
            "LeafBatchCountDiffers" => Completed(project, extract, call, rows, batches + 1),
            "LeafListDigestDiffers" => Completed(project, extract, call, rows, batches),
            _ => throw new ArgumentOutOfRangeException(nameof(detail)),
        };
    }

    private static LeafDraft Completed(string project, string extract, LogHash call, long rows, long batches) => LeafDraft.ExtractCompleted(
        SampleLeaves.Actor, project, extract, call, rows, batches, SampleLeaves.Digest("list"), SampleLeaves.Digest("quality"));

    private async Task RefusedAsync(string detail, Func<List<ExtractFrame>, IEnumerable<ExtractFrame>> bend)
    {
        _server.Bend = (_, frames) => bend(frames);
        Assert.Equal(detail, (await _server.RefusesAsync()).Detail);
    }
}
