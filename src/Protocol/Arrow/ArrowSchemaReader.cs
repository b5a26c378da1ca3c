using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Delivery.Protocol.Arrow;

/// <summary>Reads the messages that open a stream, from bytes nobody vouches for.</summary>
internal static class ArrowSchemaReader
{
    /// <summary>Reads exactly one encapsulated schema message.</summary>
    /// <exception cref="ArrowFormatException">The bytes are not a schema of the subset.</exception>
    public static ArrowSchema Read(ReadOnlySpan<byte> message)
    {
        var head = ArrowMessage.ReadWhole(message);
        head.Expect(ArrowFormat.Header.Schema);
        return head.BodyLength == 0
            ? Read(head.Header, head.BodyStart)
            : throw new ArrowFormatException(ArrowFormatCode.BadFraming, "A schema message has a body.");
    }

    /// <summary>Reads a Schema table that stands in <paramref name="metadataLength"/> bytes of metadata.</summary>
    public static ArrowSchema Read(FlatBufferTable schema, int metadataLength)
    {
        if (schema.Int16(ArrowFormat.Schema.Endianness, absent: 0) != 0)
        {
            throw new ArrowFormatException(ArrowFormatCode.UnsupportedVersion, "A schema is not little-endian.");
        }

        var allowance = new Allowance(metadataLength);
        var fields = ImmutableArray.CreateBuilder<ArrowField>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var count = schema.TableCount(ArrowFormat.Schema.Fields);
        for (var index = 0; index < count; index++)
        {
            var field = ReadField(schema.TableAt(ArrowFormat.Schema.Fields, index), ref allowance);
            fields.Add(names.Add(field.Name) ? field : throw Refused("Two fields have the same name."));
        }

        return count > 0
            ? new(fields.ToImmutable(), ReadMetadata(schema, ArrowFormat.Schema.Metadata, ref allowance))
            : throw Refused("A schema has no fields.");
    }

    /// <summary>Reads exactly one encapsulated dictionary batch.</summary>
    /// <exception cref="ArrowFormatException">The bytes are not a whole dictionary of at most 128 texts.</exception>
    public static ArrowDictionary ReadDictionaryBatch(ReadOnlySpan<byte> message)
    {
        var head = ArrowMessage.ReadWhole(message);
        head.Expect(ArrowFormat.Header.DictionaryBatch);
        if (head.Header.Byte(ArrowFormat.Dictionary.IsDelta, absent: 0) != 0)
        {
            throw new ArrowFormatException(ArrowFormatCode.UnsupportedFeature, "A dictionary is sent as a difference.");
        }

        Span<RecordBatchColumn> column = stackalloc RecordBatchColumn[1];
        var count = RecordBatchReader.ReadColumns(
            [new("values", ArrowType.Utf8, false)], bufferCount: 3, head.Header.RequiredTable(ArrowFormat.Dictionary.Data), message, head.BodyStart, column);
        if (count > ArrowType.DictionaryValuesMax)
        {
            throw new ArrowFormatException(ArrowFormatCode.LimitExceeded, $"A dictionary has more than {ArrowType.DictionaryValuesMax} values.");
        }

        var offsets = MemoryMarshal.Cast<byte, int>(message.Slice(column[0].Values.Offset, column[0].Values.Length));
        var data = message.Slice(column[0].Data.Offset, column[0].Data.Length);
        var values = ImmutableArray.CreateBuilder<string>(count);
        for (var index = 0; index < count; index++)
        {
            values.Add(FlatBufferTable.Decode(data[offsets[index]..offsets[index + 1]]));
        }

        return new(head.Header.Int64(ArrowFormat.Dictionary.Id, absent: 0), values.MoveToImmutable());
    }

    private static ArrowField ReadField(FlatBufferTable field, ref Allowance allowance)
    {
        if (field.TableCount(ArrowFormat.Field.Children) > 0)
        {
            throw Unsupported();
        }

        var name = allowance.Text(field.RequiredText(ArrowFormat.Field.Name));
        var type = ReadType(field.Byte(ArrowFormat.Field.TypeKind, absent: 0), field.RequiredTable(ArrowFormat.Field.Type), ref allowance);
        if (field.Has(ArrowFormat.Field.Dictionary))
        {
            var encoding = field.RequiredTable(ArrowFormat.Field.Dictionary);
            if (type.Kind != ArrowKind.Utf8
                || !encoding.Has(ArrowFormat.Encoding.IndexType)
                || ReadInt(encoding.RequiredTable(ArrowFormat.Encoding.IndexType)).Kind != ArrowKind.Int8)
            {
                throw Unsupported();
            }

            type = ArrowType.Dictionary(encoding.Int64(ArrowFormat.Encoding.Id, absent: 0));
        }

        var nullable = field.Byte(ArrowFormat.Field.Nullable, absent: 0) != 0;
        return new(name, type, nullable, ReadMetadata(field, ArrowFormat.Field.Metadata, ref allowance));
    }

    private static ArrowType ReadType(byte kind, FlatBufferTable type, ref Allowance allowance) => kind switch
    {
        ArrowFormat.TypeKind.Int => ReadInt(type),
        ArrowFormat.TypeKind.FloatingPoint when type.Int16(0, absent: 0) == ArrowFormat.Unit.Double => ArrowType.Float64,
        ArrowFormat.TypeKind.Utf8 => ArrowType.Utf8,
        ArrowFormat.TypeKind.Timestamp => ReadTimestamp(type, ref allowance),
        ArrowFormat.TypeKind.FixedSizeBinary => type.Int32(0, absent: 0) is > 0 and var width ? ArrowType.FixedSizeBinary(width) : throw Unsupported(),
        _ => throw Unsupported(),
    };

    private static ArrowType ReadInt(FlatBufferTable type) => (type.Int32(0, absent: 0), type.Byte(1, absent: 0)) switch
    {
        (8, 1) => ArrowType.Int8,
        (16, 1) => ArrowType.Int16,
        (32, 1) => ArrowType.Int32,
        (64, 1) => ArrowType.Int64,
        _ => throw Unsupported(),
    };

    private static ArrowType ReadTimestamp(FlatBufferTable type, ref Allowance allowance)
    {
        var zone = type.Has(1) ? allowance.Text(type.RequiredText(1)) : null;
        return type.Int16(0, absent: 0) switch
        {
            ArrowFormat.Unit.Second => ArrowType.TimestampSecond(zone),
            ArrowFormat.Unit.Millisecond => ArrowType.TimestampMillisecond(zone),
            _ => throw Unsupported(),
        };
    }

    private static ArrowMetadata ReadMetadata(FlatBufferTable table, int field, ref Allowance allowance)
    {
        var count = table.TableCount(field);
        if (count == 0)
        {
            return ArrowMetadata.Empty;
        }

        var pairs = new List<KeyValuePair<string, string>>();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < count; index++)
        {
            var pair = table.TableAt(field, index);
            var key = allowance.Text(pair.RequiredText(0));
            var value = pair.Has(1) ? allowance.Text(pair.RequiredText(1)) : "";
            pairs.Add(keys.Add(key) ? new(key, value) : throw Refused("A metadata key occurs twice."));
        }

        return new(pairs);
    }

    private static ArrowFormatException Refused(string message) => new(ArrowFormatCode.MalformedMetadata, message);

    private static ArrowFormatException Unsupported() =>
        new(ArrowFormatCode.UnsupportedType, "A field is of a type outside the subset.");

    /// <summary>
    /// How much text may still be decoded. Offsets may share their targets, so a small schema could name one long text a
    /// hundred thousand times; an honest one holds each text once, or perhaps a zone name for several columns.
    /// </summary>
    private ref struct Allowance(int metadataLength)
    {
        private const int EachText = 8;
        private long left = 2L * metadataLength;

        public string Text(ReadOnlySpan<byte> text)
        {
            left -= text.Length + EachText;
            return left >= 0
                ? FlatBufferTable.Decode(text)
                : throw new ArrowFormatException(ArrowFormatCode.LimitExceeded, "A schema's texts are longer than its bytes.");
        }
    }
}
