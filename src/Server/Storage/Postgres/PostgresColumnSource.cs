using System.Buffers;
using System.Data;
using System.Diagnostics;
using Npgsql;

namespace Delivery.Server.Storage.Postgres;

/// <summary>
/// Reads columns from PostgreSQL: all that the segment before was asked for in one go, because a question costs more than its answer's bytes. A
/// connection is taken for one segment at a time; a lost one is replaced for as long as a caller may be kept waiting.
/// </summary>
internal sealed class PostgresColumnSource(PostgresStore store, TimeSpan recoveryTimeout) : ColumnSource
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(100);

    private readonly SortedSet<StoredColumn> _asked = [];
    private readonly Dictionary<long, (byte[] Buffer, int Length)> _held = [];
    private readonly Stack<byte[]> _free = new();

    public override ReadOnlySpan<byte> Read(SegmentPlace segment, StoredColumn column)
    {
        if (!_held.TryGetValue(segment.BlobId(column), out var held))
        {
            _asked.Add(column);
            Retry(() => Fetch([.. _asked.Where(segment.Holds).Append(column).Select(segment.BlobId).Distinct()]));
            held = _held.TryGetValue(segment.BlobId(column), out var fetched) ? fetched : throw new InvalidDataException($"Segment {segment.SegmentId} has no column {(int)column}.");
        }

        return held.Buffer.AsSpan(0, held.Length);
    }

    public override byte[]? WrappedKey(int partitionId)
    {
        byte[]? wrapped = null;
        Retry(() =>
        {
            using var connection = store.OpenReader();
            wrapped = connection.Scalar("SELECT wrapped_key FROM result_partition WHERE partition_id = $1", partitionId) as byte[];
        });
        return wrapped;
    }

    public override void Dispose()
    {
        Release();
        while (_free.TryPop(out var buffer))
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Fetch(long[] ids)
    {
        Release();
        using var connection = (NpgsqlConnection)store.OpenReader();
        using var command = new NpgsqlCommand("SELECT segment_column_id, octet_length(sealed), sealed FROM segment_column WHERE segment_column_id = ANY($1)", connection)
        {
            Parameters = { new NpgsqlParameter { Value = ids } },
        };
        using var reader = command.ExecuteReader(CommandBehavior.SequentialAccess);
        while (reader.Read())
        {
            var (id, length) = (reader.GetInt64(0), reader.GetInt32(1));
            var buffer = Buffer(length);
            using (var bytes = reader.GetStream(2))
            {
                bytes.ReadExactly(buffer, 0, length);
            }

            _held.Add(id, (buffer, length));
        }
    }

    private void Release()
    {
        foreach (var (buffer, _) in _held.Values)
        {
            _free.Push(buffer);
        }

        _held.Clear();
    }

    private byte[] Buffer(int length)
    {
        if (_free.TryPop(out var buffer) && buffer.Length < length)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = null;
        }

        return buffer ?? ArrayPool<byte>.Shared.Rent(length);
    }

    // What is read never changes, so it may be read again.
    private void Retry(Action read)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                read();
                return;
            }
            catch (Exception exception) when (IsPassing(exception) && Stopwatch.GetElapsedTime(started) < recoveryTimeout)
            {
                Thread.Sleep(RetryInterval);
            }
        }
    }

    private bool IsPassing(Exception exception)
    {
        if (store.Judge(exception) is StoreFault.Lost)
        {
            store.Distrust();
            return true;
        }

        return exception is StoreUnavailableException;
    }
}
