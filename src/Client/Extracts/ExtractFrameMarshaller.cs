using System.Buffers;
using Google.Protobuf;
using Grpc.Core;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Client.Extracts;

/// <summary>
/// StreamExtract with a reader of its own, wire-identical to the generated one: a batch's ciphertext is copied once, from the
/// transport's buffers into a rented array it can be opened in. The generated reader would copy it twice and leave the
/// arrays to the garbage collector.
/// </summary>
internal static class ExtractFrameMarshaller
{
    private const uint BatchField = Wire.StreamExtractResponse.BatchFieldNumber;

    /// <summary>The one method object; a channel remembers every method it has called.</summary>
    public static readonly Method<Wire.StreamExtractRequest, ExtractFrame> StreamExtract = new(
        MethodType.ServerStreaming,
        "delivery.v1.ExtractService",
        nameof(StreamExtract),
        Marshallers.Create<Wire.StreamExtractRequest>(
            static (request, context) => context.Complete(request.ToByteArray()),
            static context => Wire.StreamExtractRequest.Parser.ParseFrom(context.PayloadAsReadOnlySequence())),
        Marshallers.Create<ExtractFrame>(
            static (_, _) => throw new NotSupportedException("A client sends no frames."),
            static context => Read(context.PayloadAsReadOnlySequence())));

    /// <summary>Reads one frame; nothing of the payload is referred to afterwards.</summary>
    /// <exception cref="InvalidDataException">The bytes are not one StreamExtractResponse with exactly one frame.</exception>
    public static ExtractFrame Read(ReadOnlySequence<byte> payload)
    {
        var fields = new WireFields(payload);
        ReadOnlySequence<byte>? batch = null;
        var frames = 0;
        while (fields.Next())
        {
            if (fields.Number is >= Wire.StreamExtractResponse.HeaderFieldNumber and <= Wire.StreamExtractResponse.TrailerFieldNumber)
            {
                frames++;
                batch = fields.Number == BatchField ? fields.Bytes() : null;
            }
        }

        return frames != 1 ? throw new InvalidDataException("A frame is a header, a batch or a trailer, and one of them.")
            : batch is { } content ? ReadBatch(content)
            : ReadGenerated(payload);
    }

    private static ExtractFrame ReadGenerated(ReadOnlySequence<byte> payload)
    {
        try
        {
            var response = Wire.StreamExtractResponse.Parser.ParseFrom(payload);
            return response.Header is { } header ? new HeaderFrame(header) : new TrailerFrame(response.Trailer);
        }
        catch (InvalidProtocolBufferException cause)
        {
            throw new InvalidDataException("A frame is not the message it says it is.", cause);
        }
    }

    private static BatchFrame ReadBatch(ReadOnlySequence<byte> content)
    {
        var fields = new WireFields(content);
        var (index, rows, ciphertext) = (0L, 0, ReadOnlySequence<byte>.Empty);
        while (fields.Next())
        {
            switch (fields.Number)
            {
                case Wire.ExtractBatch.BatchIndexFieldNumber:
                    index = (long)fields.Varint();
                    break;
                case Wire.ExtractBatch.RowCountFieldNumber:
                    rows = unchecked((int)fields.Varint());
                    break;
                case Wire.ExtractBatch.CiphertextFieldNumber:
                    ciphertext = fields.Bytes();
                    break;
                default:
                    break;
            }
        }

        var bytes = new PooledBytes((int)ciphertext.Length);
        ciphertext.CopyTo(bytes.Span);
        return new BatchFrame(index, rows, bytes);
    }
}
