namespace Delivery.Server.Storage;

/// <summary>Where the store lives and how much it may hold in memory.</summary>
internal sealed class StorageOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Delivery:Storage";

    /// <summary>Folder of the database, its write-ahead log and the pin file. Default <c>data</c>; created when absent.</summary>
    public string DataFolder { get; set; } = "data";

    /// <summary>File holding the 32-byte key-encryption key, mode 0600. Created on first start when absent and the store is empty.</summary>
    public string KeyEncryptionKeyFile { get; set; } = "";

    /// <summary>
    /// Rows of one segment at the most, 256 to 65,536. Default 16,384: with the usual eight variables one sealed batch is then
    /// some 500 KiB, inside the range where the transport is fastest.
    /// </summary>
    public int SegmentRowsMax { get; set; } = 16_384;

    /// <summary>
    /// Largest size of the database, in bytes; 0 for no limit but the disk. An agency sets it below the disk's size, so that the log can
    /// still be written when results no longer can.
    /// </summary>
    public long DatabaseSizeBytesMax { get; set; }

    public string DatabaseFile => Path.Combine(DataFolder, "delivery.db");

    public string PinFile => Path.Combine(DataFolder, "log.pin");

    /// <summary>What is wrong with these settings, or null. A wrong setting stops the start.</summary>
    public string? Problem() => this switch
    {
        { DataFolder: "" } => $"{Section}:DataFolder is empty",
        { KeyEncryptionKeyFile: "" } => $"{Section}:KeyEncryptionKeyFile is empty",
        { SegmentRowsMax: < 256 or > 65_536 } => $"{Section}:SegmentRowsMax must lie between 256 and 65536",
        { DatabaseSizeBytesMax: < 0 } => $"{Section}:DatabaseSizeBytesMax must not be negative",
        _ => null,
    };
}
