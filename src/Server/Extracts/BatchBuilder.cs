using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Delivery.Protocol.Arrow;
using Delivery.Protocol.Domain;
using Delivery.Protocol.Sealing;
using Delivery.Server.Storage;

namespace Delivery.Server.Extracts;

/// <summary>An Arrow record batch in a pooled buffer, in the clear. Whoever holds it disposes it, which wipes it.</summary>
internal sealed class PlainBatch(byte[] buffer, int length, int rows) : IDisposable
{
    private byte[]? _buffer = buffer;

    public int Rows => rows;

    public ReadOnlySpan<byte> Message => _buffer.AsSpan(0, length);

    public int Length => length;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } returned)
        {
            ClearBuffers.Return(returned, length);
        }
    }
}

/// <summary>
/// Makes the record batch of one segment: reads the approved columns and no other, keeps the rows that may leave, and gathers them into
/// Arrow's layout. One thread, one extract.
/// </summary>
internal sealed class BatchBuilder(ExtractPlan plan, SegmentReader reader, CprPolicy policy)
{
    private readonly RecordBatchWriter _writer = new(plan.Schema.Arrow);
    private readonly RowSelection _selection = new(plan.Scope.Population, policy);
    private readonly ScopeGuard _guard = new(plan.Scope);
    private readonly ColumnShape[] _shapes = new ColumnShape[plan.Schema.Columns.Count];

    /// <summary>The batch of a segment of the plan.</summary>
    public PlainBatch Build(SegmentPlace segment)
    {
        var readable = plan.Scope.ReadableIn(segment.Partition);
        var rows = _selection.Select(reader, segment, out var isEvery);
        _guard.Require(segment.Partition, plan.Schema.Columns, rows, reader.Read(segment, StoredColumn.Obligation).Values);
        for (var column = 0; column < _shapes.Length; column++)
        {
            _shapes[column] = new ColumnShape(NullCount(segment, plan.Schema.Columns[column], readable, rows, isEvery));
        }

        var length = _writer.Plan(rows.Length, _shapes);
        var buffer = ClearBuffers.Rent(length);
        try
        {
            var frame = _writer.Begin(buffer);
            for (var column = 0; column < _shapes.Length; column++)
            {
                Fill(frame, column, segment, readable, rows, isEvery);
            }

            frame.Complete();
            return new PlainBatch(buffer, length, rows.Length);
        }
        catch
        {
            ClearBuffers.Return(buffer, length);
            throw;
        }
    }

    private static bool IsHeld(SegmentPlace segment, Variable variable, VariableSet readable) =>
        readable.Contains(variable.Id) && segment.Holds((StoredColumn)variable.Id);

    private int NullCount(SegmentPlace segment, Variable variable, VariableSet readable, ReadOnlySpan<int> rows, bool isEvery)
    {
        if (!StoredColumns.IsStored(variable.Id))
        {
            return 0;
        }

        if (!IsHeld(segment, variable, readable))
        {
            return rows.Length;
        }

        var values = reader.Read(segment, (StoredColumn)variable.Id);
        return values.NullCount == 0 ? 0 : isEvery ? values.NullCount : ValidityBitmap.CountNulls(values.Validity, rows);
    }

    private void Fill(RecordBatchFrame frame, int column, SegmentPlace segment, VariableSet readable, ReadOnlySpan<int> rows, bool isEvery)
    {
        var variable = plan.Schema.Columns[column];
        if (variable.Id == VariableId.Grade)
        {
            frame.Values(column).Fill(segment.Partition.Grade);
        }
        else if (ExtractSchema.IsDictionary(variable.Id))
        {
            frame.Values(column).Fill(plan.Schema.Index(variable.Id, segment.Partition));
        }
        else if (!IsHeld(segment, variable, readable))
        {
            frame.Validity(column).Clear();
            frame.Values(column).Clear();
        }
        else
        {
            Gather(frame, column, reader.Read(segment, (StoredColumn)variable.Id), rows, isEvery);
        }
    }

    private void Gather(RecordBatchFrame frame, int column, StoredColumnValues values, ReadOnlySpan<int> rows, bool isEvery)
    {
        var validity = frame.Validity(column);
        if (isEvery)
        {
            values.Validity[..validity.Length].CopyTo(validity);
        }
        else if (!validity.IsEmpty)
        {
            ValidityBitmap.Gather(values.Validity, rows, validity);
        }

        var type = plan.Schema.Arrow.Fields[column].Type;
        if (values.WidthBytes == type.ValueWidthBytes)
        {
            GatherValues(values.Values, rows, isEvery, frame.Values(column), values.WidthBytes);
            return;
        }

        // Another segment of the extract holds the column wider than this one does.
        var wide = ClearBuffers.Rent(values.Rows * type.ValueWidthBytes);
        try
        {
            var widened = wide.AsSpan(0, values.Rows * type.ValueWidthBytes);
            NarrowColumn.Widen(values.Values, values.WidthBytes, type.Kind, widened);
            GatherValues(widened, rows, isEvery, frame.Values(column), type.ValueWidthBytes);
        }
        finally
        {
            ClearBuffers.Return(wide, values.Rows * type.ValueWidthBytes);
        }
    }

    private static void GatherValues(ReadOnlySpan<byte> source, ReadOnlySpan<int> rows, bool isEvery, Span<byte> destination, int widthBytes)
    {
        switch (widthBytes)
        {
            case var _ when isEvery:
                source.CopyTo(destination);
                break;
            case sizeof(byte):
                GatherAs<byte>(source, rows, destination);
                break;
            case sizeof(short):
                GatherAs<short>(source, rows, destination);
                break;
            case sizeof(int):
                GatherAs<int>(source, rows, destination);
                break;
            case sizeof(long):
                GatherAs<long>(source, rows, destination);
                break;
            default:
                for (var at = 0; at < rows.Length; at++)
                {
                    source.Slice(rows[at] * widthBytes, widthBytes).CopyTo(destination[(at * widthBytes)..]);
                }

                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void GatherAs<T>(ReadOnlySpan<byte> source, ReadOnlySpan<int> rows, Span<byte> destination)
        where T : unmanaged
    {
        var from = MemoryMarshal.Cast<byte, T>(source);
        var to = MemoryMarshal.Cast<byte, T>(destination);
        for (var at = 0; at < rows.Length; at++)
        {
            to[at] = from[rows[at]];
        }
    }
}
