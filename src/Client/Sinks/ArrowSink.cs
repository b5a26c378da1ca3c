using System.Collections.Immutable;
using Delivery.Client.Extracts;
using Delivery.Client.Pseudonyms;
using Delivery.Protocol.Arrow;

namespace Delivery.Client.Sinks;

/// <summary>Arrow IPC, as a file or as a stream. Columns that stay are copied buffer for buffer, narrow ones widened on the way.</summary>
internal abstract class ArrowSink(OutputSchema schema, IPseudonymiser? pseudonymiser) : IResultSink
{
    private readonly RecordBatchWriter _writer = new(schema.Arrow);
    private readonly ColumnShape[] _shapes = new ColumnShape[schema.Fates.Length];

    public abstract ValueTask BeginAsync(CancellationToken cancellation);

    public abstract ValueTask ResumeAsync(Stream written, CancellationToken cancellation);

    public async ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellation)
    {
        using var message = Rewrite(batch);
        await WriteMessageAsync(message.Memory, cancellation);
    }

    public abstract ValueTask CompleteAsync(CancellationToken cancellation);

    protected abstract ValueTask WriteMessageAsync(ReadOnlyMemory<byte> message, CancellationToken cancellation);

    private PooledBytes Rewrite(RecordBatch batch)
    {
        for (var column = 0; column < _shapes.Length; column++)
        {
            _shapes[column] = schema.Fates[column] switch
            {
                ColumnFate.Kept => batch.Column(column).Shape,
                ColumnFate.Pseudonymised => new ColumnShape(0),
                ColumnFate.ShownAsText => new ColumnShape(0, batch.FixedSizeBinary(column).Length),
                ColumnFate.Widened => new ColumnShape(batch.NullCount(column)),
            };
        }

        var message = new PooledBytes(_writer.Plan(batch.RowCount, _shapes));
        try
        {
            var frame = _writer.Begin(message.Span);
            for (var column = 0; column < _shapes.Length; column++)
            {
                Fill(frame, column, batch);
            }

            frame.Complete();
            return message;
        }
        catch
        {
            message.Dispose();
            throw;
        }
    }

    private void Fill(RecordBatchFrame frame, int column, RecordBatch batch)
    {
        switch (schema.Fates[column])
        {
            case ColumnFate.Kept:
                frame.Copy(column, batch.Column(column));
                break;
            case ColumnFate.Pseudonymised:
                pseudonymiser!.Pseudonymise(batch.FixedSizeBinary(column), frame.Values(column));
                break;
            case ColumnFate.ShownAsText:
                batch.FixedSizeBinary(column).CopyTo(frame.Data(column));
                FillOffsets(frame.Values<int>(column), batch.Schema.Fields[column].Type.ValueWidthBytes);
                break;
            case ColumnFate.Widened:
                batch.Validity(column).CopyTo(frame.Validity(column));
                NarrowColumn.Widen(
                    batch.Column(column).Values, batch.Schema.Fields[column].Type.ValueWidthBytes, schema.Arrow.Fields[column].Type.Kind, frame.Values(column));
                break;
            default:
                throw new InvalidOperationException("A fate without a way to write it.");
        }
    }

    private static void FillOffsets(Span<int> offsets, int widthBytes)
    {
        for (var row = 0; row < offsets.Length; row++)
        {
            offsets[row] = row * widthBytes;
        }
    }
}

/// <summary>The Arrow IPC file format, <c>.arrow</c>.</summary>
internal sealed class ArrowFileSink(
    OutputSchema schema, ImmutableArray<ArrowDictionary> dictionaries, IPseudonymiser? pseudonymiser, Stream output)
    : ArrowSink(schema, pseudonymiser)
{
    private readonly ArrowFileEncoder _encoder = new(output, schema.Arrow);

    public override ValueTask BeginAsync(CancellationToken cancellation) => _encoder.WriteHeadAsync(dictionaries, cancellation);

    // The footer will say where every message lies, those of the interrupted pull too.
    public override ValueTask ResumeAsync(Stream written, CancellationToken cancellation) => _encoder.ResumeAsync(written, cancellation);

    public override ValueTask CompleteAsync(CancellationToken cancellation) => _encoder.CompleteAsync(cancellation);

    protected override ValueTask WriteMessageAsync(ReadOnlyMemory<byte> message, CancellationToken cancellation) =>
        _encoder.WriteBatchAsync(message, cancellation);
}

/// <summary>The Arrow IPC stream format, <c>.arrows</c>.</summary>
internal sealed class ArrowStreamSink(
    OutputSchema schema, ImmutableArray<ArrowDictionary> dictionaries, IPseudonymiser? pseudonymiser, Stream output)
    : ArrowSink(schema, pseudonymiser)
{
    private readonly ArrowStreamEncoder _encoder = new(output);
    private readonly ArrowSchema _schema = schema.Arrow;

    public override ValueTask BeginAsync(CancellationToken cancellation) => _encoder.WriteHeadAsync(_schema, dictionaries, cancellation);

    public override ValueTask ResumeAsync(Stream written, CancellationToken cancellation) => ValueTask.CompletedTask;

    public override ValueTask CompleteAsync(CancellationToken cancellation) => _encoder.CompleteAsync(cancellation);

    protected override ValueTask WriteMessageAsync(ReadOnlyMemory<byte> message, CancellationToken cancellation) =>
        _encoder.WriteBatchAsync(message, cancellation);
}
