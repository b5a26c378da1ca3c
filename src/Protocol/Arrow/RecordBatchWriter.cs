namespace Delivery.Protocol.Arrow;

/// <summary>
/// Writes record batches of one schema into buffers of the caller, in two steps so that nothing is copied twice:
/// <see cref="Plan"/> decides where every buffer goes and how long the message is, then <see cref="Begin"/> writes the head
/// and hands out the places for the caller to gather values straight into.
/// </summary>
/// <remarks>
/// One writer per stream; not for several threads, since it holds the plan of the batch under way. After the first batch it
/// allocates nothing. Equal rows give equal bytes: padding, null values and bits past the last row are zero.
/// </remarks>
internal sealed class RecordBatchWriter
{
    private readonly FlatBufferWriter metadata = new();
    private readonly (int Offset, int Length)[] buffers;
    private readonly int[] firstBuffers;
    private readonly int[] nullCounts;

    public RecordBatchWriter(ArrowSchema schema)
    {
        Schema = schema;
        buffers = new (int, int)[schema.BufferCount];
        nullCounts = new int[schema.Fields.Length];
        firstBuffers = new int[schema.Fields.Length];
        for (var column = 1; column < firstBuffers.Length; column++)
        {
            firstBuffers[column] = firstBuffers[column - 1] + schema.Fields[column - 1].Type.BufferCount;
        }
    }

    public ArrowSchema Schema { get; }

    /// <summary>Rows of the batch planned last.</summary>
    public int RowCount { get; private set; }

    /// <summary>Bytes of the message planned last: prefix, metadata and body, a multiple of 8.</summary>
    public int MessageLength { get; private set; }

    /// <summary>Exactly how many bytes a batch takes as a message, without planning it.</summary>
    public static long GetLength(ArrowSchema schema, int rowCount, ReadOnlySpan<ColumnShape> columns)
    {
        var length = ArrowFormat.PrefixLength + MetadataLength(schema);
        for (var column = 0; column < columns.Length; column++)
        {
            var type = schema.Fields[column].Type;
            length += ArrowFormat.Pad(ValidityLength(rowCount, columns[column]))
                + ArrowFormat.Pad(ValuesLength(type, rowCount))
                + ArrowFormat.Pad(columns[column].DataLengthBytes);
        }

        return length;
    }

    /// <summary>Lays out a batch and returns the length of its message.</summary>
    /// <exception cref="ArgumentException">The shapes do not fit the schema or the row count.</exception>
    /// <exception cref="OverflowException">The message would exceed 2 GiB.</exception>
    public int Plan(int rowCount, params ReadOnlySpan<ColumnShape> columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rowCount);
        if (columns.Length != Schema.Fields.Length)
        {
            throw new ArgumentException("There is one shape for each column of the schema.", nameof(columns));
        }

        MessageLength = checked((int)GetLength(Schema, rowCount, columns));
        RowCount = rowCount;
        var offset = (int)(ArrowFormat.PrefixLength + MetadataLength(Schema));
        var next = 0;
        for (var column = 0; column < columns.Length; column++)
        {
            var shape = columns[column];
            CheckShape(column, rowCount, shape);
            nullCounts[column] = shape.NullCount;
            var type = Schema.Fields[column].Type;
            Place(ValidityLength(rowCount, shape));
            Place(ValuesLength(type, rowCount));
            if (type.Kind == ArrowKind.Utf8)
            {
                Place(shape.DataLengthBytes);
            }
        }

        return MessageLength;

        void Place(long length)
        {
            buffers[next++] = (offset, (int)length);
            offset += (int)ArrowFormat.Pad(length);
        }
    }

    /// <summary>
    /// Writes everything of the planned message but the columns' bytes, and returns the places for those.
    /// The destination may hold anything before; its first <see cref="MessageLength"/> bytes are the message.
    /// </summary>
    public RecordBatchFrame Begin(Span<byte> destination)
    {
        destination = destination[..MessageLength];
        var bodyStart = (int)(ArrowFormat.PrefixLength + MetadataLength(Schema));
        metadata.Clear();
        var message = ArrowMessage.Start(metadata, ArrowFormat.Header.RecordBatch, MessageLength - bodyStart);
        var (batch, nodes, slots) = StartBatch(metadata, RowCount, nullCounts.Length, buffers.Length);
        metadata.Link(message, ArrowFormat.Message.Header, batch);
        for (var column = 0; column < nullCounts.Length; column++)
        {
            metadata.SetElement(nodes, column * ArrowFormat.PairLength, RowCount);
            metadata.SetElement(nodes, (column * ArrowFormat.PairLength) + 8, nullCounts[column]);
        }

        for (var index = 0; index < buffers.Length; index++)
        {
            var (offset, length) = buffers[index];
            metadata.SetElement(slots, index * ArrowFormat.PairLength, offset - bodyStart);
            metadata.SetElement(slots, (index * ArrowFormat.PairLength) + 8, length);
            destination[(offset + length)..(int)ArrowFormat.Pad(offset + length)].Clear();
        }

        metadata.Finish(message);
        ArrowMessage.WriteHead(metadata.Written, destination);
        return new RecordBatchFrame(this, destination);
    }

    /// <summary>Starts a RecordBatch table with its zeroed lists of nodes and buffers.</summary>
    public static (int Table, int Nodes, int Buffers) StartBatch(FlatBufferWriter writer, long rowCount, int columnCount, int bufferCount)
    {
        var table = writer.StartTable(8, 4, 4);
        writer.SetInt64(table, ArrowFormat.Batch.Length, rowCount);
        var nodes = writer.StartVector(columnCount, ArrowFormat.PairLength, alignment: 8);
        writer.Link(table, ArrowFormat.Batch.Nodes, nodes);
        var buffers = writer.StartVector(bufferCount, ArrowFormat.PairLength, alignment: 8);
        writer.Link(table, ArrowFormat.Batch.Buffers, buffers);
        return (table, nodes, buffers);
    }

    /// <summary>Where a column's buffer (0 validity, 1 values, 2 string bytes) lies in the planned message.</summary>
    public (int Offset, int Length) Buffer(int column, int buffer) => buffers[firstBuffers[column] + buffer];

    public int NullCount(int column) => nullCounts[column];

    /// <summary>The tables before the two lists take 88 bytes with the lists' lengths; a test holds this to what is written.</summary>
    private static long MetadataLength(ArrowSchema schema) =>
        88 + (ArrowFormat.PairLength * ((long)schema.Fields.Length + schema.BufferCount));

    private static long ValidityLength(int rowCount, ColumnShape shape) =>
        shape.NullCount == 0 ? 0 : ValidityBitmap.LengthBytes(rowCount);

    private static long ValuesLength(ArrowType type, int rowCount) =>
        type.ValueWidthBytes * (type.Kind == ArrowKind.Utf8 ? rowCount + 1L : rowCount);

    private void CheckShape(int column, int rowCount, ColumnShape shape)
    {
        var field = Schema.Fields[column];
        if (shape.NullCount < 0 || shape.NullCount > rowCount || (shape.NullCount > 0 && !field.Nullable))
        {
            throw new ArgumentException($"Column {column} cannot have {shape.NullCount} nulls in {rowCount} rows.");
        }

        if (shape.DataLengthBytes < 0 || (shape.DataLengthBytes > 0 && field.Type.Kind != ArrowKind.Utf8))
        {
            throw new ArgumentException($"Column {column} cannot have {shape.DataLengthBytes} string bytes.");
        }
    }
}
