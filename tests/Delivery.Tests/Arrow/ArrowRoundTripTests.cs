using Delivery.Protocol.Arrow;
using FsCheck;
using FsCheck.Fluent;

namespace Delivery.Tests.Arrow;

public sealed class ArrowRoundTripTests
{
    [Fact]
    public void A_schema_is_read_as_it_was_written() =>
        Prop.ForAll(ArrowTables.Any, table =>
            ArrowSchemaReader.Read(ArrowSchemaWriter.Write(table.Schema)).Equals(table.Schema)).QuickCheckThrowOnFailure();

    [Fact]
    public void A_dictionary_is_read_as_it_was_written() =>
        Prop.ForAll(ArrowTables.Any, table => table.Dictionaries.All(dictionary =>
            ArrowSchemaReader.ReadDictionaryBatch(ArrowSchemaWriter.WriteDictionaryBatch(dictionary)).Equals(dictionary))).QuickCheckThrowOnFailure();

    [Fact]
    public void A_batch_is_read_as_it_was_written() =>
        Prop.ForAll(ArrowTables.Any, table =>
            Same(table.Columns, ArrowTable.Read(RecordBatchReader.Read(table.Schema, table.Write())))).QuickCheckThrowOnFailure();

    [Fact]
    public void A_batch_copied_column_by_column_is_the_same_bytes() =>
        Prop.ForAll(ArrowTables.Any, table =>
        {
            var message = table.Write();
            var batch = RecordBatchReader.Read(table.Schema, message);
            var writer = new RecordBatchWriter(table.Schema);
            var copy = new byte[writer.Plan(batch.RowCount, table.Shapes)];
            var frame = writer.Begin(copy);
            for (var column = 0; column < table.Columns.Length; column++)
            {
                Assert.Equal(table.Shapes[column], batch.Column(column).Shape);
                frame.Copy(column, batch.Column(column));
            }

            frame.Complete();
            return copy.AsSpan().SequenceEqual(message);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_length_is_known_before_a_byte_is_written() =>
        Prop.ForAll(ArrowTables.Any, table =>
        {
            var message = table.Write();
            var block = ArrowBlock.Of(0, message);
            return RecordBatchWriter.GetLength(table.Schema, table.RowCount, table.Shapes) == message.Length
                && block.MetadataLength + block.BodyLength == message.Length
                && message.Length % 8 == 0;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_writer_used_again_writes_as_a_new_one_and_allocates_nothing()
    {
        var table = ArrowTables.Every;
        var shapes = table.Shapes;
        var expected = table.Write();
        var batch = RecordBatchReader.Read(table.Schema, expected);
        var writer = new RecordBatchWriter(table.Schema);
        var bytes = new byte[expected.Length];
        Write();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Write();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(expected, bytes);

        void Write()
        {
            writer.Plan(table.RowCount, shapes);
            var frame = writer.Begin(bytes);
            for (var column = 0; column < shapes.Length; column++)
            {
                frame.Copy(column, batch.Column(column));
            }

            frame.Complete();
        }
    }

    [Fact]
    public async Task A_stream_gives_back_its_batches_and_dictionaries()
    {
        var table = ArrowTables.Every;
        var reader = await ArrowStreamReader.OpenAsync(new MemoryStream(await ArrowFiles.StreamAsync(table, batchCount: 3)), new(), default);
        var batches = 0;
        await foreach (var batch in reader.ReadBatchesAsync(default))
        {
            Assert.True(Same(table.Columns, ArrowTable.Read(batch)));
            batches++;
        }

        Assert.Equal(3, batches);
        Assert.Equal(table.Schema, reader.Schema);
        Assert.True(table.Dictionaries.SequenceEqual(reader.Dictionaries));
        Assert.Equal("fysik/kemi", reader.Dictionary(10)[2]);
    }

    [Fact]
    public async Task A_file_gives_back_its_batches_in_any_order_and_as_a_stream()
    {
        var table = ArrowTables.Every;
        var bytes = await ArrowFiles.FileAsync(table, batchCount: 2);
        var file = new ArrowFileReader(bytes);
        Assert.Equal(2, file.BatchCount);
        Assert.Equal(table.Schema, file.Schema);
        Assert.True(table.Dictionaries.SequenceEqual(file.Dictionaries));
        Assert.True(Same(table.Columns, ArrowTable.Read(file.ReadBatch(1))));
        Assert.True(Same(table.Columns, ArrowTable.Read(file.ReadBatch(0))));

        var reader = await ArrowStreamReader.OpenAsync(new MemoryStream(bytes), new(), default);
        Assert.NotNull(await reader.ReadBatchAsync(default));
        Assert.NotNull(await reader.ReadBatchAsync(default));
        Assert.Null(await reader.ReadBatchAsync(default));
    }

    internal static bool Same(object?[][] expected, object?[][] actual) =>
        expected.Length == actual.Length && expected.Zip(actual).All(pair => pair.First.SequenceEqual(pair.Second));
}
