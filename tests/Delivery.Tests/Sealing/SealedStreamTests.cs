using System.Security.Cryptography;
using System.Text;
using Delivery.Protocol.Sealing;

namespace Delivery.Tests.Sealing;

public class SealedStreamTests
{
    [Theory, P256Suite, HybridSuite]
    public void The_recipient_reads_what_was_sent(HpkeSuite suite)
    {
        using var call = new SealedCall(suite);
        var (batches, facts) = call.Receive(call.Send());
        Assert.Equal(SealedCall.Rows, batches);
        Assert.Equal(3, facts.NextBatchIndex);
        Assert.Equal(4, facts.TotalRows);
        Assert.Equal(call.QualityDigest, facts.QualityReportDigest.ToArray());
        Assert.Equal(call.ProofDigest, facts.TransferLogProofDigest.ToArray());
    }

    [Theory, P256Suite, HybridSuite]
    public void An_extract_without_rows_is_whole_too(HpkeSuite suite)
    {
        using var call = new SealedCall(suite);
        using var writer = call.OpenWriter();
        var trailer = writer.SealTrailer(call.QualityDigest, call.ProofDigest);
        using var reader = call.OpenReader(writer.HeaderBytes.ToArray());
        Assert.Equal(0, reader.OpenTrailer(trailer.Sealed.Span, trailer.Signature.Span).TotalRows);
    }

    [Theory, P256Suite, HybridSuite]
    public void A_resumed_call_continues_the_same_digest_under_another_key(HpkeSuite suite)
    {
        using var call = new SealedCall(suite);
        var whole = call.Send();
        var (_, facts) = call.Receive(whole);

        using var cut = call.OpenReader(whole.Header);
        SealedCall.OpenNext(cut, whole.Batches[0]);
        SealedCall.OpenNext(cut, whole.Batches[1]);
        var resumed = call.Request with
        {
            CallId = RandomNumberGenerator.GetBytes(32),
            FirstBatchIndex = cut.DigestedBatches,
            RunningDigest = cut.CurrentDigest.ToArray(),
            RowsBefore = cut.Rows,
        };

        var rest = call.Send(resumed);
        Assert.NotEqual(whole.Batches[2].Sealed, rest.Batches[0].Sealed);
        var (batches, again) = call.Receive(rest, resumed);
        Assert.Equal([SealedCall.Rows[2]], batches);
        Assert.Equal(facts.RunningDigest.ToArray(), again.RunningDigest.ToArray());
        Assert.Equal(4, again.TotalRows);
        Assert.Equal(3, again.NextBatchIndex);
    }

    [Fact]
    public void The_digest_is_the_documented_one()
    {
        using var call = new SealedCall(HpkeSuite.P256);
        var running = SHA256.HashData([.. "delivery/v1 list"u8, .. call.Salt]);
        for (byte i = 0; i < SealedCall.Rows.Length; i++)
        {
            byte[] index = [0, 0, 0, 0, 0, 0, 0, i];
            byte[] rows = [0, 0, 0, (byte)SealedCall.RowsIn(SealedCall.Rows[i])];
            var batch = SHA256.HashData([.. call.Salt, .. index, .. rows, .. Encoding.UTF8.GetBytes(SealedCall.Rows[i])]);
            Assert.Equal(batch, call.Digest(i, SealedCall.Rows[i]));
            running = SHA256.HashData([.. running, .. batch]);
        }

        Assert.Equal(running, call.Receive(call.Send()).Facts.RunningDigest.ToArray());
    }

    [Fact]
    public void The_same_rows_under_another_salt_have_another_digest()
    {
        using var one = new SealedCall(HpkeSuite.P256);
        using var other = new SealedCall(HpkeSuite.P256);
        Assert.NotEqual(
            one.Receive(one.Send()).Facts.RunningDigest.ToArray(), other.Receive(other.Send()).Facts.RunningDigest.ToArray());
    }

    [Fact]
    public void The_header_has_the_documented_layout()
    {
        using var call = new SealedCall(HpkeSuite.P256);
        var header = call.Send().Header;
        byte[] prefix =
        [
            .. "DLVS"u8, 1, 0, 1, .. call.Request.RecipientKeyId.Span, .. call.Request.SenderKeyId.Span, .. call.Request.CallId.Span,
            12, .. "DST-2026-017"u8, 0, 0, 0, 3, 8, .. "x-000042"u8, .. call.Request.SchemaFingerprint.Span, .. new byte[8], .. new byte[32],
        ];
        Assert.Equal(prefix, header[..prefix.Length]);
        Assert.Equal([0, 65, 4], header[prefix.Length..(prefix.Length + 3)]);
        Assert.Equal(prefix.Length + 2 + 65 + 32 + 48 + 64, header.Length);
        Assert.True(call.Signer.VerifyData(header[..^64], header[^64..], HashAlgorithmName.SHA256));

        byte[] info = [.. "delivery/v1 extract"u8, .. SHA256.HashData(prefix)];
        using var context = HpkeReceiver.Setup(call.Recipient, header.AsSpan(prefix.Length + 2, 65), info);
        Assert.Equal(context.Export("delivery/v1 key commitment"u8, 32), header[(prefix.Length + 67)..(prefix.Length + 99)]);
        var salt = new byte[32];
        context.Open("delivery/v1 digest salt"u8, header.AsSpan(prefix.Length + 99, 48), salt);
        Assert.Equal(call.Salt, salt);
    }

    [Fact]
    public void The_trailer_has_the_documented_layout_and_signature()
    {
        using var call = new SealedCall(HpkeSuite.P256);
        var recording = call.Send();
        var (_, facts) = call.Receive(recording);
        byte[] plaintext =
        [
            .. new byte[7], 3, .. new byte[7], 4, .. facts.RunningDigest.Span, .. call.QualityDigest, .. call.ProofDigest,
        ];
        byte[] signed = [.. "delivery/v1 trailer"u8, .. call.Request.CallId.Span, .. plaintext];
        Assert.True(call.Signer.VerifyData(signed, recording.Signature, HashAlgorithmName.SHA256));
    }

    [Theory, P256Suite, HybridSuite]
    public void Hashing_may_run_ahead_of_sealing_and_behind_it(HpkeSuite suite)
    {
        using var call = new SealedCall(suite);
        using var writer = call.OpenWriter();
        writer.Advance(call.Digest(0, SealedCall.Rows[0]));
        SealedCall.SealNext(writer, SealedCall.Rows[0]);
        SealedCall.SealNext(writer, SealedCall.Rows[1]);
        Assert.Throws<InvalidOperationException>(() => writer.SealTrailer(call.QualityDigest, call.ProofDigest));
        writer.Advance(call.Digest(1, SealedCall.Rows[1]));
        Assert.Equal(128, writer.SealTrailer(call.QualityDigest, call.ProofDigest).Sealed.Length);
    }

    [Theory, P256Suite, HybridSuite]
    public void A_full_stream_still_has_room_for_its_trailer(HpkeSuite suite)
    {
        using var call = new SealedCall(suite);
        using var writer = call.OpenWriter(limits: new HpkeLimits(MessagesMax: 3, BytesMax: 1 << 20));
        SealedCall.SealNext(writer, SealedCall.Rows[0]);
        writer.Advance(call.Digest(0, SealedCall.Rows[0]));
        Assert.False(writer.HasRoomFor(1));
        SealedCall.AssertRefused(SealedStreamRefusal.LimitReached, () => SealedCall.SealNext(writer, SealedCall.Rows[1]));
        Assert.Equal(64, writer.SealTrailer(call.QualityDigest, call.ProofDigest).Signature.Length);
    }

    [Fact]
    public void Sealing_opening_and_hashing_a_batch_allocate_nothing()
    {
        using var call = new SealedCall(HpkeSuite.P256);
        using var writer = call.OpenWriter();
        using var reader = call.OpenReader(writer.HeaderBytes.ToArray());
        var plaintext = new byte[4096];
        var buffer = new byte[SealedStreamWriter.SealedSize(plaintext.Length)];
        var digest = new byte[BatchDigest.Size];
        Round();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            Round();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Round()
        {
            BatchDigest.Compute(call.Salt, writer.NextBatchIndex, 10, plaintext, digest);
            writer.Advance(digest);
            writer.SealBatch(10, plaintext, buffer);
            reader.OpenBatch(10, buffer, buffer.AsSpan(0, plaintext.Length));
            reader.Advance(digest);
        }
    }

    [Fact]
    public void A_position_that_contradicts_itself_is_refused()
    {
        using var call = new SealedCall(HpkeSuite.P256);
        var digest = RandomNumberGenerator.GetBytes(32);
        Assert.Throws<ArgumentException>(() => call.OpenWriter(call.Request with { FirstBatchIndex = 1 }));
        Assert.Throws<ArgumentException>(() => call.OpenWriter(call.Request with { RunningDigest = digest }));
        Assert.Throws<ArgumentException>(() => call.OpenWriter(call.Request with { RowsBefore = 1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => call.OpenWriter(call.Request with { FirstBatchIndex = -1, RunningDigest = digest }));
    }

    [Fact]
    public void Ids_that_do_not_fit_the_layout_are_refused()
    {
        using var call = new SealedCall(HpkeSuite.P256);
        foreach (var bad in new[] { "", "æ", "a b", new string('x', 256) })
        {
            Assert.Throws<ArgumentException>(() => call.Request with { ProjectId = bad });
            Assert.Throws<ArgumentException>(() => call.Request with { ExtractId = bad });
        }

        Assert.Throws<ArgumentException>(() => call.Request with { CallId = new byte[31] });
        Assert.Throws<ArgumentOutOfRangeException>(() => call.Request with { Suite = 0 });
        var longest = call.Request with { ProjectId = new string('p', 255), ExtractId = new string('e', 255) };
        Assert.Equal(SealedCall.Rows, call.Receive(call.Send(longest), longest).Batches);
    }
}
