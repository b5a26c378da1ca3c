using System.Security.Cryptography;
using Delivery.Protocol.Sealing;

namespace Delivery.Tests.Sealing;

/// <summary>What may be done to batches and trailer on their way; each is refused by name, and the stream is dead after.</summary>
public class FrameAttackTests
{
    [Theory, P256Suite, HybridSuite]
    public void Reordered_batches_are_refused(HpkeSuite suite)
    {
        using var call = new SealedCall(suite);
        var sent = call.Send();
        Receives(call, sent with { Batches = [sent.Batches[1], sent.Batches[0], sent.Batches[2]] }, SealedStreamRefusal.BatchAltered);
    }

    [Theory, P256Suite, HybridSuite]
    public void A_duplicated_batch_is_refused(HpkeSuite suite)
    {
        using var call = new SealedCall(suite);
        var sent = call.Send();
        Receives(call, sent with { Batches = [sent.Batches[0], sent.Batches[0], .. sent.Batches[1..]] }, SealedStreamRefusal.BatchAltered);
    }

    [Theory, P256Suite, HybridSuite]
    public void A_dropped_batch_is_refused(HpkeSuite suite)
    {
        using var call = new SealedCall(suite);
        var sent = call.Send();
        Receives(call, sent with { Batches = [sent.Batches[0], sent.Batches[2]] }, SealedStreamRefusal.BatchAltered);
    }

    [Theory, P256Suite, HybridSuite]
    public void Batches_dropped_before_the_trailer_are_refused(HpkeSuite suite)
    {
        using var call = new SealedCall(suite);
        var sent = call.Send();
        Receives(call, sent with { Batches = sent.Batches[..2] }, SealedStreamRefusal.TrailerAltered);
    }

    [Theory, P256Suite, HybridSuite]
    public void A_truncated_batch_is_refused(HpkeSuite suite)
    {
        using var call = new SealedCall(suite);
        var sent = call.Send();
        var first = sent.Batches[0];
        for (var length = 0; length < first.Sealed.Length; length++)
        {
            Receives(call, sent with { Batches = [first with { Sealed = first.Sealed[..length] }] }, SealedStreamRefusal.BatchAltered);
        }
    }

    [Theory, P256Suite, HybridSuite]
    public void A_batch_spliced_from_another_call_is_refused(HpkeSuite suite)
    {
        using var call = new SealedCall(suite);
        var sent = call.Send();
        var other = call.Send(call.Request with { CallId = RandomNumberGenerator.GetBytes(32) });
        Receives(call, sent with { Batches = [sent.Batches[0], other.Batches[1], sent.Batches[2]] }, SealedStreamRefusal.BatchAltered);

        // Not even a second sealing of the very same request, which has another encapsulation.
        var twin = call.Send();
        Receives(call, sent with { Batches = [twin.Batches[0]] }, SealedStreamRefusal.BatchAltered);
    }

    [Theory, P256Suite, HybridSuite]
    public void A_trailer_spliced_from_another_call_is_refused(HpkeSuite suite)
    {
        using var call = new SealedCall(suite);
        var sent = call.Send();
        var other = call.Send(call.Request with { CallId = RandomNumberGenerator.GetBytes(32) });
        Receives(call, sent with { Trailer = other.Trailer, Signature = other.Signature }, SealedStreamRefusal.TrailerAltered);
        Receives(call, sent with { Signature = other.Signature }, SealedStreamRefusal.TrailerSignatureInvalid);
    }

    [Theory, P256Suite, HybridSuite]
    public void A_batch_posing_as_trailer_is_refused(HpkeSuite suite)
    {
        using var call = new SealedCall(suite);
        using var writer = call.OpenWriter();

        // Size, index and row count are those of a trailer: only the final flag tells them apart.
        var posing = new byte[SealedTrailer.SealedSize];
        writer.SealBatch(0, new byte[TrailerFacts.Size], posing);
        using var reader = call.OpenReader(writer.HeaderBytes.ToArray());
        SealedCall.AssertRefused(SealedStreamRefusal.TrailerAltered, () => reader.OpenTrailer(posing, new byte[64]));
    }

    [Theory, P256Suite, HybridSuite]
    public void A_trailer_posing_as_batch_is_refused(HpkeSuite suite)
    {
        using var call = new SealedCall(suite);
        var sent = call.Send();
        Receives(call, sent with { Batches = [.. sent.Batches, new Frame(0, sent.Trailer)] }, SealedStreamRefusal.BatchAltered);
    }

    [Theory, P256Suite, HybridSuite]
    public void Every_altered_bit_of_a_batch_is_noticed(HpkeSuite suite)
    {
        using var call = new SealedCall(suite);
        var sent = call.Send();
        var bytes = sent.Batches[0].Sealed;
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Receives(call, sent, SealedStreamRefusal.BatchAltered);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        call.Receive(sent);
    }

    [Theory, P256Suite, HybridSuite]
    public void Every_altered_bit_of_the_trailer_is_noticed(HpkeSuite suite)
    {
        using var call = new SealedCall(suite);
        var sent = call.Send();
        foreach (var (bytes, refusal) in new[]
        {
            (sent.Trailer, SealedStreamRefusal.TrailerAltered),
            (sent.Signature, SealedStreamRefusal.TrailerSignatureInvalid),
        })
        {
            for (var bit = 0; bit < bytes.Length * 8; bit++)
            {
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
                Receives(call, sent, refusal);
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }

        call.Receive(sent);
    }

    [Theory, P256Suite, HybridSuite]
    public void A_truncated_trailer_or_signature_is_refused(HpkeSuite suite)
    {
        using var call = new SealedCall(suite);
        var sent = call.Send();
        foreach (var length in new[] { 0, 1, 16, 127 })
        {
            Receives(call, sent with { Trailer = sent.Trailer[..length] }, SealedStreamRefusal.TrailerAltered);
        }

        Receives(call, sent with { Trailer = [.. sent.Trailer, 0] }, SealedStreamRefusal.TrailerAltered);
        Receives(call, sent with { Signature = sent.Signature[..63] }, SealedStreamRefusal.TrailerSignatureInvalid);
        Receives(call, sent with { Signature = [] }, SealedStreamRefusal.TrailerSignatureInvalid);
    }

    [Theory, P256Suite, HybridSuite]
    public void A_lie_about_the_row_count_is_refused(HpkeSuite suite)
    {
        using var call = new SealedCall(suite);
        var sent = call.Send();
        foreach (var lie in new[] { 0, 2, int.MaxValue, -1, int.MinValue })
        {
            Receives(call, sent with { Batches = [sent.Batches[0] with { Rows = lie }] }, SealedStreamRefusal.BatchAltered);
        }
    }

    [Theory, P256Suite, HybridSuite]
    public void A_trailer_that_counts_other_rows_is_refused(HpkeSuite suite)
    {
        // The server believes in rows before this call of which the client knows nothing.
        using var call = new SealedCall(suite);
        var resumed = call.Request with { FirstBatchIndex = 2, RunningDigest = RandomNumberGenerator.GetBytes(32), RowsBefore = 30 };
        var sent = call.Send(resumed);
        SealedCall.AssertRefused(
            SealedStreamRefusal.TrailerCountChanged, () => call.Receive(sent, resumed with { RowsBefore = 3 }));
    }

    [Theory, P256Suite, HybridSuite]
    public void A_trailer_with_another_running_digest_is_refused(HpkeSuite suite)
    {
        using var call = new SealedCall(suite);
        using var writer = call.OpenWriter();
        var frame = SealedCall.SealNext(writer, SealedCall.Rows[0]);
        writer.Advance(call.Digest(0, "something else"));
        var trailer = writer.SealTrailer(call.QualityDigest, call.ProofDigest);
        var sent = new Recording(writer.HeaderBytes.ToArray(), [frame], trailer.Sealed.ToArray(), trailer.Signature.ToArray());
        Receives(call, sent, SealedStreamRefusal.TrailerDigestChanged);
    }

    [Theory, P256Suite, HybridSuite]
    public void Data_after_the_trailer_is_refused(HpkeSuite suite)
    {
        using var call = new SealedCall(suite);
        var sent = call.Send();
        using var reader = call.OpenReader(sent.Header);
        sent.Batches.ForEach(frame => SealedCall.OpenNext(reader, frame));
        reader.OpenTrailer(sent.Trailer, sent.Signature);
        SealedCall.AssertRefused(SealedStreamRefusal.AfterTrailer, () => SealedCall.OpenNext(reader, sent.Batches[0]));
        SealedCall.AssertRefused(SealedStreamRefusal.AfterTrailer, () => reader.OpenTrailer(sent.Trailer, sent.Signature));

        using var writer = call.OpenWriter();
        writer.SealTrailer(call.QualityDigest, call.ProofDigest);
        SealedCall.AssertRefused(SealedStreamRefusal.AfterTrailer, () => SealedCall.SealNext(writer, "more"));
        SealedCall.AssertRefused(SealedStreamRefusal.AfterTrailer, () => writer.SealTrailer(call.QualityDigest, call.ProofDigest));
    }

    [Theory, P256Suite, HybridSuite]
    public void A_stream_is_dead_after_its_first_failure(HpkeSuite suite)
    {
        using var call = new SealedCall(suite);
        var sent = call.Send();
        using var reader = call.OpenReader(sent.Header);
        SealedCall.AssertRefused(SealedStreamRefusal.BatchAltered, () => SealedCall.OpenNext(reader, sent.Batches[1]));
        SealedCall.AssertRefused(SealedStreamRefusal.AfterFailure, () => SealedCall.OpenNext(reader, sent.Batches[0]));
        SealedCall.AssertRefused(SealedStreamRefusal.AfterFailure, () => reader.OpenTrailer(sent.Trailer, sent.Signature));

        var writer = call.OpenWriter();
        writer.Dispose();
        SealedCall.AssertRefused(SealedStreamRefusal.AfterFailure, () => SealedCall.SealNext(writer, "more"));
    }

    [Theory, P256Suite, HybridSuite]
    public void A_refused_batch_leaves_no_plaintext_behind(HpkeSuite suite)
    {
        using var call = new SealedCall(suite);
        var sent = call.Send();
        using var reader = call.OpenReader(sent.Header);
        var frame = sent.Batches[0];
        var destination = new byte[frame.Sealed.Length - Hpke.TagSize];
        SealedCall.AssertRefused(
            SealedStreamRefusal.BatchAltered, () => reader.OpenBatch(frame.Rows + 1, frame.Sealed, destination));
        Assert.All(destination, value => Assert.Equal(0, value));
    }

    [Theory, P256Suite, HybridSuite]
    public void No_refusal_speaks_of_what_was_in_the_stream(HpkeSuite suite)
    {
        using var call = new SealedCall(suite);
        var sent = call.Send();
        sent.Batches[0].Sealed[0] ^= 1;
        var text = Assert.Throws<SealedStreamException>(() => call.Receive(sent)).ToString();
        Assert.DoesNotContain("750308", text, StringComparison.Ordinal);
    }

    private static void Receives(SealedCall call, Recording tampered, SealedStreamRefusal refusal) =>
        SealedCall.AssertRefused(refusal, () => call.Receive(tampered));
}
