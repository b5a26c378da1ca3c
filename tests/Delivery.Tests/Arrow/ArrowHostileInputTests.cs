using System.Buffers.Binary;
using Delivery.Protocol.Arrow;
using FsCheck;
using FsCheck.Fluent;

namespace Delivery.Tests.Arrow;

/// <summary>
/// Each reader gets bytes that someone bent. It may read them as something else, but then everything it hands out can be
/// touched; or it refuses them with its one exception.
/// </summary>
public sealed class ArrowHostileInputTests
{
    private static readonly ArrowTable Table = ArrowTables.Every;
    private static readonly byte[] SchemaMessage = ArrowSchemaWriter.Write(Table.Schema);
    private static readonly byte[] DictionaryMessage = ArrowSchemaWriter.WriteDictionaryBatch(Table.Dictionaries[0]);
    private static readonly byte[] BatchMessage = Table.Write();

    private delegate void Read(byte[] bytes);

    [Fact]
    public void Every_altered_byte_of_a_schema_is_read_within_bounds_or_refused() => AlterEveryByte(SchemaMessage, ReadSchema);

    [Fact]
    public void Every_altered_byte_of_a_dictionary_is_read_within_bounds_or_refused() => AlterEveryByte(DictionaryMessage, ReadDictionary);

    [Fact]
    public void Every_altered_byte_of_a_batch_is_read_within_bounds_or_refused() => AlterEveryByte(BatchMessage, ReadBatch);

    [Fact]
    public async Task Every_altered_byte_of_a_file_is_read_within_bounds_or_refused() =>
        AlterEveryByte(await ArrowFiles.FileAsync(Table, batchCount: 1), ReadFile);

    [Fact]
    public void Every_hostile_number_in_any_place_is_read_within_bounds_or_refused()
    {
        long[] numbers = [long.MinValue, long.MaxValue, -1, 1, int.MaxValue, int.MinValue, 1L << 32, uint.MaxValue, 1L << 62, 4, 8];
        foreach (var (message, read) in new (byte[], Read)[] { (SchemaMessage, ReadSchema), (DictionaryMessage, ReadDictionary), (BatchMessage, ReadBatch) })
        {
            for (var position = 0; position + 8 <= message.Length; position += 4)
            {
                foreach (var number in numbers)
                {
                    var bent = message.ToArray();
                    BinaryPrimitives.WriteInt64LittleEndian(bent.AsSpan(position), number);
                    Try(bent, read);
                    bent = message.ToArray();
                    BinaryPrimitives.WriteInt32LittleEndian(bent.AsSpan(position), (int)number);
                    Try(bent, read);
                }
            }
        }
    }

    [Fact]
    public void A_message_cut_anywhere_is_refused()
    {
        foreach (var (message, read) in new (byte[], Read)[] { (SchemaMessage, ReadSchema), (DictionaryMessage, ReadDictionary), (BatchMessage, ReadBatch) })
        {
            for (var length = 0; length < message.Length; length++)
            {
                Assert.Throws<ArrowFormatException>(() => read(message[..length]));
            }
        }
    }

    [Fact]
    public async Task A_stream_or_file_cut_anywhere_is_refused()
    {
        var stream = await ArrowFiles.StreamAsync(Table, batchCount: 2);
        for (var length = 0; length < stream.Length; length++)
        {
            await Assert.ThrowsAsync<ArrowFormatException>(() => ReadStreamAsync(stream[..length]));
        }

        var file = await ArrowFiles.FileAsync(Table, batchCount: 1);
        for (var length = 0; length < file.Length; length++)
        {
            Assert.Throws<ArrowFormatException>(() => ReadFile(file[..length]));
        }
    }

    [Fact]
    public void A_byte_too_many_is_refused()
    {
        Assert.Equal(ArrowFormatCode.TrailingBytes, CodeOf([.. SchemaMessage, 0], ReadSchema));
        Assert.Equal(ArrowFormatCode.TrailingBytes, CodeOf([.. DictionaryMessage, 0], ReadDictionary));
        Assert.Equal(ArrowFormatCode.TrailingBytes, CodeOf([.. BatchMessage, 0], ReadBatch));
    }

    [Fact]
    public void Random_bytes_behind_an_honest_prefix_are_refused_or_harmless() =>
        Prop.ForAll<byte[], byte[]>((metadata, body) =>
        {
            byte[] padded = [.. metadata, .. new byte[(8 - (metadata.Length % 8)) % 8]];
            byte[] prefix = [0xFF, 0xFF, 0xFF, 0xFF, .. BitConverter.GetBytes(padded.Length)];
            foreach (var read in new Read[] { ReadSchema, ReadDictionary, ReadBatch, ReadFile })
            {
                Try([.. prefix, .. padded, .. body], read);
                Try(metadata, read);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Random_damage_in_many_places_is_refused_or_harmless() =>
        Prop.ForAll<(int Place, byte Value)[]>(damages =>
        {
            foreach (var (message, read) in new (byte[], Read)[] { (SchemaMessage, ReadSchema), (DictionaryMessage, ReadDictionary), (BatchMessage, ReadBatch) })
            {
                var bent = message.ToArray();
                foreach (var (place, value) in damages)
                {
                    bent[(int)((uint)place % bent.Length)] = value;
                }

                Try(bent, read);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_batch_of_another_schema_is_refused()
    {
        var other = new ArrowSchema([new("ability", ArrowType.Float64, true)]);
        Assert.Equal(ArrowFormatCode.SchemaMismatch, CodeOf(BatchMessage, bytes => RecordBatchReader.Read(other, bytes)));
        Assert.Equal(ArrowFormatCode.UnexpectedMessage, CodeOf(SchemaMessage, ReadBatch));
        Assert.Equal(ArrowFormatCode.UnexpectedMessage, CodeOf(BatchMessage, ReadSchema));
    }

    [Fact]
    public void A_wider_column_than_was_sent_is_refused()
    {
        var narrow = new ArrowTable(new([new("value", ArrowType.Int16, false)]), [], [[(short)1, (short)2, (short)3, (short)4, (short)5]]);
        var wide = new ArrowSchema([new("value", ArrowType.Int32, false)]);
        Assert.Equal(ArrowFormatCode.BufferTooShort, CodeOf(narrow.Write(), bytes => RecordBatchReader.Read(wide, bytes)));
    }

    [Fact]
    public void Nulls_in_a_required_column_are_refused()
    {
        var nullable = new ArrowTable(new([new("value", ArrowType.Int16, true)]), [], [[(short)1, null]]);
        var required = new ArrowSchema([new("value", ArrowType.Int16, false)]);
        Assert.Equal(ArrowFormatCode.NullCountMismatch, CodeOf(nullable.Write(), bytes => RecordBatchReader.Read(required, bytes)));
    }

    [Fact]
    public async Task A_stream_cannot_make_its_reader_allocate_what_it_does_not_send()
    {
        var message = BatchMessage.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(4), 2_000_000_000);
        byte[] stream = [.. SchemaMessage, .. message];
        var before = GC.GetAllocatedBytesForCurrentThread();
        var refusal = await Assert.ThrowsAsync<ArrowFormatException>(() => ReadStreamAsync(stream));
        Assert.Equal(ArrowFormatCode.LimitExceeded, refusal.Code);

        var generous = new ArrowStreamLimits { MetadataLengthMax = int.MaxValue, BodyLengthMax = int.MaxValue };
        refusal = await Assert.ThrowsAsync<ArrowFormatException>(() => ReadStreamAsync(stream, generous));
        Assert.Equal(ArrowFormatCode.Truncated, refusal.Code);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void A_schema_that_names_one_long_text_many_times_is_refused()
    {
        const int pairCount = 10_000;
        var writer = new FlatBufferWriter();
        var message = ArrowMessage.Start(writer, ArrowFormat.Header.Schema, bodyLength: 0);
        var schema = writer.StartTable(0, 4, 4);
        writer.Link(message, ArrowFormat.Message.Header, schema);
        var fields = writer.StartVector(1, elementSize: 4, alignment: 4);
        writer.Link(schema, ArrowFormat.Schema.Fields, fields);
        var field = writer.StartTable(4, 1, 1, 4);
        writer.LinkElement(fields, 0, field);
        writer.Link(field, ArrowFormat.Field.Name, writer.WriteString("note"));
        writer.SetByte(field, ArrowFormat.Field.TypeKind, ArrowFormat.TypeKind.Utf8);
        writer.Link(field, ArrowFormat.Field.Type, writer.StartTable());
        var vector = writer.StartVector(pairCount, elementSize: 4, alignment: 4);
        writer.Link(schema, ArrowFormat.Schema.Metadata, vector);
        var pairs = Enumerable.Range(0, pairCount).Select(_ => writer.StartTable(4, 4)).ToArray();
        var text = writer.WriteString(new('a', 100_000));
        for (var index = 0; index < pairCount; index++)
        {
            writer.LinkElement(vector, index, pairs[index]);
            writer.Link(pairs[index], 0, writer.WriteString($"{index}"));
            writer.Link(pairs[index], 1, text);
        }

        writer.Finish(message);
        var bytes = ArrowMessage.Encapsulate(writer, bodyLength: 0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(ArrowFormatCode.LimitExceeded, CodeOf(bytes, ReadSchema));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
    }

    private static void AlterEveryByte(byte[] message, Read read)
    {
        read(message);
        for (var position = 0; position < message.Length; position++)
        {
            foreach (var mask in new byte[] { 0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xFF })
            {
                var bent = message.ToArray();
                bent[position] ^= mask;
                Try(bent, read);
            }
        }
    }

    private static void Try(byte[] bytes, Read read)
    {
        try
        {
            read(bytes);
        }
        catch (ArrowFormatException refusal)
        {
            Assert.True(Enum.IsDefined(refusal.Code));
        }
    }

    private static ArrowFormatCode CodeOf(byte[] bytes, Read read) => Assert.Throws<ArrowFormatException>(() => read(bytes)).Code;

    private static void ReadSchema(byte[] bytes) => Assert.NotEmpty(ArrowSchemaReader.Read(bytes).Fields);

    private static void ReadDictionary(byte[] bytes) => Assert.False(ArrowSchemaReader.ReadDictionaryBatch(bytes).Values.IsDefault);

    private static void ReadBatch(byte[] bytes) => ArrowTable.Read(RecordBatchReader.Read(Table.Schema, bytes));

    private static void ReadFile(byte[] bytes)
    {
        var file = new ArrowFileReader(bytes);
        for (var index = 0; index < file.BatchCount; index++)
        {
            ArrowTable.Read(file.ReadBatch(index));
        }
    }

    internal static async Task ReadStreamAsync(byte[] bytes, ArrowStreamLimits? limits = null)
    {
        var reader = await ArrowStreamReader.OpenAsync(new MemoryStream(bytes), limits ?? new(), default);
        await foreach (var batch in reader.ReadBatchesAsync(default))
        {
            ArrowTable.Read(batch);
        }
    }
}
