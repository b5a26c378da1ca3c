namespace Delivery.Protocol.Arrow;

/// <summary>Why bytes were refused as Arrow. The names are stable; logs and clients may match on them.</summary>
internal enum ArrowFormatCode
{
    /// <summary>The input ends inside a message, or a stream ends without its end marker.</summary>
    Truncated = 1,

    /// <summary>There are bytes after the one message that was promised.</summary>
    TrailingBytes,

    /// <summary>The continuation marker, a length in front of a message or a file's magic is wrong.</summary>
    BadFraming,

    /// <summary>A FlatBuffers offset, size or required field is not as the format says.</summary>
    MalformedMetadata,

    /// <summary>The message is not of metadata version 5 or not little-endian.</summary>
    UnsupportedVersion,

    /// <summary>A column type outside the subset of <c>docs/arrow.md</c>.</summary>
    UnsupportedType,

    /// <summary>Compression, delta dictionaries or another feature outside the subset.</summary>
    UnsupportedFeature,

    /// <summary>A well-formed message of another kind than the one that belongs here.</summary>
    UnexpectedMessage,

    /// <summary>The batch has other columns or buffers than its schema.</summary>
    SchemaMismatch,

    /// <summary>A column's length is not the batch's row count.</summary>
    RowCountMismatch,

    /// <summary>The null count does not agree with the validity bitmap, or a required column has nulls.</summary>
    NullCountMismatch,

    /// <summary>A buffer lies outside the body, overlaps an earlier one or is not aligned to 8 bytes.</summary>
    BufferOutOfBounds,

    /// <summary>A buffer is too short for the rows it must hold.</summary>
    BufferTooShort,

    /// <summary>String offsets run backwards or past the string data.</summary>
    InvalidOffsets,

    /// <summary>Text that is not UTF-8.</summary>
    InvalidText,

    /// <summary>A dictionary is missing, sent twice or not declared by the schema.</summary>
    DictionaryMismatch,

    /// <summary>A row points outside its dictionary.</summary>
    DictionaryIndexOutOfRange,

    /// <summary>A length is above the limit the reader was given.</summary>
    LimitExceeded,
}

/// <summary>
/// Bytes that were to be Arrow were refused. This is the only exception the readers of this folder throw because of
/// their input; the message tells places and counts, never a value from the data.
/// </summary>
internal sealed class ArrowFormatException(ArrowFormatCode code, string message) : FormatException($"{message} ({code})")
{
    /// <summary>The stable reason.</summary>
    public ArrowFormatCode Code { get; } = code;
}
