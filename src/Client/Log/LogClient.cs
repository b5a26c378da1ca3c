using System.Runtime.CompilerServices;
using Delivery.Client.Connection;
using Delivery.Client.Refusals;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Client.Log;

/// <summary>Reads the transfer log and checks it without trusting the server.</summary>
public sealed class LogClient
{
    private readonly ServerConnection _connection;
    private readonly CheckpointMemory _memory;
    private readonly Wire.TransferLogService.TransferLogServiceClient _service;

    internal LogClient(ServerConnection connection, CheckpointMemory memory)
    {
        (_connection, _memory) = (connection, memory);
        _service = new Wire.TransferLogService.TransferLogServiceClient(connection.Invoker);
    }

    /// <summary>Leaves in order: all for an auditor, those of their own organisation for others.</summary>
    /// <param name="first">First index wanted.</param>
    /// <param name="max">How many at the most; 0 for all.</param>
    /// <param name="projectId">Only leaves of this project; null for all.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="DeliveryRefusedException">The range cannot be, or the caller may not.</exception>
    public async IAsyncEnumerable<LogEntry> ListAsync(
        long first = 0, long max = 0, string? projectId = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var (index, leaf) in ReadAsync(first, max, projectId, cancellation))
        {
            yield return LogEntries.Read(index, leaf);
        }
    }

    /// <summary>
    /// Checks the log: the signature on the newest checkpoint, that it continues the one seen before, and every leaf the
    /// caller may see. Who sees every leaf has the root recomputed from them; others have each leaf's inclusion proven.
    /// Then remembers the checkpoint.
    /// </summary>
    /// <param name="policyFile">Which log and which keys to believe.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ProofRefusedException">Something does not hold.</exception>
    /// <exception cref="DeliveryClientException">The policy is unusable, or a call failed.</exception>
    public Task<LogReport> VerifyAsync(string policyFile, CancellationToken cancellation = default) =>
        new LogAudit(this, _memory, PolicyFile.Read(policyFile)).RunAsync(cancellation);

    /// <summary>
    /// Follows the log: leaves from an index on, and then new ones as they come, each below a head that the policy believes and that continues
    /// the one before. It ends only by its cancellation.
    /// </summary>
    /// <param name="policyFile">Which log and which keys to believe.</param>
    /// <param name="first">First index wanted.</param>
    /// <param name="interval">How long to wait between two looks.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ProofRefusedException">A head or a leaf does not hold.</exception>
    public async IAsyncEnumerable<LogEntry> WatchAsync(
        string policyFile, long first, TimeSpan interval, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var heads = new LogHeads(this, _memory, PolicyFile.Read(policyFile));
        using var timer = new PeriodicTimer(interval, _connection.Clock);
        for (var next = first; ; await timer.WaitForNextTickAsync(cancellation))
        {
            var believed = await heads.NewestAsync(cancellation);
            heads.Remember(believed);
            if (believed.Head.Size <= next)
            {
                continue;
            }

            await foreach (var entry in ListAsync(next, believed.Head.Size - next, null, cancellation))
            {
                if (entry.Index < believed.Head.Size)
                {
                    yield return entry;
                }
            }

            next = believed.Head.Size;
        }
    }

    /// <summary>
    /// Writes the whole log to a folder as c2sp.org/tlog-tiles lays it out, after checking its newest checkpoint against the policy and the one
    /// seen before. Only an auditor sees every leaf.
    /// </summary>
    /// <param name="policyFile">Which log and which keys to believe.</param>
    /// <param name="directory">The folder; absent, empty, or an earlier export, which is continued.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ProofRefusedException">Something does not hold, or not every leaf was shown.</exception>
    public async Task<LogExport> ExportAsync(string policyFile, string directory, CancellationToken cancellation = default)
    {
        var heads = new LogHeads(this, _memory, PolicyFile.Read(policyFile));
        var believed = await heads.NewestAsync(cancellation);
        var export = await LogTiles.WriteAsync(directory, believed.Note, BytesAsync(believed.Head.Size, cancellation), cancellation);
        heads.Remember(believed);
        return export;
    }

    /// <summary>One leaf with its proof, to be kept as files and checked offline.</summary>
    /// <param name="policyFile">Which log and which keys to believe; with a quorum, the proof leads to a checkpoint that a witness cosigned.</param>
    /// <param name="index">The leaf.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ProofRefusedException">The proof does not hold.</exception>
    public async Task<LogProof> ProveAsync(string policyFile, long index, CancellationToken cancellation = default)
    {
        var policy = PolicyFile.Read(policyFile);
        var (leaf, proof) = await ProofAsync(index, policy.Quorum > 0, cancellation);
        var result = Protocol.Log.LogProofVerifier.Verify(policy, leaf, proof);
        return result.Leaf is { } held && held.Index == index
            ? new LogProof(LogEntries.Show(held, leaf), result.Checkpoint!.Size, leaf, proof)
            : throw LogHeads.Refused(result.Leaf is null ? result.Code : Protocol.Log.LogProofCode.LeafMisplaced);
    }

    /// <summary>
    /// Cosigns the newest checkpoint as a witness of the policy, after checking that it continues every one cosigned before. Only one process
    /// may do so for one witness at a time.
    /// </summary>
    /// <param name="policyFile">Which log and which keys to believe; it names the witness.</param>
    /// <param name="keyFile">The witness's private key, PEM, mode 0600.</param>
    /// <param name="stateFile">Keeps the newest checkpoint this witness cosigned. Losing it means no longer noticing a fork.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ProofRefusedException">The log does not continue what was cosigned before; nothing was signed.</exception>
    public async Task<CosignReport> CosignAsync(string policyFile, string keyFile, string stateFile, CancellationToken cancellation = default)
    {
        var policy = PolicyFile.Read(policyFile);
        using var key = WitnessKey.Read(keyFile, policy);
        return await new Witness(this, policy, key.Signer, new CheckpointMemory(stateFile), _connection.Clock).CosignAsync(cancellation);
    }

    internal async Task<byte[]> CheckpointAsync(bool witnessed, CancellationToken cancellation)
    {
        var request = new Wire.GetCheckpointRequest { Witnessed = witnessed };
        return (await _connection.CallAsync(options => _service.GetCheckpointAsync(request, options), cancellation)).Checkpoint.ToByteArray();
    }

    internal Task SendCosignatureAsync(byte[] note, CancellationToken cancellation)
    {
        var request = new Wire.CosignRequest { Checkpoint = Google.Protobuf.ByteString.CopyFrom(note) };
        return _connection.CallAsync(options => _service.CosignAsync(request, options), cancellation);
    }

    internal async Task<(byte[] Leaf, byte[] Proof)> ProofAsync(long index, bool witnessed, CancellationToken cancellation)
    {
        var request = new Wire.GetProofRequest { Index = index, Witnessed = witnessed };
        var response = await _connection.CallAsync(options => _service.GetProofAsync(request, options), cancellation);
        return (response.Leaf.ToByteArray(), response.Proof.ToByteArray());
    }

    internal async Task<IReadOnlyList<byte[]>> ConsistencyAsync(long firstSize, long secondSize, CancellationToken cancellation)
    {
        var request = new Wire.GetConsistencyProofRequest { FirstSize = firstSize, SecondSize = secondSize };
        var response = await _connection.CallAsync(options => _service.GetConsistencyProofAsync(request, options), cancellation);
        return [.. response.Hashes.Select(hash => hash.ToByteArray())];
    }

    internal async IAsyncEnumerable<(long Index, byte[] Leaf)> ReadAsync(
        long first, long max, string? projectId, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var request = new Wire.ListEntriesRequest { FirstIndex = first, EntryCountMax = max, ProjectId = projectId ?? "" };
        using var leaves = new LeafStream(_service, _connection, request);
        while (await leaves.NextAsync(cancellation))
        {
            yield return leaves.Current;
        }
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> BytesAsync(long count, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (count == 0)
        {
            yield break;
        }

        await foreach (var (_, leaf) in ReadAsync(0, count, null, cancellation))
        {
            yield return leaf;
        }
    }
}
