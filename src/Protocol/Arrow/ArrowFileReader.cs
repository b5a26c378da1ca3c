using System.Collections.Immutable;

namespace Delivery.Protocol.Arrow;

/// <summary>
/// A file in the IPC file format, held in memory: its footer and dictionaries are read on opening, its batches one at a time
/// in any order. Safe to share between threads.
/// </summary>
internal sealed class ArrowFileReader
{
    private readonly ReadOnlyMemory<byte> file;
    private readonly ArrowFileFooter footer;
    private readonly ArrowDictionarySet dictionaries;

    /// <exception cref="ArrowFormatException">The file is not Arrow of the subset.</exception>
    public ArrowFileReader(ReadOnlyMemory<byte> file)
    {
        this.file = file;
        footer = ArrowFileFooter.Read(file.Span);
        dictionaries = new(footer.Schema);
        foreach (var block in footer.Dictionaries)
        {
            dictionaries.Add(ArrowSchemaReader.ReadDictionaryBatch(Message(block).Span));
        }
    }

    public ArrowSchema Schema => footer.Schema;

    public ImmutableArray<ArrowDictionary> Dictionaries => dictionaries.All;

    public int BatchCount => footer.RecordBatches.Length;

    /// <summary>Reads a batch, which refers to the file's memory.</summary>
    /// <exception cref="ArrowFormatException">The block is not a batch of the schema.</exception>
    public RecordBatch ReadBatch(int index)
    {
        var batch = RecordBatchReader.Read(Schema, Message(footer.RecordBatches[index]));
        dictionaries.CheckIndexes(batch);
        return batch;
    }

    public ArrowDictionary Dictionary(int column) => dictionaries.Of(Schema.Fields[column].Type);

    private ReadOnlyMemory<byte> Message(ArrowBlock block) =>
        file.Slice((int)block.Offset, (int)(block.MetadataLength + block.BodyLength));
}
