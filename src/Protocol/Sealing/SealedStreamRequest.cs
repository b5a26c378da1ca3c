namespace Delivery.Protocol.Sealing;

/// <summary>
/// What both sides of one StreamExtract call know before its header: the server seals with it, and the client builds the
/// header it expects from it and refuses any other. Byte members are copied in and never change.
/// </summary>
internal sealed record SealedStreamRequest
{
    public const int CallIdSize = 32;
    public const int FingerprintSize = 32;

    private readonly byte[] _recipientKeyId = [];
    private readonly byte[] _senderKeyId = [];
    private readonly byte[] _callId = [];
    private readonly byte[] _schemaFingerprint = [];
    private readonly byte[] _runningDigest = new byte[BatchDigest.Size];
    private readonly string _projectId = "";
    private readonly string _extractId = "";
    private readonly HpkeSuite _suite;

    public required HpkeSuite Suite
    {
        get => _suite;
        init => _suite = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(Suite), value, "No such HPKE suite.");
    }

    /// <summary>32 bytes, see <see cref="HpkePublicKey.IdOf"/>.</summary>
    public required ReadOnlyMemory<byte> RecipientKeyId { get => _recipientKeyId; init => _recipientKeyId = Sized(value, SenderKey.IdSize); }

    /// <summary>32 bytes, see <see cref="SenderKey.IdOf"/>.</summary>
    public required ReadOnlyMemory<byte> SenderKeyId { get => _senderKeyId; init => _senderKeyId = Sized(value, SenderKey.IdSize); }

    /// <summary>32 random bytes the client chose for this call and for no other.</summary>
    public required ReadOnlyMemory<byte> CallId { get => _callId; init => _callId = Sized(value, CallIdSize); }

    /// <summary>1 to 255 printable ASCII characters.</summary>
    public required string ProjectId { get => _projectId; init => _projectId = Ascii(value); }

    public required uint ApprovalVersion { get; init; }

    /// <summary>1 to 255 printable ASCII characters.</summary>
    public required string ExtractId { get => _extractId; init => _extractId = Ascii(value); }

    /// <summary>32 bytes.</summary>
    public required ReadOnlyMemory<byte> SchemaFingerprint { get => _schemaFingerprint; init => _schemaFingerprint = Sized(value, FingerprintSize); }

    /// <summary>0 for a fresh stream; otherwise the index after the last batch the client kept.</summary>
    public long FirstBatchIndex { get; init; }

    /// <summary>
    /// The running digest before the first batch, 32 bytes. All zero in a fresh stream: the client cannot know D_0 before it
    /// opened the salt, and both sides compute it from there.
    /// </summary>
    public ReadOnlyMemory<byte> RunningDigest { get => _runningDigest; init => _runningDigest = Sized(value, BatchDigest.Size); }

    /// <summary>
    /// Rows in the batches before the first; 0 in a fresh stream. Not in the header, because the running digest already
    /// commits to every row count: each side takes it from its own records.
    /// </summary>
    public long RowsBefore { get; init; }

    /// <exception cref="ArgumentException">The position in the extract contradicts itself.</exception>
    public void CheckPosition()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(FirstBatchIndex);
        ArgumentOutOfRangeException.ThrowIfNegative(RowsBefore);
        var digestIsZero = !_runningDigest.AsSpan().ContainsAnyExcept((byte)0);
        if (FirstBatchIndex == 0 ? !digestIsZero || RowsBefore != 0 : digestIsZero)
        {
            throw new ArgumentException("A fresh stream has no digest and no rows before it; a resumed one has a digest.");
        }
    }

    private static byte[] Sized(ReadOnlyMemory<byte> value, int size) =>
        value.Length == size ? value.ToArray() : throw new ArgumentException($"Expected {size} bytes, got {value.Length}.", nameof(value));

    private static string Ascii(string value) =>
        value.Length is > 0 and <= byte.MaxValue && !value.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? value
            : throw new ArgumentException("An id has 1 to 255 printable ASCII characters and no space.", nameof(value));
}
