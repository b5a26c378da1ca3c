using System.Buffers;
using System.Security.Cryptography;
using Delivery.Client.Extracts;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Tests.Client;

/// <summary>The reader of our own understands exactly what generated code in any language writes.</summary>
public sealed class ExtractFrameMarshallerTests
{
    private static readonly Wire.StreamExtractResponse Batch = new()
    {
        Batch = new Wire.ExtractBatch { BatchIndex = 300, RowCount = 65_536, Ciphertext = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(1000)) },
    };

    [Fact]
    public void Any_batch_reads_as_generated_code_wrote_it()
    {
        var batches =
            from index in Gen.Choose(0, int.MaxValue).Select(low => (long)low << 20)
            from rows in Gen.Choose(-2, int.MaxValue)
            from bytes in Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf()
            select new Wire.ExtractBatch { BatchIndex = index, RowCount = rows, Ciphertext = ByteString.CopyFrom(bytes) };
        Prop.ForAll(batches.ToArbitrary(), batch =>
        {
            using var frame = ReadBatch(new Wire.StreamExtractResponse { Batch = batch }.ToByteArray());
            return (frame.BatchIndex, frame.RowCount) == (batch.BatchIndex, batch.RowCount)
                && frame.Sealed.Span.SequenceEqual(batch.Ciphertext.Span);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_batch_reads_the_same_however_the_transport_cuts_it()
    {
        var bytes = Batch.ToByteArray();
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            using var frame = (BatchFrame)ExtractFrameMarshaller.Read(Segments(bytes[..cut], bytes[cut..]));
            Assert.True(frame.Sealed.Span.SequenceEqual(Batch.Batch.Ciphertext.Span));
        }
    }

    [Fact]
    public void Header_and_trailer_read_as_generated_code_wrote_them()
    {
        var header = new Wire.ExtractHeader { SealedStreamHeader = ByteString.CopyFromUtf8("header"), Schema = ByteString.CopyFromUtf8("schema") };
        var trailer = new Wire.ExtractTrailer { SealedTrailer = ByteString.CopyFromUtf8("trailer"), ConsistencyHashes = { ByteString.CopyFromUtf8("hash") } };

        Assert.Equal(header, Assert.IsType<HeaderFrame>(Read(new Wire.StreamExtractResponse { Header = header }.ToByteArray())).Header);
        Assert.Equal(trailer, Assert.IsType<TrailerFrame>(Read(new Wire.StreamExtractResponse { Trailer = trailer }.ToByteArray())).Trailer);
    }

    [Fact]
    public void Fields_in_another_order_and_fields_of_a_later_version_are_understood()
    {
        byte[] content = [0x1a, 2, 7, 8, 0xa2, 6, 1, 9, 0x10, 5, 0x08, 3];
        using var frame = ReadBatch([0x12, (byte)content.Length, .. content, 0xa0, 6, 1]);

        Assert.Equal((3L, 5), (frame.BatchIndex, frame.RowCount));
        Assert.Equal([7, 8], frame.Sealed.Span.ToArray());
    }

    [Fact]
    public void A_frame_of_nothing_or_of_two_things_is_refused()
    {
        var batch = Batch.ToByteArray();
        var header = new Wire.StreamExtractResponse { Header = new Wire.ExtractHeader() }.ToByteArray();

        Assert.Throws<InvalidDataException>(() => Read([]));
        Assert.Throws<InvalidDataException>(() => Read([.. batch, .. batch]));
        Assert.Throws<InvalidDataException>(() => Read([.. header, .. batch]));
    }

    [Fact]
    public void A_frame_cut_anywhere_is_refused()
    {
        var bytes = Batch.ToByteArray();
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => Read(bytes[..length]));
        }
    }

    [Fact]
    public void Any_bytes_are_a_frame_or_refused_and_nothing_else() =>
        Prop.ForAll<byte[]>(bytes =>
        {
            try
            {
                Read(bytes).Dispose();
            }
            catch (InvalidDataException)
            {
                // The one answer to what is no frame.
            }
        }).QuickCheckThrowOnFailure();

    private static ExtractFrame Read(byte[] bytes) => ExtractFrameMarshaller.Read(new ReadOnlySequence<byte>(bytes));

    private static BatchFrame ReadBatch(byte[] bytes) => Assert.IsType<BatchFrame>(Read(bytes));

    private static ReadOnlySequence<byte> Segments(byte[] first, byte[] second)
    {
        var head = new Segment(first, 0);
        var tail = head.Append(second);
        return new ReadOnlySequence<byte>(head, 0, tail, second.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] bytes, long start) => (Memory, RunningIndex) = (bytes, start);

        public Segment Append(byte[] bytes)
        {
            var next = new Segment(bytes, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
