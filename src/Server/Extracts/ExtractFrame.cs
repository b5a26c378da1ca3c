using Delivery.Protocol.Sealing;
using Delivery.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Delivery.Server.Extracts;

/// <summary>
/// One frame of a stream on its way out: a message as it is, or a batch that is sealed straight into the transport's buffer. On the wire
/// it is a <c>StreamExtractResponse</c> like any other.
/// </summary>
internal sealed class ExtractFrame
{
    // Field 3 of StreamExtractResponse.frame, batch = 2, and the fields of ExtractBatch, as protobuf tags.
    private const byte BatchTag = (2 << 3) | 2;
    private const byte IndexTag = (1 << 3) | 0;
    private const byte RowsTag = (2 << 3) | 0;
    private const byte CiphertextTag = (3 << 3) | 2;

    private readonly StreamExtractResponse? _message;
    private readonly SealedStreamWriter? _sealer;
    private readonly PlainBatch? _batch;

    private ExtractFrame(StreamExtractResponse? message, SealedStreamWriter? sealer, PlainBatch? batch) =>
        (_message, _sealer, _batch) = (message, sealer, batch);

    public static ExtractFrame Of(StreamExtractResponse message) => new(message, null, null);

    /// <summary>The next batch of a sealed stream. It is sealed when the transport asks for it, in the order written.</summary>
    public static ExtractFrame Of(SealedStreamWriter sealer, PlainBatch batch) => new(null, sealer, batch);

    /// <summary>Bytes a batch takes on the wire, without gRPC's five.</summary>
    public static int WireBytes(long index, PlainBatch batch) => Sizes(index, batch).Total;

    public static void Serialize(ExtractFrame frame, SerializationContext context)
    {
        if (frame._message is { } message)
        {
            context.SetPayloadLength(message.CalculateSize());
            message.WriteTo(context.GetBufferWriter());
        }
        else
        {
            frame.WriteBatch(context);
        }

        context.Complete();
    }

    private void WriteBatch(SerializationContext context)
    {
        var (batch, sealer) = (_batch!, _sealer!);
        var index = sealer.NextBatchIndex;
        var (sealedBytes, inner, total) = Sizes(index, batch);
        context.SetPayloadLength(total);
        var output = context.GetBufferWriter();
        var span = output.GetSpan(total);
        var at = 0;
        span[at++] = BatchTag;
        at += Varint(span[at..], (ulong)inner);
        if (index != 0)
        {
            span[at++] = IndexTag;
            at += Varint(span[at..], (ulong)index);
        }

        if (batch.Rows != 0)
        {
            span[at++] = RowsTag;
            at += Varint(span[at..], (ulong)batch.Rows);
        }

        span[at++] = CiphertextTag;
        at += Varint(span[at..], (ulong)sealedBytes);
        sealer.SealBatch(batch.Rows, batch.Message, span.Slice(at, sealedBytes));
        output.Advance(at + sealedBytes);
    }

    private static (int Sealed, int Inner, int Total) Sizes(long index, PlainBatch batch)
    {
        var sealedBytes = SealedStreamWriter.SealedSize(batch.Length);
        var inner = (index == 0 ? 0 : 1 + CodedOutputStream.ComputeInt64Size(index))
            + (batch.Rows == 0 ? 0 : 1 + CodedOutputStream.ComputeInt32Size(batch.Rows))
            + 1 + CodedOutputStream.ComputeLengthSize(sealedBytes) + sealedBytes;
        return (sealedBytes, inner, 1 + CodedOutputStream.ComputeLengthSize(inner) + inner);
    }

    private static int Varint(Span<byte> destination, ulong value)
    {
        var at = 0;
        for (; value >= 0x80; value >>= 7)
        {
            destination[at++] = (byte)(value | 0x80);
        }

        destination[at++] = (byte)value;
        return at;
    }
}
