using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Delivery.Protocol.Arrow;

/// <summary>Where a message lies in a file: its start, its prefix and metadata, its body; in bytes.</summary>
internal readonly record struct ArrowBlock(long Offset, int MetadataLength, long BodyLength)
{
    /// <summary>The block of a whole message that is written at <paramref name="offset"/>.</summary>
    public static ArrowBlock Of(long offset, ReadOnlySpan<byte> message)
    {
        var head = ArrowMessage.ReadWhole(message);
        return new(offset, head.BodyStart, head.BodyLength);
    }
}

/// <summary>
/// What stands at the end of a file in the IPC file format: the schema again, and where each dictionary and batch lies, so
/// that a reader can take any batch without reading those before it.
/// </summary>
internal sealed record ArrowFileFooter(ArrowSchema Schema, ImmutableArray<ArrowBlock> Dictionaries, ImmutableArray<ArrowBlock> RecordBatches)
{
    /// <summary>The footer's length and the closing magic.</summary>
    public const int TailLength = 10;

    /// <summary>Writes what follows the end-of-stream marker: footer, its length, magic.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        var writer = new FlatBufferWriter();
        var footer = writer.StartTable(2, 4, 4, 4);
        writer.SetInt16(footer, ArrowFormat.Footer.Version, ArrowFormat.Version);
        writer.Link(footer, ArrowFormat.Footer.Schema, ArrowSchemaWriter.WriteSchema(writer, Schema));
        writer.Link(footer, ArrowFormat.Footer.Dictionaries, WriteBlocks(writer, Dictionaries));
        writer.Link(footer, ArrowFormat.Footer.RecordBatches, WriteBlocks(writer, RecordBatches));
        writer.Finish(footer);

        output.Write(writer.Written);
        BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(4), writer.Written.Length);
        output.Advance(4);
        output.Write(ArrowFormat.FileEnd);
    }

    /// <summary>Reads the footer from the end of a whole file.</summary>
    /// <exception cref="ArrowFormatException">The magics, the footer or a block's place are not as the format says.</exception>
    public static ArrowFileFooter Read(ReadOnlySpan<byte> file)
    {
        if (file.Length < ArrowFormat.FileStart.Length + TailLength)
        {
            throw new ArrowFormatException(ArrowFormatCode.Truncated, "A file is shorter than its magics.");
        }

        if (!file.StartsWith(ArrowFormat.FileStart) || !file.EndsWith(ArrowFormat.FileEnd))
        {
            throw new ArrowFormatException(ArrowFormatCode.BadFraming, "A file does not start and end with its magic.");
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(file[^TailLength..]);
        var end = file.Length - TailLength;
        if (length <= 0 || length > end - ArrowFormat.FileStart.Length)
        {
            throw new ArrowFormatException(ArrowFormatCode.BadFraming, "A file's footer length is wrong.");
        }

        var footer = FlatBufferTable.Root(file[(end - length)..end]);
        if (footer.Int16(ArrowFormat.Footer.Version, absent: 0) != ArrowFormat.Version)
        {
            throw new ArrowFormatException(ArrowFormatCode.UnsupportedVersion, "A file is not of metadata version 5.");
        }

        return new(
            ArrowSchemaReader.Read(footer.RequiredTable(ArrowFormat.Footer.Schema), length),
            ReadBlocks(footer.Vector(ArrowFormat.Footer.Dictionaries, ArrowFormat.BlockLength), end - length),
            ReadBlocks(footer.Vector(ArrowFormat.Footer.RecordBatches, ArrowFormat.BlockLength), end - length));
    }

    private static int WriteBlocks(FlatBufferWriter writer, ImmutableArray<ArrowBlock> blocks)
    {
        var vector = writer.StartVector(blocks.Length, ArrowFormat.BlockLength, alignment: 8);
        for (var index = 0; index < blocks.Length; index++)
        {
            var place = index * ArrowFormat.BlockLength;
            writer.SetElement(vector, place, blocks[index].Offset);
            // The 32-bit length is followed by four bytes of padding, so as a 64-bit number it is the same bytes.
            writer.SetElement(vector, place + 8, blocks[index].MetadataLength);
            writer.SetElement(vector, place + 16, blocks[index].BodyLength);
        }

        return vector;
    }

    private static ImmutableArray<ArrowBlock> ReadBlocks(ReadOnlySpan<byte> bytes, int fileEnd)
    {
        var blocks = ImmutableArray.CreateBuilder<ArrowBlock>(bytes.Length / ArrowFormat.BlockLength);
        for (; !bytes.IsEmpty; bytes = bytes[ArrowFormat.BlockLength..])
        {
            var block = new ArrowBlock(
                BinaryPrimitives.ReadInt64LittleEndian(bytes),
                BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]),
                BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]));
            var fits = block.Offset >= ArrowFormat.FileStart.Length
                && block.Offset <= fileEnd
                && block.MetadataLength >= ArrowFormat.PrefixLength
                && block.MetadataLength <= fileEnd - block.Offset
                && block.BodyLength >= 0
                && block.BodyLength <= fileEnd - block.Offset - block.MetadataLength;
            blocks.Add(fits ? block : throw new ArrowFormatException(ArrowFormatCode.BadFraming, "A block lies outside its file."));
        }

        return blocks.MoveToImmutable();
    }
}
