using System.Text;
using Delivery.Protocol.Log;
using Delivery.Server.Identity;
using Delivery.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Delivery.Server.TransferLog;

/// <summary>
/// What the log does before the first call: an empty one gets its first leaf, one that contradicts the pin stops the start, and a role table
/// that differs from the last one served is recorded.
/// </summary>
internal sealed class LogStartup(Store store, StoreWriter writer, LogAppender appender, PinFile pin, LogKey key, IOptions<LogOptions> options, IOptions<IdentityOptions> identity)
{
    public async Task RunAsync()
    {
        using (var log = new LogReader(store))
        {
            pin.Check(log);
            if (log.Leaf(0) is var (first, _) && Leaf.Parse(first).Origin != options.Value.Origin)
            {
                throw new InvalidDataException($"The database holds the log {Leaf.Parse(first).Origin}, the settings name {options.Value.Origin}.");
            }
        }

        await writer.WriteAsync(Begin, CancellationToken.None);
    }

    private void Begin(WriteScope scope)
    {
        if (scope.Execute("INSERT INTO log_head (id, size, frontier, last_timestamp_ms) VALUES (1, 0, $1, 0) ON CONFLICT (id) DO NOTHING", new CompactRange().Encode()) > 0)
        {
            appender.Append(scope, LeafDraft.LogGenesis(key.System, key.Signer.Verifier.SpkiSha256));
        }

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
