using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Delivery.Protocol.Arrow;

/// <summary>
/// Reads an Arrow IPC stream from start to end, holding one message at a time. A file in the IPC file format is read too,
/// since between its magic and its footer lies a stream.
/// </summary>
/// <remarks>
/// A stream without its end marker was cut and is refused, though the format would let it pass. Owned by one thread at a
/// time; the input stays the caller's.
/// </remarks>
internal sealed class ArrowStreamReader
{
    private readonly ArrowMessageSource source;
    private readonly ArrowDictionarySet dictionaries;

    private ArrowStreamReader(ArrowMessageSource source, ArrowSchema schema)
    {
        this.source = source;
        Schema = schema;
        dictionaries = new(schema);
    }

    public ArrowSchema Schema { get; }

    /// <summary>The dictionaries read so far; they come before the first batch that uses them.</summary>
    public ImmutableArray<ArrowDictionary> Dictionaries => dictionaries.All;

    /// <summary>Reads the schema, which every stream starts with.</summary>
    /// <exception cref="ArrowFormatException">The input does not start with a schema of the subset.</exception>
    public static async ValueTask<ArrowStreamReader> OpenAsync(Stream input, ArrowStreamLimits limits, CancellationToken cancellation)
    {
        var source = new ArrowMessageSource(input, limits);
        var message = await source.ReadAsync(cancellation);
        return message.IsEmpty
            ? throw new ArrowFormatException(ArrowFormatCode.UnexpectedMessage, "A stream ends before its schema.")
            : new(source, ArrowSchemaReader.Read(message.Span));
    }

    /// <summary>The dictionary of a column.</summary>
    /// <exception cref="ArrowFormatException">It has not arrived.</exception>
    public ArrowDictionary Dictionary(int column) => dictionaries.Of(Schema.Fields[column].Type);

    /// <summary>The next batch, valid until the next call; null after the end marker.</summary>
    /// <exception cref="ArrowFormatException">The stream is cut or holds something else than batches of its schema.</exception>
    public async ValueTask<RecordBatch?> ReadBatchAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var message = await source.ReadAsync(cancellation);
            if (message.IsEmpty)
            {
                return null;
            }

            if (ArrowMessage.ReadWhole(message.Span).HeaderType != ArrowFormat.Header.DictionaryBatch)
            {
                var batch = RecordBatchReader.Read(Schema, message);
                dictionaries.CheckIndexes(batch);
                return batch;
            }

            dictionaries.Add(ArrowSchemaReader.ReadDictionaryBatch(message.Span));
        }
    }

    /// <summary>Zeroes the message read last, for rows that must not stay in memory; its batch is not valid any more.</summary>
    public void Wipe() => source.Wipe();

    /// <summary>The batches to the end of the stream, each valid until the next.</summary>
    public async IAsyncEnumerable<RecordBatch> ReadBatchesAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        while (await ReadBatchAsync(cancellation) is { } batch)
        {
            yield return batch;
        }
    }
}
