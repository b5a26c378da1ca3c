using System.Buffers;
using Microsoft.Data.Sqlite;

namespace Delivery.Server.Storage.Sqlite;

/// <summary>Reads columns through SQLite's blob handles, each by its row id and without a statement.</summary>
internal sealed class SqliteColumnSource(SqliteConnection connection) : ColumnSource
{
    private byte[] _sealed = [];

    public override ReadOnlySpan<byte> Read(SegmentPlace segment, StoredColumn column)
    {
        try
        {
            using var blob = new SqliteBlob(connection, "segment_column", "sealed", segment.BlobId(column), readOnly: true);
            var length = (int)blob.Length;
            if (_sealed.Length < length)
            {
                ArrayPool<byte>.Shared.Return(_sealed);
                _sealed = ArrayPool<byte>.Shared.Rent(length);
            }

            blob.ReadExactly(_sealed, 0, length);
            return _sealed.AsSpan(0, length);
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == SQLitePCL.raw.SQLITE_ERROR)
        {
            throw new InvalidDataException($"Segment {segment.SegmentId} has no column {(int)column}.", exception);
        }
    }

    public override byte[]? WrappedKey(int partitionId) => connection.Scalar("SELECT wrapped_key FROM result_partition WHERE partition_id = $1", partitionId) as byte[];

    public override void Dispose()
    {
        connection.Dispose();
        ArrayPool<byte>.Shared.Return(_sealed);
    }
}
