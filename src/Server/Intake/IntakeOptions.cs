using Delivery.Protocol.Domain;

namespace Delivery.Server.Intake;

/// <summary>How results are taken in.</summary>
internal sealed class IntakeOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Delivery:Intake";

    /// <summary>
    /// Whether civil registration numbers are real (<see cref="CprPolicy.Production"/>, the default) or the synthetic ones of test systems.
    /// </summary>
    public CprPolicy CprPolicy { get; set; } = CprPolicy.Production;

    /// <summary>
    /// Rows held in memory before they are stored, over all partitions; 16,384 to 4,000,000. Default 512,000, some 80 MiB: files that mix all
    /// partitions still give segments of a useful size.
    /// </summary>
    public int BufferedRowsMax { get; set; } = 512_000;

    /// <summary>Longest line of a CSV file, in bytes; 1 KiB to 1 MiB. Default 64 KiB, a hundred times a row: beyond it the file is not what it claims.</summary>
    public int LineBytesMax { get; set; } = 64 * 1024;

    /// <summary>What is wrong with these settings, or null. A wrong setting stops the start.</summary>
    public string? Problem() => this switch
    {
        { BufferedRowsMax: < 16_384 or > 4_000_000 } => $"{Section}:BufferedRowsMax must lie between 16384 and 4000000",
        { LineBytesMax: < 1024 or > 1024 * 1024 } => $"{Section}:LineBytesMax must lie between 1024 and 1048576",
        _ => null,
    };
}
