using System.Collections.Concurrent;
using Delivery.Protocol.Log;

namespace Delivery.Server.Extracts;

/// <summary>Calls of this server that are over, of which no leaf could be written: why they ended, until it is. Threads may share it.</summary>
internal sealed class UnendedCalls
{
    private readonly ConcurrentDictionary<string, string> _reasons = new(StringComparer.Ordinal);

    public bool HasAny => !_reasons.IsEmpty;

    /// <summary>Notes a call. A caller may send anything as an id; what none can be is not kept.</summary>
    public void Note(ReadOnlySpan<byte> callId, string reasonCode)
    {
        if (callId.Length == LogHash.SizeBytes)
        {
            _reasons.TryAdd(Convert.ToHexStringLower(callId), reasonCode);
        }
    }

    /// <summary>Reason codes by call id, as they are now.</summary>
    public IReadOnlyDictionary<string, string> All() => new Dictionary<string, string>(_reasons, StringComparer.Ordinal);

    public void Forget(IReadOnlyDictionary<string, string> reasons)
    {
        foreach (var callId in reasons.Keys)
        {
            _reasons.TryRemove(callId, out _);
        }
    }
}
