using Delivery.Protocol.Arrow;
using FsCheck;
using FsCheck.Fluent;

namespace Delivery.Tests.Arrow;

public sealed class ArrowDeterminismTests
{
    [Fact]
    public void Equal_rows_are_equal_bytes_whatever_the_buffer_held_before() =>
        Prop.ForAll(ArrowTables.Any, table => table.Write(dirt: 0x00).AsSpan().SequenceEqual(table.Write(dirt: 0xFF))).QuickCheckThrowOnFailure();

    [Fact]
    public void What_lies_under_a_null_never_leaves()
    {
        var schema = new ArrowSchema([new("ability", ArrowType.Int32, true)]);
        var writer = new RecordBatchWriter(schema);
        var bytes = new byte[writer.Plan(9, new ColumnShape(8))];
        var frame = writer.Begin(bytes);
        int[] secret = [11, 12, 13, 14, 15, 16, 17, 18, 19];
        secret.CopyTo(frame.Values<int>(0));
        frame.Validity(0).Clear();
        ValidityBitmap.Set(frame.Validity(0), 3);
        frame.Validity(0)[1] |= 0xF0;
        frame.Complete();

        var batch = RecordBatchReader.Read(schema, bytes);
        Assert.Equal([0, 0, 0, 14, 0, 0, 0, 0, 0], batch.Int32(0).ToArray());
        Assert.Equal([0b1000, 0], batch.Validity(0).ToArray());
    }

    [Fact]
    public void A_column_without_nulls_has_no_bitmap()
    {
        var schema = new ArrowSchema([new("ability", ArrowType.Int64, true)]);
        var writer = new RecordBatchWriter(schema);
        var bytes = new byte[writer.Plan(1000, new ColumnShape(0))];
        Assert.True(writer.Begin(bytes).Validity(0).IsEmpty);
        Assert.Equal(8 + 88 + (3 * 16) + 8000, bytes.Length);
    }

    [Fact]
    public void A_batch_filled_otherwise_than_planned_is_not_sent()
    {
        var schema = new ArrowSchema([new("ability", ArrowType.Int64, true), new("note", ArrowType.Utf8, true)]);
        var writer = new RecordBatchWriter(schema);
        var bytes = new byte[writer.Plan(2, new(1), new(0, 3))];

        Assert.Throws<InvalidOperationException>(() => Fill(validity: 0b11, 0, 1, 3));
        Assert.Throws<InvalidOperationException>(() => Fill(validity: 0b01, 0, 1, 2));
        Assert.Throws<InvalidOperationException>(() => Fill(validity: 0b01, 1, 2, 3));
        Assert.Throws<InvalidOperationException>(() => Fill(validity: 0b01, 0, 4, 3));
        Fill(validity: 0b01, 0, 1, 3);

        void Fill(byte validity, params int[] offsets)
        {
            var frame = writer.Begin(bytes);
            frame.Validity(0)[0] = validity;
            frame.Values(0).Clear();
            offsets.CopyTo(frame.Values<int>(1));
            frame.Data(1).Fill((byte)'a');
            frame.Complete();
        }
    }

    [Fact]
    public void A_shape_that_cannot_be_is_refused()
    {
        var writer = new RecordBatchWriter(new([new("serial", ArrowType.Int64, false)]));
        Assert.Throws<ArgumentException>(() => writer.Plan(2, new ColumnShape(1)));
        Assert.Throws<ArgumentException>(() => writer.Plan(2, new ColumnShape(0, 1)));
        Assert.Throws<ArgumentException>(() => writer.Plan(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Plan(-1, new ColumnShape(0)));
        Assert.Throws<OverflowException>(() => writer.Plan(int.MaxValue, new ColumnShape(0)));
    }

    [Fact]
    public async Task The_bytes_of_a_stream_and_of_its_fingerprint_stay_what_they_are_from_release_to_release()
    {
        var table = ArrowTables.Every;
        string[] digests =
        [
            Convert.ToHexStringLower(ArrowSchemaWriter.Fingerprint(table.Schema, table.Dictionaries)),
            Sha256(await ArrowFiles.StreamAsync(table, batchCount: 2)),
            Sha256(await ArrowFiles.FileAsync(table, batchCount: 2)),
        ];
        Assert.Equal(
            [
                "c23c8b8397fd46ebb8a56700fd91cf7de71109882306b83ddd3519b87d119a9c",
                "7ab3b5548e00ac10c50fd684e0e4ad3ca232b4b8dbc8e5d56a57c4df8bf23fa0",
                "7d07b860ce11d562d00ccf9d3f09ef46456a155d48facecc8d3b8b97f1333510",
            ],
            digests);
    }

    [Fact]
    public void Strings_cut_out_of_a_longer_column_are_copied_without_the_rest()
    {
        var schema = new ArrowSchema([new("note", ArrowType.Utf8, true)]);
        var writer = new RecordBatchWriter(schema);
        byte[] offsets = [2, 0, 0, 0, 3, 0, 0, 0, 5, 0, 0, 0];
        var bytes = new byte[writer.Plan(2, new ColumnShape(0, 3))];
        var frame = writer.Begin(bytes);
        frame.Copy(0, new(0, [], offsets, "abc"u8));
        frame.Complete();
        var batch = RecordBatchReader.Read(schema, bytes);
        Assert.Equal("a", batch.Utf8(0, 0));
        Assert.Equal("bc", batch.Utf8(0, 1));

        bytes = new byte[writer.Plan(2, new ColumnShape(1, 3))];
        Assert.Throws<ArrowFormatException>(() => writer.Begin(bytes).Copy(0, new(1, [0b01], offsets, "abc"u8)));
    }

    [Fact]
    public void The_fingerprint_tells_schemas_and_dictionaries_apart()
    {
        var schema = new ArrowSchema([new("subject", ArrowType.Dictionary(0), true)]);
        byte[][] fingerprints =
        [
            ArrowSchemaWriter.Fingerprint(schema, [new(0, ["dansk", "matematik"])]),
            ArrowSchemaWriter.Fingerprint(schema, [new(0, ["matematik", "dansk"])]),
            ArrowSchemaWriter.Fingerprint(new([new("subject", ArrowType.Dictionary(0), false)]), [new(0, ["dansk", "matematik"])]),
            ArrowSchemaWriter.Fingerprint(new(schema.Fields, ArrowMetadata.Of(("title.da", ""))), [new(0, ["dansk", "matematik"])]),
        ];
        Assert.Equal(4, fingerprints.Select(Convert.ToHexString).Distinct().Count());
    }

    [Fact]
    public void Gathering_validity_agrees_with_asking_row_by_row() =>
        Prop.ForAll<byte[], int[]>((bitmap, picks) =>
        {
            bitmap = [0x5A, .. bitmap];
            var rows = picks.Select(pick => (int)((uint)pick % (8 * bitmap.Length))).ToArray();
            var gathered = new byte[ValidityBitmap.LengthBytes(rows.Length)];
            ValidityBitmap.Gather(bitmap, rows, gathered);
            var nulls = rows.Count(row => !ValidityBitmap.IsSet(bitmap, row));
            return nulls == ValidityBitmap.CountNulls(bitmap, rows)
                && nulls == ValidityBitmap.CountNulls(gathered, rows.Length)
                && rows.Index().All(pair => ValidityBitmap.IsSet(gathered, pair.Index) == ValidityBitmap.IsSet(bitmap, pair.Item));
        }).QuickCheckThrowOnFailure();

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
}
