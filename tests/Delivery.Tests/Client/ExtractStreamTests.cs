using Delivery.Client.Extracts;
using Delivery.Client.Refusals;
using Delivery.Protocol.Log;
using Delivery.Tests.Arrow;
using Delivery.Tests.Log;
using Google.Protobuf;
using Grpc.Core;

namespace Delivery.Tests.Client;

/// <summary>What a recipient accepts as an extract, and what it never does.</summary>
public sealed class ExtractStreamTests : IDisposable
{
    private readonly ScriptedServer _server = new();

    [Fact]
    public async Task An_extract_arrives_as_it_was_sent_and_is_proven()
    {
        await using var opened = _server.Connect();
        var batches = await ReadAsync(opened);

        Assert.Equal(SampleResults.Tables.Select(table => table.Columns), batches);
        Assert.Equal((SampleResults.RowCount, 3L), (opened.Proof.Rows, opened.Proof.Batches));
        Assert.Equal(["C1"], opened.Warnings.Select(warning => warning.Code));
        Assert.Equal(_server.Log.Head, _server.Memory.Seen);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_cut_stream_goes_on_where_it_was_and_gives_the_same_rows(int frames)
    {
        _server.CutAfter = call => call == 0 ? (frames, StatusCode.Unavailable) : null;
        await using var opened = _server.Connect();

        Assert.Equal(SampleResults.Tables.Select(table => table.Columns), await ReadAsync(opened));
        Assert.Equal([0, frames - 1], _server.Requests.Select(request => request.FirstBatch));
        Assert.NotEqual(_server.Requests[0].CallId, _server.Requests[1].CallId);
        Assert.Equal(frames > 1, _server.Requests[1].RunningDigest.Length == 32);
    }

    [Fact]
    public async Task A_stream_cut_again_and_again_arrives_while_each_call_brings_something()
    {
        _server.CutAfter = call => call < 3 ? (2, StatusCode.Unavailable) : null;
        await using var opened = _server.Connect();

        Assert.Equal(3, (await ReadAsync(opened)).Count);
        Assert.Equal([0, 1, 2, 3], _server.Requests.Select(request => request.FirstBatch));
    }

    [Fact]
    public async Task A_server_that_brings_nothing_is_asked_a_bounded_number_of_times()
    {
        _server.CutAfter = _ => (0, StatusCode.Unavailable);
        await using var opened = _server.Connect();

        var refused = await Assert.ThrowsAsync<DeliveryClientException>(() => ReadAsync(opened));
        Assert.Equal("E_SERVER_UNREACHABLE", refused.Code);
        Assert.Equal(3, _server.Requests.Count);
    }

    [Fact]
    public async Task A_refusal_is_not_asked_again()
    {
        _server.CutAfter = _ => (0, StatusCode.PermissionDenied);
        await using var opened = _server.Connect();

        await Assert.ThrowsAsync<DeliveryRefusedException>(() => ReadAsync(opened));
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task A_stream_without_its_trailer_is_cut_and_never_whole()
    {
        _server.Bend = (_, frames) => frames.SkipLast(1);
        await using var opened = _server.Connect();

        Assert.Equal("E_SERVER_UNREACHABLE", (await Assert.ThrowsAsync<DeliveryClientException>(() => ReadAsync(opened))).Code);
        Assert.Throws<InvalidOperationException>(() => opened.Proof);
    }

    [Fact]
    public Task Batches_in_another_order_are_refused() => RefusedAsync("BatchAltered", frames => [frames[0], frames[2], frames[1], .. frames[3..]]);

    [Fact]
    public Task A_batch_sent_twice_is_refused() => RefusedAsync("BatchAltered", frames => [frames[0], frames[1], Copy(frames[1]), .. frames[2..]]);

    [Fact]
    public Task A_batch_left_out_is_refused() => RefusedAsync("BatchAltered", frames => [frames[0], .. frames[2..]]);

    [Fact]
    public Task A_batch_before_the_header_is_refused() => RefusedAsync("HeaderMalformed", frames => frames[1..]);

    [Fact]
    public Task A_second_header_is_refused() => RefusedAsync("HeaderMalformed", frames => [frames[0], frames[0], .. frames[1..]]);

    [Fact]
    public Task A_trailer_before_its_time_is_refused() => RefusedAsync("TrailerAltered", frames => [frames[0], frames[1], frames[^1]]);

    [Fact]
    public Task Anything_after_the_trailer_is_refused() => RefusedAsync("AfterTrailer", frames => [.. frames, Copy(frames[1])]);

    [Fact]
    public Task A_false_row_count_is_refused() =>
        RefusedAsync("BatchAltered", frames => [frames[0], (BatchFrame)frames[1] with { RowCount = 1 }, .. frames[2..]]);

    [Fact]
    public Task A_renumbered_batch_is_refused() =>
        RefusedAsync("BatchAltered", frames => [frames[0], (BatchFrame)frames[1] with { BatchIndex = 1 }, .. frames[2..]]);

    [Fact]
    public Task A_flipped_bit_is_refused() => RefusedAsync("BatchAltered", frames =>
    {
        ((BatchFrame)frames[2]).Sealed.Span[40] ^= 1;
        return frames;
    });

    [Fact]
    public Task An_empty_batch_is_refused() =>
        RefusedAsync("BatchAltered", frames => [frames[0], new BatchFrame(0, 2, new PooledBytes(0)), .. frames[2..]]);

    [Fact]
    public Task Another_schema_than_the_one_listed_is_refused() => RefusedAsync("SchemaChanged", frames =>
    {
        var header = ((HeaderFrame)frames[0]).Header;
        header.Schema = ByteString.CopyFrom([.. header.Schema, 0]);
        return frames;
    });

    [Fact]
    public async Task A_whole_call_played_again_is_refused()
    {
        List<ExtractFrame> recorded = [];
        _server.Bend = (call, frames) => call == 0 ? recorded = frames : recorded.Select(Copy);
        _server.CutAfter = call => call == 0 ? (1, StatusCode.Unavailable) : null;
        await using var opened = _server.Connect();

        Assert.Equal("CallChanged", (await Assert.ThrowsAsync<ProofRefusedException>(() => ReadAsync(opened))).Detail);
    }

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
            await ReadAsync(first);
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

        var refused = await Assert.ThrowsAsync<ProofRefusedException>(() => ReadAsync(second));
        Assert.Equal(("E_LOG_FORKED", "HistoryForked"), (refused.Code, refused.Detail));
        Assert.Equal(seen, _server.Memory.Seen);
        Assert.Equal(seen!.Size, _server.Requests[^1].KnownLogSize);
    }

    [Fact]
    public async Task No_refusal_repeats_an_identifier()
    {
        _server.Bend = (_, frames) => [frames[0], frames[2], frames[1]];
        await using var opened = _server.Connect();

        var refused = await Assert.ThrowsAsync<ProofRefusedException>(() => ReadAsync(opened));
        Assert.DoesNotContain(SampleResults.Pupils, pupil => refused.ToString().Contains(pupil, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Batches_are_wiped_when_the_next_is_asked_for()
    {
        await using var opened = _server.Connect();
        await opened.StartAsync(default);
        await using var batches = opened.ReadBatchesAsync().GetAsyncEnumerator();
        Assert.True(await batches.MoveNextAsync());
        var first = batches.Current;
        Assert.True(SampleResults.HoldsPupil(first.FixedBytes(0)));
        var content = first.Content;
        await batches.MoveNextAsync();

        Assert.Throws<ObjectDisposedException>(() => first.FixedBytes(0).Length);
        Assert.False(content.FixedSizeBinary(0).ContainsAnyExcept((byte)0));
    }

    public void Dispose() => _server.Dispose();

    private static async Task<List<object?[][]>> ReadAsync(OpenedExtract opened)
    {
        await opened.StartAsync(default);
        var batches = new List<object?[][]>();
        await foreach (var batch in opened.ReadBatchesAsync())
        {
            batches.Add([.. ArrowTable.Read(batch.Content).Select(Upper)]);
        }

        return batches;
    }

    // Bytes are compared as hexadecimal, in the case the sample has it.
    private static object?[] Upper(object?[] column) => [.. column.Select(value => value is string hex ? hex.ToUpperInvariant() : value)];

    private static ExtractFrame Copy(ExtractFrame frame)
    {
        if (frame is not BatchFrame batch)
        {
            return frame;
        }

        var bytes = new PooledBytes(batch.Sealed.Length);
        batch.Sealed.Span.CopyTo(bytes.Span);
        return batch with { Sealed = bytes };
    }

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
        await using var opened = _server.Connect();

        var refused = await Assert.ThrowsAsync<ProofRefusedException>(() => ReadAsync(opened));
        Assert.Equal(detail, refused.Detail);
        Assert.Null(_server.Memory.Seen);
    }
}
