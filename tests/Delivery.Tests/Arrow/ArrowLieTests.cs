using System.Buffers.Binary;
using Delivery.Protocol.Arrow;

namespace Delivery.Tests.Arrow;

/// <summary>Messages that are well-formed and say something untrue of themselves, each told by its own code.</summary>
public sealed class ArrowLieTests
{
    // Where the numbers of a batch of one column with two buffers lie, after the prefix and the fixed tables.
    private const int BodyLength = 8 + 24;
    private const int RowCount = 8 + 56;
    private const int NodeLength = 8 + 80;
    private const int NodeNulls = NodeLength + 8;
    private const int ValidityOffset = 8 + 104;
    private const int ValidityLength = ValidityOffset + 8;
    private const int ValuesOffset = ValidityOffset + 16;
    private const int ValuesLength = ValidityOffset + 24;

    private static readonly ArrowTable Table = new(
        new([new("items", ArrowType.Int32, true)]), [], [[1, null, 3, 4, 5, 6, 7, 8, 9, 10]]);

    [Theory]
    [InlineData(ArrowFormatCode.RowCountMismatch, RowCount, -1L, NodeLength, -1L)]
    [InlineData(ArrowFormatCode.RowCountMismatch, RowCount, long.MinValue, NodeLength, long.MinValue)]
    [InlineData(ArrowFormatCode.RowCountMismatch, RowCount, long.MaxValue, NodeLength, long.MaxValue)]
    [InlineData(ArrowFormatCode.RowCountMismatch, RowCount, 9L, NodeLength, 10L)]
    [InlineData(ArrowFormatCode.RowCountMismatch, RowCount, 10L, NodeLength, 9L)]
    [InlineData(ArrowFormatCode.NullCountMismatch, NodeNulls, 2L, NodeLength, 10L)]
    [InlineData(ArrowFormatCode.NullCountMismatch, NodeNulls, 0L, NodeLength, 10L)]
    [InlineData(ArrowFormatCode.NullCountMismatch, NodeNulls, -1L, NodeLength, 10L)]
    [InlineData(ArrowFormatCode.NullCountMismatch, NodeNulls, 11L, NodeLength, 10L)]
    [InlineData(ArrowFormatCode.BufferTooShort, ValidityLength, 1L, NodeLength, 10L)]
    [InlineData(ArrowFormatCode.BufferTooShort, ValidityLength, 0L, NodeLength, 10L)]
    [InlineData(ArrowFormatCode.BufferTooShort, ValuesLength, 39L, NodeLength, 10L)]
    [InlineData(ArrowFormatCode.BufferTooShort, RowCount, 13L, NodeLength, 13L, NodeNulls, 4L)]
    [InlineData(ArrowFormatCode.BufferOutOfBounds, ValuesOffset, 0L, NodeLength, 10L)]
    [InlineData(ArrowFormatCode.BufferOutOfBounds, ValuesOffset, 16L, NodeLength, 10L)]
    [InlineData(ArrowFormatCode.BufferOutOfBounds, ValuesOffset, 4L, ValuesLength, 40L)]
    [InlineData(ArrowFormatCode.BufferOutOfBounds, ValuesOffset, -8L, NodeLength, 10L)]
    [InlineData(ArrowFormatCode.BufferOutOfBounds, ValidityOffset, -8L, NodeLength, 10L)]
    [InlineData(ArrowFormatCode.BufferOutOfBounds, ValuesLength, long.MaxValue, NodeLength, 10L)]
    [InlineData(ArrowFormatCode.BufferOutOfBounds, ValuesLength, -40L, NodeLength, 10L)]
    [InlineData(ArrowFormatCode.TrailingBytes, BodyLength, 40L, NodeLength, 10L)]
    [InlineData(ArrowFormatCode.Truncated, BodyLength, 56L, NodeLength, 10L)]
    [InlineData(ArrowFormatCode.Truncated, BodyLength, long.MaxValue, NodeLength, 10L)]
    [InlineData(ArrowFormatCode.BadFraming, BodyLength, -48L, NodeLength, 10L)]
    internal void A_batch_that_lies_is_refused_for_what_it_lies_about(
        ArrowFormatCode code, int place, long value, int otherPlace, long otherValue, int thirdPlace = NodeLength, long? thirdValue = null)
    {
        var message = Table.Write();
        BinaryPrimitives.WriteInt64LittleEndian(message.AsSpan(otherPlace), otherValue);
        BinaryPrimitives.WriteInt64LittleEndian(message.AsSpan(place), value);
        BinaryPrimitives.WriteInt64LittleEndian(message.AsSpan(thirdPlace), thirdValue ?? BinaryPrimitives.ReadInt64LittleEndian(message.AsSpan(thirdPlace)));
        Assert.Equal(code, Assert.Throws<ArrowFormatException>(() => RecordBatchReader.Read(Table.Schema, message)).Code);
    }

    [Fact]
    public async Task A_row_that_points_outside_its_dictionary_is_refused()
    {
        var table = new ArrowTable(new([new("subject", ArrowType.Dictionary(0), true)]), [new(0, ["dansk"])], [[(sbyte)0, null, (sbyte)1]]);
        var stream = await ArrowFiles.StreamAsync(table, batchCount: 1);
        var refusal = await Assert.ThrowsAsync<ArrowFormatException>(() => ArrowHostileInputTests.ReadStreamAsync(stream));
        Assert.Equal(ArrowFormatCode.DictionaryIndexOutOfRange, refusal.Code);
        Assert.Throws<ArrowFormatException>(() => table.Dictionaries[0][-1]);
    }

    [Fact]
    public async Task A_dictionary_missing_or_sent_twice_is_refused()
    {
        var every = ArrowTables.Every;
        foreach (var dictionaries in new[] { [], every.Dictionaries.AddRange(every.Dictionaries), every.Dictionaries.Add(new(99, [])) })
        {
            var stream = await ArrowFiles.StreamAsync(every with { Dictionaries = dictionaries }, batchCount: 1);
            var refusal = await Assert.ThrowsAsync<ArrowFormatException>(() => ArrowHostileInputTests.ReadStreamAsync(stream));
            Assert.Equal(ArrowFormatCode.DictionaryMismatch, refusal.Code);
        }
    }

    [Fact]
    public async Task A_footer_that_points_outside_its_file_is_refused()
    {
        var file = await ArrowFiles.FileAsync(Table, batchCount: 1);
        var block = file.Length - ArrowFileFooter.TailLength - ArrowFormat.BlockLength;
        Assert.Equal(48, BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(block + 16)));
        foreach (var (place, value) in new[] { (0, -8L), (0, 0L), (0, long.MaxValue), (8, -8L), (8, 0L), (8, int.MaxValue), (16, -48L), (16, long.MinValue), (16, long.MaxValue) })
        {
            var bent = file.ToArray();
            BinaryPrimitives.WriteInt64LittleEndian(bent.AsSpan(block + place), value);
            Assert.Equal(ArrowFormatCode.BadFraming, Assert.Throws<ArrowFormatException>(() => new ArrowFileReader(bent)).Code);
        }
    }
}
