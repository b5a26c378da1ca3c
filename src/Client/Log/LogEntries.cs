using System.Text;
using Delivery.Client.Refusals;
using Delivery.Protocol.Log;

namespace Delivery.Client.Log;

/// <summary>Shows leaves to people.</summary>
internal static class LogEntries
{
    /// <exception cref="ProofRefusedException">The bytes are no leaf, or one of another place.</exception>
    public static LogEntry Read(long index, byte[] leafBytes)
    {
        var leaf = Parse(leafBytes);
        return leaf.Index == index ? Show(leaf, leafBytes) : throw new ProofRefusedException(ClientReasons.ProofRefused, nameof(LogProofCode.LeafMisplaced));
    }

    public static LogEntry Show(Leaf leaf, byte[] leafBytes) => new(
        leaf.Index, leaf.Type.WireName(), DateTimeOffset.FromUnixTimeMilliseconds(leaf.TimestampMs), Encoding.ASCII.GetString(leafBytes));

    /// <exception cref="ProofRefusedException">The bytes are no leaf.</exception>
    public static Leaf Parse(byte[] leafBytes)
    {
        try
        {
            return Leaf.Parse(leafBytes);
        }
        catch (LeafException cause)
        {
            throw new ProofRefusedException(ClientReasons.ProofRefused, nameof(LogProofCode.LeafMalformed), cause);
        }
    }
}
