namespace Delivery.Protocol.Arrow;

/// <summary>
/// Puts messages together into an Arrow IPC stream: schema, dictionaries, batches, end marker. The output stays the
/// caller's and is not flushed. Owned by one thread at a time.
/// </summary>
internal sealed class ArrowStreamEncoder(Stream output)
{
    /// <summary>Writes the schema and the dictionaries; call it once, first.</summary>
    public async ValueTask WriteHeadAsync(ArrowSchema schema, IEnumerable<ArrowDictionary> dictionaries, CancellationToken cancellation)
    {
        await output.WriteAsync(ArrowSchemaWriter.Write(schema), cancellation);
        foreach (var dictionary in dictionaries)
        {
            await output.WriteAsync(ArrowSchemaWriter.WriteDictionaryBatch(dictionary), cancellation);
        }
    }

    /// <summary>Writes one whole record batch message.</summary>
    public ValueTask WriteBatchAsync(ReadOnlyMemory<byte> message, CancellationToken cancellation) =>
        output.WriteAsync(message, cancellation);

    /// <summary>Writes the end marker, without which the stream counts as cut.</summary>
    public ValueTask CompleteAsync(CancellationToken cancellation) =>
        output.WriteAsync(ArrowFormat.EndOfStream.ToArray(), cancellation);
}
