using System.Security.Cryptography;
using System.Text;
using Delivery.Protocol.Sealing;

namespace Delivery.Tests.Sealing;

/// <summary>One batch as it travels: the row count beside the sealed bytes.</summary>
internal sealed record Frame(int Rows, byte[] Sealed);

/// <summary>All that one call put on the wire, for tests to tamper with.</summary>
internal sealed record Recording(byte[] Header, List<Frame> Batches, byte[] Trailer, byte[] Signature);

/// <summary>Server and recipient of one call, with the keys of both.</summary>
internal sealed class SealedCall : IDisposable
{
    public static readonly string[] Rows = ["750308-4001;Dansk;67", "750308-4125;Dansk;54\n750308-5008;Dansk;71", "750308-4001;Matematik;60"];

    public SealedCall(HpkeSuite suite)
    {
        Recipient = HpkePrivateKey.Generate(suite);
        Request = new SealedStreamRequest
        {
            Suite = suite,
            RecipientKeyId = Recipient.PublicKey.Id,
            SenderKeyId = SenderKey.IdOf(Signer),
            CallId = RandomNumberGenerator.GetBytes(32),
            ProjectId = "DST-2026-017",
            ApprovalVersion = 3,
            ExtractId = "x-000042",
            SchemaFingerprint = SHA256.HashData("schema"u8),
        };
    }

    public HpkePrivateKey Recipient { get; }

    public ECDsa Signer { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public byte[] Salt { get; } = RandomNumberGenerator.GetBytes(BatchDigest.SaltSize);

    public byte[] QualityDigest { get; } = SHA256.HashData("quality report"u8);

    public byte[] ProofDigest { get; } = SHA256.HashData("transfer-log proof"u8);

    public SealedStreamRequest Request { get; set; }

    public static int RowsIn(string batch) => batch.Count(c => c == '\n') + 1;

    public byte[] Digest(int index, string batch)
    {
        var digest = new byte[BatchDigest.Size];
        BatchDigest.Compute(Salt, index, RowsIn(batch), Encoding.UTF8.GetBytes(batch), digest);
        return digest;
    }

    public SealedStreamWriter OpenWriter(SealedStreamRequest? request = null, HpkeLimits? limits = null) =>
        SealedStreamWriter.Open(request ?? Request, Recipient.PublicKey, Salt, Signer, limits);

    /// <summary>Sends the standing rows from the request's first batch on.</summary>
    public Recording Send(SealedStreamRequest? request = null)
    {
        using var writer = OpenWriter(request);
        var batches = new List<Frame>();
        for (var index = (int)writer.NextBatchIndex; index < Rows.Length; index++)
        {
            batches.Add(SealNext(writer, Rows[index]));
            writer.Advance(Digest(index, Rows[index]));
        }

        var trailer = writer.SealTrailer(QualityDigest, ProofDigest);
        return new Recording(writer.HeaderBytes.ToArray(), batches, trailer.Sealed.ToArray(), trailer.Signature.ToArray());
    }

    public static Frame SealNext(SealedStreamWriter writer, string batch)
    {
        var plaintext = Encoding.UTF8.GetBytes(batch);
        var frame = new Frame(RowsIn(batch), new byte[SealedStreamWriter.SealedSize(plaintext.Length)]);
        writer.SealBatch(frame.Rows, plaintext, frame.Sealed);
        return frame;
    }

    public SealedStreamReader OpenReader(byte[] header, SealedStreamRequest? expected = null) =>
        SealedStreamReader.Open(expected ?? Request, header, Recipient, Signer);

    public static byte[] OpenNext(SealedStreamReader reader, Frame frame)
    {
        var plaintext = new byte[Math.Max(0, frame.Sealed.Length - Hpke.TagSize)];
        var index = reader.NextBatchIndex;
        reader.OpenBatch(frame.Rows, frame.Sealed, plaintext);
        var digest = new byte[BatchDigest.Size];
        BatchDigest.Compute(reader.DigestSalt, index, frame.Rows, plaintext, digest);
        reader.Advance(digest);
        return plaintext;
    }

    /// <summary>Receives a whole recording.</summary>
    public (List<string> Batches, TrailerFacts Facts) Receive(Recording recording, SealedStreamRequest? expected = null)
    {
        using var reader = OpenReader(recording.Header, expected);
        var batches = recording.Batches.Select(frame => Encoding.UTF8.GetString(OpenNext(reader, frame))).ToList();
        return (batches, reader.OpenTrailer(recording.Trailer, recording.Signature));
    }

    public static void AssertRefused(SealedStreamRefusal refusal, Action act) =>
        Assert.Equal(refusal, Assert.Throws<SealedStreamException>(act).Refusal);

    public void Dispose()
    {
        Recipient.Dispose();
        Signer.Dispose();
    }
}
