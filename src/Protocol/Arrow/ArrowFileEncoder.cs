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

    /// <summary>
    /// Takes up a file of the same schema that was begun and ends with a whole message, instead of beginning one: what is written
    /// next follows it. Call it once, first.
    /// </summary>
    /// <param name="begun">The file from its beginning; it must be seekable.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ArrowFormatException">Something else stands there.</exception>
    public async ValueTask ResumeAsync(Stream begun, CancellationToken cancellation)
    {
        var head = new byte[ArrowFormat.PrefixLength];
        await FillAsync(begun, head, cancellation);
        if (!head.AsSpan().SequenceEqual(ArrowFormat.FileStart))
        {
            throw new ArrowFormatException(ArrowFormatCode.BadFraming, "A file does not start with its magic.");
        }

        for (position = head.Length; position < begun.Length;)
        {
            begun.Position = position;
            await FillAsync(begun, head, cancellation);
            var metadata = new byte[ArrowMessage.ReadPrefix(head, new ArrowStreamLimits().MetadataLengthMax)];
            await FillAsync(begun, metadata, cancellation);
            position = TakeUp(metadata, begun.Length - position);
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

    private static async ValueTask FillAsync(Stream begun, byte[] bytes, CancellationToken cancellation)
    {
        if (await begun.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation) < bytes.Length)
        {
            throw new ArrowFormatException(ArrowFormatCode.Truncated, "A file that was begun ends inside a message.");
        }
    }

    /// <summary>Notes where the message at the position lies; returns where the next one does.</summary>
    private long TakeUp(ReadOnlySpan<byte> metadata, long lengthMax)
    {
        var message = ArrowMessage.ReadMetadata(metadata);
        if (message.MessageLength > lengthMax)
        {
            throw new ArrowFormatException(ArrowFormatCode.Truncated, "A file that was begun ends inside a message.");
        }

        var block = new ArrowBlock(position, message.BodyStart, message.BodyLength);
        switch (message.HeaderType)
        {
            case ArrowFormat.Header.Schema:
                break;
            case ArrowFormat.Header.DictionaryBatch:
                dictionaryBlocks.Add(block);
                break;
            default:
                message.Expect(ArrowFormat.Header.RecordBatch);
                batchBlocks.Add(block);
                break;
        }

        return position + message.MessageLength;
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        await output.WriteAsync(bytes, cancellation);
        position += bytes.Length;
    }
}
