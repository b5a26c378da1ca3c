namespace Delivery.Protocol.Arrow;

/// <summary>
/// Numbers of the Arrow columnar format: field positions in its FlatBuffers tables and members of its enums.
/// Source: https://arrow.apache.org/docs/format/Columnar.html and the files Schema.fbs, Message.fbs and File.fbs it names.
/// </summary>
internal static class ArrowFormat
{
    /// <summary>Messages and buffers start on this boundary and are padded with zeros up to it.</summary>
    public const int Alignment = 8;

    /// <summary>Continuation marker and metadata length in front of every message.</summary>
    public const int PrefixLength = 8;

    public const uint Continuation = 0xFFFF_FFFF;

    /// <summary>MetadataVersion.V5.</summary>
    public const short Version = 4;

    /// <summary>A FieldNode or Buffer: two 64-bit numbers.</summary>
    public const int PairLength = 16;

    /// <summary>A Block: offset, metadata length with padding, body length.</summary>
    public const int BlockLength = 24;

    /// <summary>What ends a stream: a continuation marker and a length of zero.</summary>
    public static ReadOnlySpan<byte> EndOfStream => [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0];

    /// <summary>What a file starts with.</summary>
    public static ReadOnlySpan<byte> FileStart => "ARROW1\0\0"u8;

    /// <summary>What a file ends with, after the footer and its length.</summary>
    public static ReadOnlySpan<byte> FileEnd => "ARROW1"u8;

    public static long Pad(long length) => (length + (Alignment - 1)) & -Alignment;

    /// <summary>MessageHeader, the union of what a message can be.</summary>
    public static class Header
    {
        public const byte Schema = 1;
        public const byte DictionaryBatch = 2;
        public const byte RecordBatch = 3;
    }

    /// <summary>Fields of Message.</summary>
    public static class Message
    {
        public const int Version = 0;
        public const int HeaderType = 1;
        public const int Header = 2;
        public const int BodyLength = 3;
    }

    /// <summary>Fields of Schema; endianness 0 is little.</summary>
    public static class Schema
    {
        public const int Endianness = 0;
        public const int Fields = 1;
        public const int Metadata = 2;
    }

    /// <summary>Fields of Field.</summary>
    public static class Field
    {
        public const int Name = 0;
        public const int Nullable = 1;
        public const int TypeKind = 2;
        public const int Type = 3;
        public const int Dictionary = 4;
        public const int Children = 5;
        public const int Metadata = 6;
    }

    /// <summary>Fields of DictionaryEncoding.</summary>
    public static class Encoding
    {
        public const int Id = 0;
        public const int IndexType = 1;
    }

    /// <summary>Members of the Type union.</summary>
    public static class TypeKind
    {
        public const byte Int = 2;
        public const byte FloatingPoint = 3;
        public const byte Utf8 = 5;
        public const byte Timestamp = 10;
        public const byte FixedSizeBinary = 15;
    }

    /// <summary>Members of Precision and TimeUnit.</summary>
    public static class Unit
    {
        public const short Double = 2;
        public const short Second = 0;
        public const short Millisecond = 1;
    }

    /// <summary>Fields of RecordBatch.</summary>
    public static class Batch
    {
        public const int Length = 0;
        public const int Nodes = 1;
        public const int Buffers = 2;
        public const int Compression = 3;
        public const int VariadicCounts = 4;
    }

    /// <summary>Fields of DictionaryBatch.</summary>
    public static class Dictionary
    {
        public const int Id = 0;
        public const int Data = 1;
        public const int IsDelta = 2;
    }

    /// <summary>Fields of Footer.</summary>
    public static class Footer
    {
        public const int Version = 0;
        public const int Schema = 1;
        public const int Dictionaries = 2;
        public const int RecordBatches = 3;
    }
}
