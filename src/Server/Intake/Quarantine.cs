using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Delivery.Protocol.Domain;
using Delivery.Protocol.Sealing;
using Delivery.Server.Storage;

namespace Delivery.Server.Intake;

/// <summary>One row that was set aside: where it stands and what speaks against it, never what it says.</summary>
internal readonly record struct RejectedRow(long RowNumber, int PartitionId, RowFindings Findings);

/// <summary>Rows of one import and one partition on their way into quarantine. One thread at a time owns it.</summary>
/// <param name="importId">The import.</param>
/// <param name="partitionId">The partition; 0 where the rows name none.</param>
/// <param name="key">The partition's key; null where the rows name none, which are sealed as a secret of the server's own.</param>
internal sealed class Quarantine(long importId, int partitionId, DataKey? key)
{
    public const int EntryBytes = sizeof(long) + sizeof(uint);

    // Rows of a partition are stored together when so much is there; 170 partitions then hold some 11 MB at the most.
    private const int TextBytesMax = 64 * 1024;

    private ArrayBufferWriter<byte> _findings = new();
    private ArrayBufferWriter<byte> _text = new();
    private int _ordinal;

    public bool IsEmpty => _findings.WrittenCount == 0;

    public bool IsFull => _text.WrittenCount >= TextBytesMax;

    public void Add(long rowNumber, RowFindings findings, ReadOnlySpan<byte> text)
    {
        var entry = _findings.GetSpan(EntryBytes);
        BinaryPrimitives.WriteInt64BigEndian(entry, rowNumber);
        BinaryPrimitives.WriteUInt32BigEndian(entry[sizeof(long)..], (uint)findings);
        _findings.Advance(EntryBytes);
        _text.Write(text);
        _text.Write("\n"u8);
    }

    /// <summary>Hands over what was collected, as the change that seals and stores it, and starts anew.</summary>
    public Action<WriteScope> TakeStoring(PartitionKeys keys)
    {
        var (findings, text, ordinal) = (_findings.WrittenSpan.ToArray(), _text.WrittenSpan.ToArray(), _ordinal++);
        _text.Clear();
        (_findings, _text) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
        var place = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"delivery/v1 quarantine {importId} {partitionId} {ordinal}"));
        var @sealed = Seal(keys, text, place);
        CryptographicOperations.ZeroMemory(text);
        return scope => scope.Execute(
            "INSERT INTO quarantine (import_id, partition_id, ordinal, row_count, findings, sealed) VALUES ($1, $2, $3, $4, $5, $6)",
            importId, partitionId, ordinal, findings.Length / EntryBytes, findings, @sealed);
    }

    /// <summary>The rows of a stored entry.</summary>
    public static IEnumerable<RejectedRow> Read(QuarantineRow row)
    {
        for (var at = 0; at < row.Findings.Length; at += EntryBytes)
        {
            yield return new RejectedRow(
                BinaryPrimitives.ReadInt64BigEndian(row.Findings.AsSpan(at)), row.PartitionId, (RowFindings)BinaryPrimitives.ReadUInt32BigEndian(row.Findings.AsSpan(at + sizeof(long))));
        }
    }

    /// <summary>Removes what imports set aside of whose generations none is read any more; numbers and codes stay.</summary>
    public static void RemoveUnread(WriteScope scope, long exceptImportId) => scope.Execute(
        """
        UPDATE quarantine SET sealed = $3 WHERE import_id <> $1 AND length(sealed) > 0
        AND NOT EXISTS (SELECT 1 FROM result_generation g WHERE g.import_id = quarantine.import_id AND g.state <> $2)
        """,
        exceptImportId, (int)GenerationState.Removed, Array.Empty<byte>());

    private byte[] Seal(PartitionKeys keys, byte[] text, byte[] place)
    {
        if (key is null)
        {
            return keys.SealSecret(text, place);
        }

        var blob = new byte[text.Length + XaesGcm.Overhead];
        XaesGcm.Seal(key, text, place, blob);
        return blob;
    }
}
