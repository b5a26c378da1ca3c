using System.Text;
using Delivery.Protocol.Log;
using Delivery.Server.Identity;
using Delivery.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Delivery.Server.TransferLog;

/// <summary>
/// What the log does before the first call: an empty one gets its first leaf, one that contradicts the pin or the settings stops the start, and
/// a new key or a role table that differs from the last one served is recorded.
/// </summary>
internal sealed class LogStartup(
    Store store, StoreWriter writer, LogAppender appender, PinFile pin, LogGuard guard, KeySuccession keys, LogKey key, IOptions<LogOptions> options, IOptions<IdentityOptions> identity)
{
    public async Task RunAsync()
    {
        var previous = PreviousLog.Read(options.Value);
        guard.Watch(writer);
        using (var log = new LogReader(store))
        {
            pin.Check(log);
            if (log.Leaf(0) is var (first, _))
            {
                Require(Leaf.Parse(first), previous);
            }
            else if (options.Value.Frozen)
            {
                throw new InvalidDataException($"The log is empty and {LogOptions.Section}:Frozen is set, so it can never begin. Unset it.");
            }
        }

        if (!options.Value.Frozen)
        {
            await writer.WriteAsync(scope => Begin(scope, previous), CancellationToken.None);
        }
    }

    private void Require(Leaf genesis, PreviousLog? previous)
    {
        if (genesis.Origin != options.Value.Origin)
        {
            throw new InvalidDataException($"The database holds the log {genesis.Origin}, the settings name {options.Value.Origin}.");
        }

        if (previous is not null && !previous.IsNamedBy(genesis))
        {
            throw new InvalidDataException(
                $"The log has begun already, and its first leaf does not name {previous.Origin} and that checkpoint. A log that continues another begins empty, under a new origin.");
        }
    }

    private void Begin(WriteScope scope, PreviousLog? previous)
    {
        if (scope.Execute("INSERT INTO log_head (id, size, frontier, last_timestamp_ms) VALUES (1, 0, $1, 0) ON CONFLICT (id) DO NOTHING", new CompactRange().Encode()) > 0)
        {
            appender.Append(scope, LeafDraft.LogGenesis(key.System, key.Signer.Verifier.SpkiSha256, previous?.Origin, previous?.CheckpointHash));
        }

        keys.Continue(scope);
        RecordRoles(scope);
    }

    private void RecordRoles(WriteScope scope)
    {
        var table = RoleTableHash();
        var last = scope.Db.Set<LogLeafRow>().AsNoTracking()
            .Where(row => row.Kind == LeafType.AccessChanged.WireName())
            .OrderByDescending(row => row.Index)
            .Select(row => row.Body)
            .FirstOrDefault();
        if (last is null || Leaf.Parse(last).Hash("role_table_hash") != table)
        {
            appender.Append(scope, LeafDraft.AccessChanged(key.System, table));
        }
    }

    // One line per row, sorted, so that the order of settings does not matter.
    private LogHash RoleTableHash()
    {
        var lines = identity.Value.Roles
            .Select(grant => string.Join('\t', grant.Issuer, grant.OrganizationIdentifier, grant.CommonName, grant.SpkiSha256, grant.Role))
            .Order(StringComparer.Ordinal);
        return LogHash.Of(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
    }
}
