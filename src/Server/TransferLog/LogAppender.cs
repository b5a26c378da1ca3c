using System.Globalization;
using Delivery.Protocol.Log;
using Delivery.Server.Health;
using Delivery.Server.Refusals;
using Delivery.Server.Storage;
using Microsoft.Extensions.Options;

namespace Delivery.Server.TransferLog;

/// <summary>A leaf as it stands in the log. It counts only once the transaction it was appended in is committed.</summary>
internal sealed record AppendedLeaf(long Index, byte[] Body);

/// <summary>
/// Appends leaves inside the transaction of the change they record, so that neither exists without the other. The index is the head's
/// size, never a sequence, so there are no gaps. Runs on the writer's thread.
/// </summary>
internal sealed class LogAppender(IOptions<LogOptions> options, LogGuard guard, TimeProvider clock) : IReadinessCondition
{
    public string Name => "log-open";

    public ReadinessState State => options.Value.Frozen ? ReadinessState.Without(Impairment.Changes, "E_LOG_UNAVAILABLE") : ReadinessState.Ready;

    /// <summary>Appends one leaf.</summary>
    /// <param name="scope">The transaction of the change.</param>
    /// <param name="draft">What happened.</param>
    /// <param name="idempotencyKey">What makes the change unique, if anything does; a second append with it fails the transaction.</param>
    /// <exception cref="RefusedException">The log is frozen, so the change does not happen either.</exception>
    public AppendedLeaf Append(WriteScope scope, LeafDraft draft, string? idempotencyKey = null)
    {
        if (options.Value.Frozen)
        {
            throw RefusedException.By("E_LOG_UNAVAILABLE");
        }

        var head = scope.Memory.Recall<Head>() ?? ReadHead(scope);
        var range = CompactRange.Decode(head.Frontier);
        // The log's time never runs backwards, whatever the clock does.
        var timestampMs = Math.Max(clock.GetUtcNow().ToUnixTimeMilliseconds(), head.LastTimestampMs);
        var index = range.Size;
        var body = Leaf.Compose(draft, options.Value.Origin, index, timestampMs);
        var hash = LogHash.Leaf(body);

        var completed = new List<(LogNode Node, LogHash Hash)>();
        range.Append(hash, (node, root) =>
        {
            if (node.Level > 0 && node.Level % Tile.Height == 0)
            {
                completed.Add((node, root));
            }
        });
        var next = new Head(range.Encode(), timestampMs);
        scope.ExecuteAll(
            ("INSERT INTO log_leaf (idx, timestamp_ms, kind, project_id, organisation, idempotency_key, body, leaf_hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                [index, timestampMs, draft.Type.WireName(), draft.ProjectId ?? "", draft.Actor.Organisation, (object?)idempotencyKey ?? DBNull.Value, body, hash.ToArray()]),
            ("UPDATE log_head SET size = $1, frontier = $2, last_timestamp_ms = $3 WHERE id = 1", [range.Size, next.Frontier, timestampMs]));
        foreach (var (node, root) in completed)
        {
            WriteTile(scope, node, root);
        }

        scope.Memory.Keep(next);
        scope.AfterCommit.Add(() => guard.Remember(range));
        return new AppendedLeaf(index, body);
    }

    /// <summary>The committed leaf with this idempotency key, or null: how an outcome in doubt is resolved.</summary>
    public static AppendedLeaf? Find(WriteScope scope, string idempotencyKey)
    {
        using var command = scope.Command("SELECT idx, body FROM log_leaf WHERE idempotency_key = $1", idempotencyKey);
        using var reader = command.ExecuteReader();
        return reader.Read() ? new AppendedLeaf(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)) : null;
    }

    private static Head ReadHead(WriteScope scope)
    {
        using var command = scope.Command("SELECT frontier, last_timestamp_ms FROM log_head WHERE id = 1");
        using var reader = command.ExecuteReader();
        if (!reader.Read())
        {
            throw new InvalidDataException("The transfer log has no head: the database is not one of this service's.");
        }

        return new Head(reader.GetFieldValue<byte[]>(0), reader.GetInt64(1));
    }

    private static void WriteTile(WriteScope scope, LogNode node, LogHash root)
    {
        var level = (node.Level / Tile.Height) - 1;
        var first = node.Index * Tile.FullWidth;
        var sql = level == 0
            ? "SELECT leaf_hash FROM log_leaf WHERE idx >= $1 AND idx < $2 ORDER BY idx"
            : string.Create(CultureInfo.InvariantCulture, $"SELECT root FROM log_tile WHERE level = {level - 1} AND idx >= $1 AND idx < $2 ORDER BY idx");
        var hashes = new byte[Tile.FullWidth * LogHash.SizeBytes];
        using (var command = scope.Command(sql, first, first + Tile.FullWidth))
        using (var reader = command.ExecuteReader())
        {
            for (var at = 0; reader.Read(); at += LogHash.SizeBytes)
            {
                reader.GetFieldValue<byte[]>(0).CopyTo(hashes, at);
            }
        }

        scope.Execute("INSERT INTO log_tile (level, idx, hashes, root) VALUES ($1, $2, $3, $4)", level, node.Index, hashes, root.ToArray());
    }

    // The log's end as it is stored, which leaves that follow in the same transaction continue.
    private sealed record Head(byte[] Frontier, long LastTimestampMs);
}
