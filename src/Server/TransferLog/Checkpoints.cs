using Delivery.Protocol.Log;
using Delivery.Server.Refusals;
using Delivery.Server.Storage;
using Delivery.Server.Telemetry;

namespace Delivery.Server.TransferLog;

/// <summary>A leaf with everything needed to believe it offline.</summary>
/// <param name="Proof">C2SP tlog-proof, ending in a signed checkpoint.</param>
/// <param name="Consistency">Hashes that lead from the size the caller knew to the checkpoint's; empty if it knew none.</param>
internal sealed record ProvenLeaf(byte[] Leaf, byte[] Proof, IReadOnlyList<LogHash> Consistency);

/// <summary>
/// Signs checkpoints of the committed log and builds proofs under them. The pin is on disk before a checkpoint is given away, so a database that
/// later falls behind it is noticed. Threads may share it.
/// </summary>
internal sealed class Checkpoints(Store store, StoreWriter writer, PinFile pin, LogGuard guard, LogKey key) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);

    // Owned by whoever holds the gate. Without cosignatures: those are looked up each time, because they arrive later.
    private (Checkpoint Checkpoint, SignedNote Note)? _latest;
    private long _pinnedSize;

    /// <summary>The newest checkpoint, signed now if the log has grown since the last, with every cosignature known for it.</summary>
    public async Task<(Checkpoint Checkpoint, byte[] Note)> SignAsync(CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            using var log = new LogReader(store);
            var (checkpoint, note) = await CoverAsync(log, log.Range.Size);
            return (checkpoint, log.WithCosignatures(checkpoint.Size, note).Encode());
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>
    /// How many leaves there are, and how many of them the newest checkpoint covers. What is seen is remembered and pinned, so that this server too knows a
    /// database that lost what another server answered for.
    /// </summary>
    public async Task<(long Size, long Signed)> LookAsync(CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            using var log = new LogReader(store);
            guard.Remember(log.Range);
            Pin(log.Range.Size, log.Range.Root());
            return (log.Range.Size, log.NewestSigned());
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The newest checkpoint that a witness cosigned.</summary>
    /// <exception cref="RefusedException">There is none.</exception>
    public (Checkpoint Checkpoint, byte[] Note) Witnessed()
    {
        using var log = new LogReader(store);
        var (checkpoint, note) = Witnessed(log, 0);
        return (checkpoint, note.Encode());
    }

    /// <summary>Proves a committed leaf.</summary>
    /// <param name="index">The leaf.</param>
    /// <param name="knownSize">Size of the newest checkpoint the caller has seen, 0 for none.</param>
    /// <param name="cancellation">Ends the wait for the signing key.</param>
    public async Task<ProvenLeaf> ProveAsync(long index, long knownSize, CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            using var log = new LogReader(store);
            var (checkpoint, note) = await CoverAsync(log, index + 1);
            return Prove(log, index, knownSize, checkpoint, log.WithCosignatures(checkpoint.Size, note));
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Proves a committed leaf under the newest checkpoint that a witness cosigned.</summary>
    /// <exception cref="RefusedException">No such checkpoint covers the leaf yet.</exception>
    public ProvenLeaf ProveWitnessed(long index)
    {
        using var log = new LogReader(store);
        var (checkpoint, note) = Witnessed(log, index + 1);
        return Prove(log, index, knownSize: 0, checkpoint, note);
    }

    public void Dispose() => _gate.Dispose();

    private static ProvenLeaf Prove(LogReader log, long index, long knownSize, Checkpoint checkpoint, SignedNote note)
    {
        var body = log.Leaf(index)!.Value.Body;
        var proof = new TlogProof(index, InclusionProof.Build(index, checkpoint.Size, log.Node), note.Encode());
        var consistency = knownSize > 0 && knownSize < checkpoint.Size ? ConsistencyProof.Build(knownSize, checkpoint.Size, log.Node) : [];
        return new ProvenLeaf(body, proof.Encode(), consistency);
    }

    private static (Checkpoint Checkpoint, SignedNote Note) Witnessed(LogReader log, long size) =>
        log.NewestWitnessed() is { } note && Checkpoint.Parse(note.Text) is var checkpoint && checkpoint.Size >= size
            ? (checkpoint, note)
            : throw RefusedException.By("E_LOG_UNWITNESSED");

    // Reuses the newest checkpoint when it covers enough, so that a proof costs a signature only when the log has grown.
    private async Task<(Checkpoint Checkpoint, SignedNote Note)> CoverAsync(LogReader log, long size)
    {
        if (_latest is { } latest && latest.Checkpoint.Size >= size)
        {
            return latest;
        }

        using var span = ServerTraces.Start("delivery.log.checkpoint");
        var checkpoint = new Checkpoint(key.Signer.Verifier.Name, log.Range.Size, log.Range.Root());
        var note = key.Sign(checkpoint);
        Pin(checkpoint.Size, checkpoint.Root);
        await writer.WriteAsync(
            scope => scope.Execute(
                "INSERT INTO log_checkpoint (size, root, note) VALUES ($1, $2, $3) ON CONFLICT (size) DO NOTHING",
                checkpoint.Size, checkpoint.Root.ToArray(), note.Encode()),
            CancellationToken.None);
        _latest = (checkpoint, note);
        return (checkpoint, note);
    }

    // Owned by whoever holds the gate.
    private void Pin(long size, LogHash root)
    {
        if (size > _pinnedSize)
        {
            pin.Write(size, root);
            _pinnedSize = size;
        }
    }
}
