using System.Collections.Immutable;

namespace Delivery.Protocol.Arrow;

/// <summary>
/// The dictionaries of a stream as they arrive. Each is declared by the schema, comes once and comes before the first batch
/// that uses it. Owned by one reader.
/// </summary>
internal sealed class ArrowDictionarySet(ArrowSchema schema)
{
    private readonly Dictionary<long, ArrowDictionary> byId = [];

    /// <summary>Those that have arrived, in the order of the fields.</summary>
    public ImmutableArray<ArrowDictionary> All => [.. schema.DictionaryIds.Where(byId.ContainsKey).Select(id => byId[id])];

    /// <exception cref="ArrowFormatException">No field uses the dictionary, or it came before.</exception>
    public void Add(ArrowDictionary dictionary)
    {
        if (!schema.DictionaryIds.Contains(dictionary.Id) || !byId.TryAdd(dictionary.Id, dictionary))
        {
            throw new ArrowFormatException(ArrowFormatCode.DictionaryMismatch, "A dictionary is used by no field or came twice.");
        }
    }

    /// <exception cref="ArrowFormatException">The column's dictionary has not arrived.</exception>
    public ArrowDictionary Of(ArrowType type) => byId.TryGetValue(type.DictionaryId, out var dictionary)
        ? dictionary
        : throw new ArrowFormatException(ArrowFormatCode.DictionaryMismatch, "A batch uses a dictionary that has not come.");

    /// <summary>Refuses a batch with a value that points outside its dictionary.</summary>
    /// <exception cref="ArrowFormatException">A dictionary has not arrived or is too short.</exception>
    public void CheckIndexes(RecordBatch batch)
    {
        for (var column = 0; column < schema.Fields.Length; column++)
        {
            var type = schema.Fields[column].Type;
            if (type.Kind != ArrowKind.Dictionary)
            {
                continue;
            }

            var length = Of(type).Values.Length;
            var indexes = batch.DictionaryIndexes(column);

            // Only where something is out of range does it matter whether that row is null.
            if (length == 0 ? !indexes.IsEmpty : indexes.ContainsAnyExceptInRange((sbyte)0, (sbyte)(length - 1)))
            {
                CheckRows(batch, column, length);
            }
        }
    }

    private static void CheckRows(RecordBatch batch, int column, int length)
    {
        var indexes = batch.DictionaryIndexes(column);
        for (var row = 0; row < indexes.Length; row++)
        {
            if ((uint)indexes[row] >= (uint)length && batch.IsValid(column, row))
            {
                throw new ArrowFormatException(ArrowFormatCode.DictionaryIndexOutOfRange, $"A row of column {column} points outside its dictionary.");
            }
        }
    }
}
