using System.Buffers;

namespace Delivery.Server.Intake;

/// <summary>Whole lines of a results file. Whoever holds it last disposes it, which wipes it: it has CPR numbers in the clear.</summary>
internal sealed class TextBlock(byte[] rented, int start, int length, long firstRow) : IDisposable
{
    public ReadOnlySpan<byte> Text => rented.AsSpan(start, length);

    /// <summary>Number of the first line; the line after the header is 1.</summary>
    public long FirstRow => firstRow;

    public void Dispose() => ArrayPool<byte>.Shared.Return(rented, clearArray: true);
}
