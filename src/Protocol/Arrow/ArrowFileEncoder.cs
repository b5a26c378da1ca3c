using System.Buffers;
using System.Collections.Immutable;

namespace Delivery.Protocol.Arrow;

/// <summary>
/// Puts messages together into a file of the Arrow IPC file format: magic, the same messages as in a stream, end marker,
/// footer. Writes front to back, so the output need not be seekable; it stays the caller's and is not flushed. Owned by one
/// thread at a time. Keeps 24 bytes per batch for the footer.
/// </summary>
internal sealed class ArrowFileEncoder(Stream output, ArrowSchema schema)
{
    private readonly ImmutableArray<ArrowBlock>.Builder dictionaryBlocks = ImmutableArray.CreateBuilder<ArrowBlock>();
    private readonly ImmutableArray<ArrowBlock>.Builder batchBlocks = ImmutableArray.CreateBuilder<ArrowBlock>();
    private long position;

    /// <summary>Writes the magic, the schema and the dictionaries; call it once, first.</summary>
    public async ValueTask WriteHeadAsync(IEnumerable<ArrowDictionary> dictionaries, CancellationToken cancellation)
    {
        await WriteAsync(ArrowFormat.FileStart.ToArray(), cancellation);
        await WriteAsync(ArrowSchemaWriter.Write(schema), cancellation);
        foreach (var dictionary in dictionaries)
        {
            var message = ArrowSchemaWriter.WriteDictionaryBatch(dictionary);
            dictionaryBlocks.Add(ArrowBlock.Of(position, message));
            await WriteAsync(message, cancellation);
        }
    }

    /// <summary>Writes one whole record batch message.</summary>
    /// <exception cref="ArrowFormatException">The bytes are not one whole message.</exception>
    public async ValueTask WriteBatchAsync(ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        batchBlocks.Add(ArrowBlock.Of(position, message.Span));
        await WriteAsync(message, cancellation);
    }

    /// <summary>Writes the end marker and the footer, without which the file cannot be opened.</summary>
    public async ValueTask CompleteAsync(CancellationToken cancellation)
    {
        var end = new ArrayBufferWriter<byte>();
        end.Write(ArrowFormat.EndOfStream);
        new ArrowFileFooter(schema, dictionaryBlocks.ToImmutable(), batchBlocks.ToImmutable()).Write(end);
        await WriteAsync(end.WrittenMemory, cancellation);
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        await output.WriteAsync(bytes, cancellation);
        position += bytes.Length;
    }
}
