using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Delivery.Client.Connection;
using Delivery.Client.Extracts;
using Delivery.Client.Log;
using Delivery.Client.Refusals;
using Delivery.Protocol.Log;
using Delivery.Protocol.Sealing;
using Delivery.Tests.Arrow;
using Delivery.Tests.Log;
using Google.Protobuf;
using Grpc.Core;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Tests.Client;

/// <summary>A server of one extract that seals and logs for real, and lets a test bend what it sends.</summary>
internal sealed class ScriptedServer : IExtractTransport, IReceiptDesk, IDisposable
{
    private static readonly byte[] QualityReport =
        """{"findings":[],"generation":3,"partition":"NT-DAN-2-2014","rejected_row_count":1,"row_count":6,"source_delivery_id":"autumn","voluntary_row_count":0}"""u8.ToArray();

    private readonly byte[] _salt = RandomNumberGenerator.GetBytes(BatchDigest.SaltSize);
    private readonly byte[] _quality = SHA256.HashData(SHA256.HashData(QualityReport));
    private readonly ECDsa _signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly HpkePrivateKey _recipient = HpkePrivateKey.Generate(HpkeSuite.P256);

    public SampleLog Log { get; } = new(5);

    /// <summary>Every request received, in order.</summary>
    public List<Wire.StreamExtractRequest> Requests { get; } = [];

    /// <summary>Changes what a call (counted from 0) sends.</summary>
    public Func<int, List<ExtractFrame>, IEnumerable<ExtractFrame>> Bend { get; set; } = (_, frames) => frames;

    /// <summary>Changes what the log says was delivered.</summary>
    public Func<Wire.StreamExtractRequest, LeafDraft, LeafDraft> BendLeaf { get; set; } = (_, draft) => draft;

    /// <summary>Ends a call (counted from 0) after so many frames; null lets it end well.</summary>
    public Func<int, (int Frames, StatusCode Status)?> CutAfter { get; set; } = _ => null;

    public CheckpointMemory Memory { get; } = new(null);

    public ExtractProof? Acknowledged { get; private set; }

    public static ExtractPatience Patience { get; } = new(3, TimeSpan.FromMinutes(1), new ImmediateClock());

    /// <summary>Changes the Arrow message of a batch before it is sealed: an honest seal around it.</summary>
    public Func<int, byte[], byte[]> BendMessage { get; set; } = (_, message) => message;

    /// <summary>Called when a receipt comes, before it is taken.</summary>
    public Action Acknowledging { get; set; } = () => { };

    public HpkePrivateKey Recipient => _recipient;

    /// <summary>Opens the extract as a pull does.</summary>
    public async Task<OpenedExtract> OpenAsync(ExtractInfo extract, ExtractBookmark? from, CancellationToken cancellation)
    {
        var opened = Connect(from);
        try
        {
            await opened.StartAsync(cancellation);
            return opened;
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    public OpenedExtract Connect(ExtractBookmark? from = null)
    {
        var sender = ECDsa.Create();
        sender.ImportSubjectPublicKeyInfo(_signer.ExportSubjectPublicKeyInfo(), out _);
        return new OpenedExtract(SampleResults.Extract, ExtractPosition.Of(from), ExtractTrust.Of(_recipient, sender, Log.Policy()), this, this, Memory, Patience);
    }

    /// <summary>Reads an extract to its end; bytes come as the sample writes them.</summary>
    public static async Task<List<object?[][]>> ReadAsync(OpenedExtract opened)
    {
        await opened.StartAsync(default);
        var batches = new List<object?[][]>();
        await foreach (var batch in opened.ReadBatchesAsync())
        {
            batches.Add([.. ArrowTable.Read(batch.Content).Select(Upper)]);
        }

        return batches;
    }

    /// <summary>Reads what a test has bent; nothing of it may be remembered.</summary>
    public async Task<ProofRefusedException> RefusesAsync()
    {
        await using var opened = Connect();
        var refused = await Assert.ThrowsAsync<ProofRefusedException>(() => ReadAsync(opened));
        Assert.Null(Memory.Seen);
        return refused;
    }

    public async IAsyncEnumerable<ExtractFrame> OpenAsync(
        Wire.StreamExtractRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var call = Requests.Count;
        Requests.Add(request);
        var sent = 0;
        foreach (var frame in Bend(call, Frames(request)))
        {
            if (CutAfter(call) is { } cut && sent == cut.Frames)
            {
                throw new RpcException(new Status(cut.Status, ""));
            }

            await Task.Yield();
            cancellation.ThrowIfCancellationRequested();
            sent++;
            yield return frame;
        }
    }

    public Exception Translate(RpcException failure, CancellationToken cancellation) =>
        RpcFailure.Translate(failure, hasAnswered: true, trustRefused: false);

    public Task<ExtractReceipt> AcknowledgeAsync(ExtractInfo extract, ExtractProof proof, CancellationToken cancellation)
    {
        Acknowledging();
        Acknowledged = proof;
        return Task.FromResult(new ExtractReceipt("H-1", new DateOnly(2027, 12, 31), proof.LogIndex + 1));
    }

    public Task<long> ReportPseudonymisedAsync(ExtractInfo extract, long rowCount, ReadOnlyMemory<byte> outputSha256, CancellationToken cancellation) =>
        Task.FromResult(Acknowledged!.LogIndex + 2);

    public void Dispose()
    {
        Log.Dispose();
        _signer.Dispose();
        _recipient.Dispose();
    }

    private static object?[] Upper(object?[] column) => [.. column.Select(value => value is string hex ? hex.ToUpperInvariant() : value)];

    private List<ExtractFrame> Frames(Wire.StreamExtractRequest request)
    {
        var sealing = Sealing(request);
        using var writer = SealedStreamWriter.Open(sealing, _recipient.PublicKey, _salt, _signer);
        var frames = new List<ExtractFrame>
        {
            new HeaderFrame(new Wire.ExtractHeader
            {
                SealedStreamHeader = ByteString.CopyFrom(writer.HeaderBytes.Span),
                Schema = ByteString.CopyFrom(SampleResults.SchemaBytes),
                Warnings = { new Wire.ComparabilityWarning { Code = "C1", TextDa = "Forbehold", TextEn = "Reservation" } },
            }),
        };
        for (var index = (int)request.FirstBatch; index < SampleResults.Tables.Count; index++)
        {
            frames.Add(Seal(writer, index));
        }

        frames.Add(new TrailerFrame(Trailer(request, writer)));
        return frames;
    }

    private SealedStreamRequest Sealing(Wire.StreamExtractRequest request)
    {
        var sealing = new SealedStreamRequest
        {
            Suite = HpkeSuite.P256,
            RecipientKeyId = request.RecipientKeyId.Memory,
            SenderKeyId = request.SenderKeyId.Memory,
            CallId = request.CallId.Memory,
            ProjectId = request.ProjectId,
            ApprovalVersion = (uint)request.ApprovalVersion,
            ExtractId = request.ExtractId,
            SchemaFingerprint = request.SchemaFingerprint.Memory,
        };
        return request.FirstBatch == 0 ? sealing : sealing with
        {
            FirstBatchIndex = request.FirstBatch,
            RunningDigest = request.RunningDigest.Memory,
            RowsBefore = SampleResults.Tables.Take((int)request.FirstBatch).Sum(table => table.RowCount),
        };
    }

    private BatchFrame Seal(SealedStreamWriter writer, int index)
    {
        var table = SampleResults.Tables[index];
        var message = BendMessage(index, table.Write());
        var bytes = new PooledBytes(SealedStreamWriter.SealedSize(message.Length));
        writer.SealBatch(table.RowCount, message, bytes.Span);
        var digest = new byte[BatchDigest.Size];
        BatchDigest.Compute(_salt, index, table.RowCount, message, digest);
        writer.Advance(digest);
        return new BatchFrame(index, table.RowCount, bytes);
    }

    private Wire.ExtractTrailer Trailer(Wire.StreamExtractRequest request, SealedStreamWriter writer)
    {
        var draft = LeafDraft.ExtractCompleted(
            SampleLeaves.Actor, request.ProjectId, request.ExtractId, new LogHash(request.CallId.Span),
            SampleResults.RowCount, SampleResults.Tables.Count, new LogHash(writer.CurrentDigest), new LogHash(_quality));
        var index = Log.Head.Size;
        var leaf = Leaf.Compose(BendLeaf(request, draft), SampleLeaves.Origin, index, SampleLeaves.TimestampMs);
        Log.AppendRaw(leaf);
        var proof = Log.Proof(index).Encode();
        var trailer = writer.SealTrailer(_quality, SHA256.HashData(proof));
        var consistency = ConsistencyProof.Build(Math.Min(request.KnownLogSize, Log.Head.Size), Log.Head.Size, Log.Node);
        return new Wire.ExtractTrailer
        {
            SealedTrailer = ByteString.CopyFrom(trailer.Sealed.Span),
            Signature = ByteString.CopyFrom(trailer.Signature.Span),
            LogLeaf = ByteString.CopyFrom(leaf),
            LogProof = ByteString.CopyFrom(proof),
            QualityReports = { ByteString.CopyFrom(QualityReport) },
            ConsistencyHashes = { consistency.Select(hash => ByteString.CopyFrom(hash.ToArray())) },
        };
    }

    /// <summary>Its timers ring at once, so that waits between attempts take no time.</summary>
    private sealed class ImmediateClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : TimeSpan.Zero, period);
    }
}
