using System.Buffers.Binary;

namespace Delivery.Protocol.Arrow;

/// <summary>
/// The envelope of every message: continuation marker, metadata length, metadata (a FlatBuffers Message), then the body.
/// Source: "Encapsulated message format" of the Arrow columnar format.
/// </summary>
internal static class ArrowMessage
{
    /// <summary>Starts the Message table; the header is linked by the caller.</summary>
    public static int Start(FlatBufferWriter writer, byte headerType, long bodyLength)
    {
        var message = writer.StartTable(2, 1, 4, 8);
        writer.SetInt16(message, ArrowFormat.Message.Version, ArrowFormat.Version);
        writer.SetByte(message, ArrowFormat.Message.HeaderType, headerType);
        writer.SetInt64(message, ArrowFormat.Message.BodyLength, bodyLength);
        return message;
    }

    /// <summary>Writes prefix and metadata; the body starts at the returned position.</summary>
    public static int WriteHead(ReadOnlySpan<byte> metadata, Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, ArrowFormat.Continuation);
        BinaryPrimitives.WriteInt32LittleEndian(destination[4..], metadata.Length);
        metadata.CopyTo(destination[ArrowFormat.PrefixLength..]);
        return ArrowFormat.PrefixLength + metadata.Length;
    }

    /// <summary>A message of its own array with a zeroed body.</summary>
    public static byte[] Encapsulate(FlatBufferWriter writer, int bodyLength)
    {
        var bytes = new byte[checked(ArrowFormat.PrefixLength + writer.Written.Length + bodyLength)];
        WriteHead(writer.Written, bytes);
        return bytes;
    }

    /// <summary>The metadata length a prefix announces; 0 ends the stream.</summary>
    /// <exception cref="ArrowFormatException">The marker is missing or the length is negative, unaligned or above the limit.</exception>
    public static int ReadPrefix(ReadOnlySpan<byte> prefix, int metadataLengthMax)
    {
        if (prefix.Length < ArrowFormat.PrefixLength)
        {
            throw new ArrowFormatException(ArrowFormatCode.Truncated, "A message ends inside its prefix.");
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(prefix) != ArrowFormat.Continuation)
        {
            throw new ArrowFormatException(ArrowFormatCode.BadFraming, "A message does not start with the continuation marker.");
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(prefix[4..]);
        if (length < 0 || length % ArrowFormat.Alignment != 0)
        {
            throw new ArrowFormatException(ArrowFormatCode.BadFraming, "A message's metadata length is negative or not a multiple of 8.");
        }

        if (length > metadataLengthMax)
        {
            throw new ArrowFormatException(ArrowFormatCode.LimitExceeded, $"A message's metadata is longer than {metadataLengthMax} bytes.");
        }

        return length;
    }

    /// <summary>Reads the Message table out of a message's metadata.</summary>
    public static ArrowMessageHead ReadMetadata(ReadOnlySpan<byte> metadata)
    {
        var message = FlatBufferTable.Root(metadata);
        if (message.Int16(ArrowFormat.Message.Version, absent: 0) != ArrowFormat.Version)
        {
            throw new ArrowFormatException(ArrowFormatCode.UnsupportedVersion, "A message is not of metadata version 5.");
        }

        var bodyLength = message.Int64(ArrowFormat.Message.BodyLength, absent: 0);
        if (bodyLength < 0)
        {
            throw new ArrowFormatException(ArrowFormatCode.BadFraming, "A message's body length is negative.");
        }

        return new(message.Byte(ArrowFormat.Message.HeaderType, absent: 0), message.RequiredTable(ArrowFormat.Message.Header), metadata.Length, bodyLength);
    }

    /// <summary>Reads the head of a span that holds exactly one message.</summary>
    /// <exception cref="ArrowFormatException">The span is shorter or longer than the message says.</exception>
    public static ArrowMessageHead ReadWhole(ReadOnlySpan<byte> message)
    {
        var head = ReadNext(message);
        return head.MessageLength == message.Length
            ? head
            : throw new ArrowFormatException(ArrowFormatCode.TrailingBytes, "There are bytes after the message.");
    }

    /// <summary>Reads the head of the first message of a span, which must be there as a whole.</summary>
    public static ArrowMessageHead ReadNext(ReadOnlySpan<byte> bytes)
    {
        var length = ReadPrefix(bytes, int.MaxValue);
        if (length == 0)
        {
            throw new ArrowFormatException(ArrowFormatCode.UnexpectedMessage, "The end of the stream stands where a message belongs.");
        }

        if (length > bytes.Length - ArrowFormat.PrefixLength)
        {
            throw new ArrowFormatException(ArrowFormatCode.Truncated, "A message ends inside its metadata.");
        }

        var head = ReadMetadata(bytes.Slice(ArrowFormat.PrefixLength, length));
        return head.BodyLength <= bytes.Length - head.BodyStart
            ? head
            : throw new ArrowFormatException(ArrowFormatCode.Truncated, "A message ends inside its body.");
    }
}

/// <summary>
/// What a message is and how long: its kind, the table with its content and the lengths of its parts.
/// The body length is a claim until a reader has compared it with the bytes it holds.
/// </summary>
internal readonly ref struct ArrowMessageHead(byte headerType, FlatBufferTable header, int metadataLength, long bodyLength)
{
    public byte HeaderType { get; } = headerType;

    public FlatBufferTable Header { get; } = header;

    /// <summary>Where the body starts, counted from the start of the message.</summary>
    public int BodyStart { get; } = ArrowFormat.PrefixLength + metadataLength;

    public long BodyLength { get; } = bodyLength;

    public long MessageLength => BodyLength > long.MaxValue - BodyStart ? long.MaxValue : BodyStart + BodyLength;

    /// <exception cref="ArrowFormatException">The message is of another kind.</exception>
    public void Expect(byte headerType)
    {
        if (HeaderType != headerType)
        {
            throw new ArrowFormatException(ArrowFormatCode.UnexpectedMessage, $"A message is of kind {HeaderType} where kind {headerType} belongs.");
        }
    }
}
