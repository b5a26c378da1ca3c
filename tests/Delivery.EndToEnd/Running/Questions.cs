using System.Data.Common;

namespace Delivery.EndToEnd.Running;

/// <summary>What tests ask of a database, and wait for.</summary>
internal static class Questions
{
    // Far beyond what anything takes: only what never comes is waited for so long.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>What a statement answers.</summary>
    public static async Task<long> NumberAsync(this DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Waits until something holds.</summary>
    public static Task UntilAsync(Func<bool> holds) => UntilAsync(() => Task.FromResult(holds()));

    /// <inheritdoc cref="UntilAsync(Func{bool})"/>
    public static async Task UntilAsync(Func<Task<bool>> holdsAsync)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await holdsAsync())
        {
            Assert.False(patience.IsCancellationRequested, "It never comes.");
            await Task.Yield();
        }
    }
}
