using Delivery.Protocol.Log;
using Delivery.Server.Storage;
using Delivery.Server.TransferLog;

namespace Delivery.Tests.Simulation;

/// <summary>The canaries that reach into the log itself. The others are an order of steps, and stand where the steps are taken.</summary>
internal static class PlantedBugs
{
    /// <summary>Signs what a transaction has written before it is committed, and gives it away at once.</summary>
    public static async Task<byte[]> SignUncommittedAsync(SimulatedServer server, Action<byte[]> giveAway)
    {
        var note = Array.Empty<byte>();
        await server.Get<StoreWriter>().WriteAsync(
            scope =>
            {
                server.Get<LogAppender>().Append(scope, SimulatedWorld.Refusal());
                using var command = scope.Command("SELECT frontier FROM log_head");
                var range = CompactRange.Decode((byte[])command.ExecuteScalar()!);
                var signer = server.Get<LogKey>().Signer;
                note = signer.Sign(new Checkpoint(signer.Verifier.Name, range.Size, range.Root())).Encode();
                giveAway(note);
            },
            CancellationToken.None);
        return note;
    }

    /// <summary>Takes the newest leaf back, so that its index is given again.</summary>
    public static Task<bool> SetBackHeadAsync(SimulatedServer server) => server.Get<StoreWriter>().WriteAsync(
        scope =>
        {
            var range = new CompactRange();
            using (var command = scope.Command("SELECT leaf_hash FROM log_leaf WHERE idx < (SELECT size - 1 FROM log_head) ORDER BY idx"))
            using (var reader = command.ExecuteReader())
            {
                while (reader.Read())
                {
                    range.Append(new LogHash((byte[])reader.GetValue(0)));
                }
            }

            // A full tile would refuse to be written twice, and the bug would not be one.
            if ((range.Size + 1) % Tile.FullWidth == 0)
            {
                return false;
            }

            DropTriggers(scope);
            scope.Execute("DELETE FROM log_leaf WHERE idx = $1", range.Size);
            scope.Execute("UPDATE log_head SET size = $1, frontier = $2", range.Size, range.Encode());
            return true;
        },
        CancellationToken.None);

    private static void DropTriggers(WriteScope scope)
    {
        using var command = scope.Command("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'log_%'");
        var names = new List<string>();
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                names.Add(reader.GetString(0));
            }
        }

        names.ForEach(name => scope.Execute($"DROP TRIGGER \"{name}\""));
    }
}
