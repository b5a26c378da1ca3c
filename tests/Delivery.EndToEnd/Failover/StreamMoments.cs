using Delivery.EndToEnd.Running;
using Npgsql;

namespace Delivery.EndToEnd.Failover;

/// <summary>
/// Finds moments in the middle of streams, by the windows that the log says were released, so that what is killed is killed while it is at work, however
/// fast that is. One user at a time.
/// </summary>
internal sealed class StreamMoments(string connectionString, int seed)
{
    private const string Released = "SELECT count(*) FROM log_leaf WHERE kind = 'range.released'";
    private const string OfTheLast = Released + " AND idx > (SELECT max(idx) FROM log_leaf WHERE kind = 'extract.opened')";
    private const string Opened = "SELECT count(*) FROM log_leaf WHERE kind = 'extract.opened'";
    private const string Open = "SELECT count(*) FROM extract_call WHERE terminal_log_index < 0";

    private readonly Random _random = new(seed);
    private int _windows;
    private long _opened;

    /// <summary>Takes the last stream, which nothing happened to, for the measure of others.</summary>
    public async Task BeginAsync() => _windows = (int)await NumberAsync(OfTheLast);

    /// <summary>Waits until streams that begin now have released a random number of their windows.</summary>
    /// <param name="count">How many streams.</param>
    /// <returns>How many of them are still open then.</returns>
    public async Task<long> ComeAsync(int count)
    {
        _opened = await NumberAsync(Opened);
        var end = await NumberAsync(Released) + _random.Next(1, _windows * count);
        while (await NumberAsync(Released) < end)
        {
        }

        return await OpenAsync();
    }

    /// <summary>Calls that have not ended.</summary>
    public Task<long> OpenAsync() => NumberAsync(Open);

    /// <summary>How many calls were opened since the last such moment, beyond one for each pull.</summary>
    public async Task<long> FurtherCallsAsync(int pulls) => await NumberAsync(Opened) - _opened - pulls;

    /// <summary>What a statement answers.</summary>
    public async Task<long> NumberAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        return await connection.NumberAsync(sql);
    }
}
