using System.Runtime.CompilerServices;
using Delivery.Client.Connection;
using Delivery.Client.Refusals;
using Grpc.Core;
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

    internal async Task<byte[]> CheckpointAsync(CancellationToken cancellation) =>
        (await _connection.CallAsync(options => _service.GetCheckpointAsync(new Wire.GetCheckpointRequest(), options), cancellation)).Checkpoint.ToByteArray();

    internal async Task<(byte[] Leaf, byte[] Proof)> ProofAsync(long index, CancellationToken cancellation)
    {
        var request = new Wire.GetProofRequest { Index = index };
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
        using var call = _service.ListEntries(request, new CallOptions(cancellationToken: cancellation));
        while (await NextAsync(call.ResponseStream, cancellation))
        {
            yield return (call.ResponseStream.Current.Index, call.ResponseStream.Current.Leaf.ToByteArray());
        }
    }

    private async Task<bool> NextAsync(IAsyncStreamReader<Wire.ListEntriesResponse> entries, CancellationToken cancellation)
    {
        try
        {
            var more = await entries.MoveNext(cancellation);
            _connection.NoteAnswer();
            return more;
        }
        catch (RpcException failure)
        {
            throw _connection.Translate(failure, cancellation);
        }
    }
}
