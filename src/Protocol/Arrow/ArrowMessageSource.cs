using System.Security.Cryptography;

namespace Delivery.Protocol.Arrow;

/// <summary>
/// How long a message a reader of streams accepts. The lengths stand in the input; without a limit they would be the
/// sender's choice of our memory.
/// </summary>
internal sealed record ArrowStreamLimits
{
    /// <summary>Default 4 MiB: a thousand columns with labels and notes in two languages stay below it.</summary>
    public int MetadataLengthMax { get; init; } = 4 << 20;

    /// <summary>Default 256 MiB: Delivery's batches are below 1 MiB, but other writers put a whole table into one.</summary>
    public int BodyLengthMax { get; init; } = 256 << 20;
}

/// <summary>
/// Cuts a stream into messages, in one array that is used again for each. The array grows as bytes arrive, never because
/// a length says that they will.
/// </summary>
internal sealed class ArrowMessageSource(Stream input, ArrowStreamLimits limits)
{
    private const int GrowthStart = 64 * 1024;
    private byte[] buffer = new byte[GrowthStart];
    private int filled;
    private bool started;
    private bool ended;

    /// <summary>The next whole message, valid until the next call; empty at the end marker and from then on.</summary>
    /// <exception cref="ArrowFormatException">The input ends early, is not framed as messages or exceeds a limit.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellation)
    {
        if (ended)
        {
            return default;
        }

        filled = 0;
        await FillAsync(ArrowFormat.PrefixLength, cancellation);
        if (!started && buffer.AsSpan(0, filled).SequenceEqual(ArrowFormat.FileStart))
        {
            filled = 0;
            await FillAsync(ArrowFormat.PrefixLength, cancellation);
        }

        started = true;
        var metadataLength = ArrowMessage.ReadPrefix(buffer.AsSpan(0, filled), limits.MetadataLengthMax);
        if (metadataLength == 0)
        {
            ended = true;
            return default;
        }

        await FillAsync(ArrowFormat.PrefixLength + (long)metadataLength, cancellation);
        var bodyLength = ArrowMessage.ReadMetadata(buffer.AsSpan(ArrowFormat.PrefixLength, metadataLength)).BodyLength;
        if (bodyLength > limits.BodyLengthMax)
        {
            throw new ArrowFormatException(ArrowFormatCode.LimitExceeded, $"A message's body is longer than {limits.BodyLengthMax} bytes.");
        }

        await FillAsync(filled + bodyLength, cancellation);
        return buffer.AsMemory(0, filled);
    }

    /// <summary>Zeroes what was read, for input that must not stay in memory. Ends the use of what was handed out.</summary>
    public void Wipe() => CryptographicOperations.ZeroMemory(buffer);

    private async ValueTask FillAsync(long wanted, CancellationToken cancellation)
    {
        if (wanted > Array.MaxLength)
        {
            throw new ArrowFormatException(ArrowFormatCode.LimitExceeded, "A message is longer than an array can be.");
        }

        while (filled < wanted)
        {
            if (filled == buffer.Length)
            {
                Grow((int)Math.Min(wanted, 2L * buffer.Length));
            }

            var end = (int)Math.Min(wanted, buffer.Length);
            var read = await input.ReadAsync(buffer.AsMemory(filled, end - filled), cancellation);
            if (read == 0)
            {
                throw new ArrowFormatException(ArrowFormatCode.Truncated, "A stream ends without its end marker.");
            }

            filled += read;
        }
    }

    private void Grow(int length)
    {
        var smaller = buffer;
        Array.Resize(ref buffer, length);
        CryptographicOperations.ZeroMemory(smaller);
    }
}
