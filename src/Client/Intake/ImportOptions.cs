using Delivery.Client.Refusals;

namespace Delivery.Client.Intake;

/// <summary>The text encoding of a results file.</summary>
public enum CsvEncoding
{
    /// <summary>UTF-8, with or without a byte order mark.</summary>
    Utf8 = 1,

    /// <summary>Windows-1252.</summary>
    Windows1252 = 2,
}

/// <summary>The field separator of a results file.</summary>
public enum CsvDelimiter
{
    /// <summary>A comma.</summary>
    Comma = 1,

    /// <summary>A semicolon.</summary>
    Semicolon = 2,
}

/// <summary>What a results file is and how long its import may take.</summary>
public sealed class ImportOptions
{
    /// <summary>The sender's own name for the delivery, 1 to 64 of <c>A-Z a-z 0-9 . _ -</c>; the import is idempotent by it.</summary>
    public required string SourceDeliveryId { get; init; }

    /// <summary>Default UTF-8.</summary>
    public CsvEncoding Encoding { get; init; } = CsvEncoding.Utf8;

    /// <summary>Default comma.</summary>
    public CsvDelimiter Delimiter { get; init; } = CsvDelimiter.Comma;

    /// <summary>Deadline of one attempt. Default two hours, enough for the largest school year over a slow line.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(2);

    /// <summary>
    /// How often the file may be sent while another import is under way or the connection is lost. Default 9, from 1; the waits double from half a
    /// second to half a minute, one and a half minutes in all.
    /// </summary>
    public int AttemptsMax { get; init; } = 9;
}

/// <summary>How far an upload is.</summary>
/// <param name="BytesSent">Bytes handed to the connection.</param>
/// <param name="BytesTotal">Bytes of the file.</param>
public sealed record ImportProgress(long BytesSent, long BytesTotal)
{
    /// <summary>What the import waits for before it sends the file again; null while it sends.</summary>
    public Violation? WaitsFor { get; init; }
}
