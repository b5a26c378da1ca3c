using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Delivery.Protocol.Arrow;

/// <summary>
/// Writes the messages that open a stream: the schema, then each dictionary. One schema gives one sequence of bytes, so
/// the fingerprint names what a recipient was promised.
/// </summary>
internal static class ArrowSchemaWriter
{
    /// <summary>The encapsulated schema message, prefix and padding included. Dictionaries are messages of their own.</summary>
    public static byte[] Write(ArrowSchema schema)
    {
        var writer = new FlatBufferWriter();
        var message = ArrowMessage.Start(writer, ArrowFormat.Header.Schema, bodyLength: 0);
        writer.Link(message, ArrowFormat.Message.Header, WriteSchema(writer, schema));
        writer.Finish(message);
        return ArrowMessage.Encapsulate(writer, bodyLength: 0);
    }

    /// <summary>The encapsulated message that gives a dictionary its values.</summary>
    public static byte[] WriteDictionaryBatch(ArrowDictionary dictionary)
    {
        var values = dictionary.Values;
        var dataLength = values.Sum(Encoding.UTF8.GetByteCount);
        var offsetsLength = 4 * (values.Length + 1);
        var bodyLength = checked((int)(ArrowFormat.Pad(offsetsLength) + ArrowFormat.Pad(dataLength)));

        var writer = new FlatBufferWriter();
        var message = ArrowMessage.Start(writer, ArrowFormat.Header.DictionaryBatch, bodyLength);
        var header = writer.StartTable(8, 4);
        writer.Link(message, ArrowFormat.Message.Header, header);
        writer.SetInt64(header, ArrowFormat.Dictionary.Id, dictionary.Id);
        var (batch, nodes, buffers) = RecordBatchWriter.StartBatch(writer, values.Length, columnCount: 1, bufferCount: 3);
        writer.Link(header, ArrowFormat.Dictionary.Data, batch);
        writer.SetElement(nodes, 0, values.Length);
        writer.SetElement(buffers, 24, offsetsLength);
        writer.SetElement(buffers, 32, ArrowFormat.Pad(offsetsLength));
        writer.SetElement(buffers, 40, dataLength);
        writer.Finish(message);

        var bytes = ArrowMessage.Encapsulate(writer, bodyLength);
        var body = bytes.AsSpan(bytes.Length - bodyLength);
        var data = body[(int)ArrowFormat.Pad(offsetsLength)..];
        var end = 0;
        for (var index = 0; index < values.Length; index++)
        {
            end += Encoding.UTF8.GetBytes(values[index], data[end..]);
            BinaryPrimitives.WriteInt32LittleEndian(body[(4 * (index + 1))..], end);
        }

        return bytes;
    }

    /// <summary>SHA-256 over the schema message and the dictionary messages in the order given, as they stand in the stream.</summary>
    public static byte[] Fingerprint(ArrowSchema schema, IEnumerable<ArrowDictionary> dictionaries)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Write(schema));
        foreach (var dictionary in dictionaries)
        {
            hash.AppendData(WriteDictionaryBatch(dictionary));
        }

        return hash.GetHashAndReset();
    }

    /// <summary>Writes the Schema table, which stands both in the schema message and in a file's footer.</summary>
    public static int WriteSchema(FlatBufferWriter writer, ArrowSchema schema)
    {
        var table = writer.StartTable(0, 4, OffsetSize(schema.Metadata.Count > 0));
        var fields = writer.StartVector(schema.Fields.Length, elementSize: 4, alignment: 4);
        writer.Link(table, ArrowFormat.Schema.Fields, fields);
        for (var index = 0; index < schema.Fields.Length; index++)
        {
            writer.LinkElement(fields, index, WriteField(writer, schema.Fields[index]));
        }

        WriteMetadata(writer, table, ArrowFormat.Schema.Metadata, schema.Metadata);
        return table;
    }

    private static int WriteField(FlatBufferWriter writer, ArrowField field)
    {
        var encoded = field.Type.Kind == ArrowKind.Dictionary;
        var table = writer.StartTable(4, 1, 1, 4, OffsetSize(encoded), 4, OffsetSize(field.Metadata.Count > 0));
        writer.Link(table, ArrowFormat.Field.Name, writer.WriteString(field.Name));
        writer.SetByte(table, ArrowFormat.Field.Nullable, field.Nullable ? (byte)1 : (byte)0);
        var (kind, type) = WriteType(writer, field.Type);
        writer.SetByte(table, ArrowFormat.Field.TypeKind, kind);
        writer.Link(table, ArrowFormat.Field.Type, type);
        if (encoded)
        {
            var encoding = writer.StartTable(8, 4);
            writer.SetInt64(encoding, ArrowFormat.Encoding.Id, field.Type.DictionaryId);
            writer.Link(table, ArrowFormat.Field.Dictionary, encoding);
            writer.Link(encoding, ArrowFormat.Encoding.IndexType, WriteInt(writer, bitWidth: 8));
        }

        // Some readers refuse a field without a list of children, even an empty one.
        writer.Link(table, ArrowFormat.Field.Children, writer.StartVector(0, elementSize: 4, alignment: 4));
        WriteMetadata(writer, table, ArrowFormat.Field.Metadata, field.Metadata);
        return table;
    }

    private static (byte Kind, int Table) WriteType(FlatBufferWriter writer, ArrowType type)
    {
        switch (type.Kind)
        {
            case ArrowKind.Int8 or ArrowKind.Int16 or ArrowKind.Int32 or ArrowKind.Int64:
                return (ArrowFormat.TypeKind.Int, WriteInt(writer, 8 * type.ValueWidthBytes));
            case ArrowKind.Float64:
                var floating = writer.StartTable(2);
                writer.SetInt16(floating, 0, ArrowFormat.Unit.Double);
                return (ArrowFormat.TypeKind.FloatingPoint, floating);
            case ArrowKind.TimestampSecond or ArrowKind.TimestampMillisecond:
                var timestamp = writer.StartTable(2, OffsetSize(type.TimeZone is not null));
                writer.SetInt16(timestamp, 0, type.Kind == ArrowKind.TimestampSecond ? ArrowFormat.Unit.Second : ArrowFormat.Unit.Millisecond);
                if (type.TimeZone is not null)
                {
                    writer.Link(timestamp, 1, writer.WriteString(type.TimeZone));
                }

                return (ArrowFormat.TypeKind.Timestamp, timestamp);
            case ArrowKind.FixedSizeBinary:
                var binary = writer.StartTable(4);
                writer.SetInt32(binary, 0, type.ValueWidthBytes);
                return (ArrowFormat.TypeKind.FixedSizeBinary, binary);
            case ArrowKind.Utf8 or ArrowKind.Dictionary:
                // A dictionary field has the type of its values; the encoding tells the type of its indexes.
                return (ArrowFormat.TypeKind.Utf8, writer.StartTable());
            default:
                throw new InvalidOperationException($"No such column type: {type.Kind}.");
        }
    }

    private static int WriteInt(FlatBufferWriter writer, int bitWidth)
    {
        var table = writer.StartTable(4, 1);
        writer.SetInt32(table, 0, bitWidth);
        writer.SetByte(table, 1, 1);
        return table;
    }

    private static void WriteMetadata(FlatBufferWriter writer, int table, int field, ArrowMetadata metadata)
    {
        if (metadata.Count == 0)
        {
            return;
        }

        var vector = writer.StartVector(metadata.Count, elementSize: 4, alignment: 4);
        writer.Link(table, field, vector);
        for (var index = 0; index < metadata.Count; index++)
        {
            var pair = writer.StartTable(4, 4);
            writer.LinkElement(vector, index, pair);
            writer.Link(pair, 0, writer.WriteString(metadata[index].Key));
            writer.Link(pair, 1, writer.WriteString(metadata[index].Value));
        }
    }

    private static byte OffsetSize(bool present) => present ? (byte)4 : (byte)0;
}
