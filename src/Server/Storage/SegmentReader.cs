using System.Buffers;
using Delivery.Protocol.Domain;
using Delivery.Protocol.Sealing;

namespace Delivery.Server.Storage;

/// <summary>
/// Reads and unseals columns of segments, into buffers it keeps for the next segment. One thread; the connection it opens is closed with it.
/// </summary>
internal sealed class SegmentReader(Store store, PartitionKeys keys) : IDisposable
{
    private readonly ColumnSource _columns = store.OpenColumns();
    private readonly Dictionary<int, DataKey> _keys = [];
    private readonly Dictionary<StoredColumn, byte[]> _opened = [];
    private readonly Dictionary<StoredColumn, (long SegmentId, int Length)> _held = [];

    /// <summary>
    /// One column of one segment, read and unsealed once however often it is asked for. The values are good until the same column of another
    /// segment is read.
    /// </summary>
    /// <exception cref="InvalidDataException">The segment does not hold the column, or it is not what was stored.</exception>
    public StoredColumnValues Read(SegmentPlace segment, StoredColumn column)
    {
        if (_held.TryGetValue(column, out var held) && held.SegmentId == segment.SegmentId)
        {
            return new StoredColumnValues(column, segment.Rows, _opened[column].AsSpan(0, held.Length));
        }

        _held.Remove(column);
        var sealedBytes = _columns.Read(segment, column);
        var room = Room(column, Math.Max(0, sealedBytes.Length - XaesGcm.Overhead));
        Span<byte> binding = stackalloc byte[SegmentPlace.BindingBytes];
        segment.WriteBinding(column, binding);
        XaesGcm.Open(Key(segment.Partition), sealedBytes, binding, room);
        _held[column] = (segment.SegmentId, room.Length);
        return new StoredColumnValues(column, segment.Rows, room);
    }

    public void Dispose()
    {
        _columns.Dispose();
        foreach (var buffer in _opened.Values)
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }

    }

    private Span<byte> Room(StoredColumn column, int length)
    {
        var buffer = _opened.GetValueOrDefault(column, []);
        Grow(ref buffer, length);
        _opened[column] = buffer;
        return buffer.AsSpan(0, length);
    }

    private static void Grow(ref byte[] buffer, int length)
    {
        if (buffer.Length < length)
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
            buffer = ArrayPool<byte>.Shared.Rent(length);
        }
    }

    private DataKey Key(PartitionKey partition)
    {
        if (!_keys.TryGetValue(partition.Id, out var key))
        {
            var wrapped = _columns.WrappedKey(partition.Id) ?? throw new InvalidDataException($"Partition {partition} has no key.");
            key = keys.Unwrap(partition, wrapped);
            _keys.Add(partition.Id, key);
        }

        return key;
    }
}
