using Wire = Delivery.Protocol.V1;

namespace Delivery.Client.Extracts;

/// <summary>One frame of a call. Whoever holds it disposes it.</summary>
internal abstract record ExtractFrame : IDisposable
{
    public virtual void Dispose()
    {
    }
}

/// <summary>The first frame.</summary>
internal sealed record HeaderFrame(Wire.ExtractHeader Header) : ExtractFrame;

/// <summary>A sealed batch; the numbers are the sender's claim until the batch opened.</summary>
internal sealed record BatchFrame(long BatchIndex, int RowCount, PooledBytes Sealed) : ExtractFrame
{
    public override void Dispose()
    {
        Sealed.Dispose();
        base.Dispose();
    }
}

/// <summary>The last frame.</summary>
internal sealed record TrailerFrame(Wire.ExtractTrailer Trailer) : ExtractFrame;
