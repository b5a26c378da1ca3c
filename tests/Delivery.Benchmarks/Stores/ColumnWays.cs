using System.Data;
using System.Diagnostics;
using System.Security.Cryptography;
using Delivery.Benchmarks.Extracts;
using Npgsql;
using NpgsqlTypes;

namespace Delivery.Benchmarks.Stores;

/// <summary>Two ways to keep sealed columns in PostgreSQL: <c>bytea</c> with external storage, as the store does, and large objects.</summary>
internal static class ColumnWays
{
    // A column of 64-bit numbers of a full segment; eight of them are one segment.
    private const int ColumnBytes = 16_384 * sizeof(long);
    private const int Columns = 2_000;
    private const int ColumnsPerSegment = 8;

    /// <summary>Lines of a table: way, MB/s written, MB/s read.</summary>
    public static async Task<IReadOnlyList<string[]>> MeasureAsync(BenchmarkDatabase database, int rounds)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        var bytes = RandomNumberGenerator.GetBytes(ColumnBytes);
        await ExecuteAsync(connection, "CREATE TABLE kept (id bigint PRIMARY KEY, sealed bytea NOT NULL); ALTER TABLE kept ALTER sealed SET STORAGE EXTERNAL; CREATE TABLE objects (id bigint PRIMARY KEY, object oid NOT NULL)");
        var (kept, objects) = (new List<(double Written, double Read)>(), new List<(double Written, double Read)>());
        for (var round = 0; round < rounds; round++)
        {
            await ExecuteAsync(connection, "TRUNCATE kept");
            await ExecuteAsync(connection, "SELECT lo_unlink(object) FROM objects");
            await ExecuteAsync(connection, "TRUNCATE objects");
            kept.Add((await SecondsAsync(() => CopyAsync(connection, bytes)), await SecondsAsync(() => ReadAsync(connection, "SELECT sealed FROM kept WHERE id = ANY($1)"))));
            objects.Add((await SecondsAsync(() => MakeAsync(connection, bytes)), await SecondsAsync(() => ReadAsync(connection, "SELECT lo_get(object) FROM objects WHERE id = ANY($1)"))));
        }

        return [Line("`bytea`, external storage, binary COPY", kept), Line("large objects", objects)];
    }

    private static string[] Line(string way, List<(double Written, double Read)> rounds) =>
    [
        way,
        Page.Text($"{(double)Columns * ColumnBytes / 1e6 / Page.Median(rounds.Select(round => round.Written)):N0}"),
        Page.Text($"{(double)Columns * ColumnBytes / 1e6 / Page.Median(rounds.Select(round => round.Read)):N0}"),
    ];

    // One transaction for each segment, as imports have it.
    private static async Task CopyAsync(NpgsqlConnection connection, byte[] bytes)
    {
        for (var first = 0; first < Columns; first += ColumnsPerSegment)
        {
            await using var copy = await connection.BeginBinaryImportAsync("COPY kept (id, sealed) FROM STDIN (FORMAT BINARY)");
            for (var id = first; id < first + ColumnsPerSegment; id++)
            {
                await copy.StartRowAsync();
                await copy.WriteAsync((long)id, NpgsqlDbType.Bigint);
                await copy.WriteAsync(bytes, NpgsqlDbType.Bytea);
            }

            await copy.CompleteAsync();
        }
    }

    private static async Task MakeAsync(NpgsqlConnection connection, byte[] bytes)
    {
        for (var first = 0; first < Columns; first += ColumnsPerSegment)
        {
            await using var batch = new NpgsqlBatch(connection);
            for (var id = first; id < first + ColumnsPerSegment; id++)
            {
                batch.BatchCommands.Add(new NpgsqlBatchCommand("INSERT INTO objects (id, object) VALUES ($1, lo_from_bytea(0, $2))") { Parameters = { new() { Value = (long)id }, new() { Value = bytes } } });
            }

            await batch.ExecuteNonQueryAsync();
        }
    }

    private static async Task ReadAsync(NpgsqlConnection connection, string sql)
    {
        var (buffer, read) = (new byte[ColumnBytes], 0);
        for (var first = 0; first < Columns; first += ColumnsPerSegment)
        {
            await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = Enumerable.Range(first, ColumnsPerSegment).Select(id => (long)id).ToArray() } } };
            await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess);
            while (await reader.ReadAsync())
            {
                await using var stream = await reader.GetStreamAsync(0);
                await stream.ReadExactlyAsync(buffer);
                read++;
            }
        }

        if (read != Columns)
        {
            throw new InvalidOperationException("Not every column was read.");
        }
    }

    private static async Task<double> SecondsAsync(Func<Task> work)
    {
        var watch = Stopwatch.StartNew();
        await work();
        return watch.Elapsed.TotalSeconds;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
