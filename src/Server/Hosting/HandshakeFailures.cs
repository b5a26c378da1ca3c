using Delivery.Protocol.Log;
using Delivery.Server.Health;
using Delivery.Server.Storage;
using Delivery.Server.Telemetry;
using Delivery.Server.TransferLog;
using Microsoft.AspNetCore.Connections;

namespace Delivery.Server.Hosting;

/// <summary>
/// Counts connections that ended before TLS was agreed: no certificate, one that is not accepted, or no TLS at all. They become one leaf a minute at
/// the most, whatever their number, so that nobody outside can flood the log. Threads share it.
/// </summary>
internal sealed class HandshakeFailures(StoreWriter writer, LogAppender log, TimeProvider clock, ILogger<HandshakeFailures> logger) : RecurringWork(TimeSpan.FromMinutes(1), clock)
{
    private const string Stage = "tls-handshake";
    private static readonly object SucceededKey = new();

    private long _count;

    /// <summary>Failures that no leaf stands for yet.</summary>
    public long Waiting => Interlocked.Read(ref _count);

    /// <summary>Connection middleware before TLS: a connection that ends without having come past <see cref="Succeeded"/> failed.</summary>
    public ConnectionDelegate Watch(ConnectionDelegate next) => async connection =>
    {
        try
        {
            await next(connection);
        }
        finally
        {
            if (!connection.Items.ContainsKey(SucceededKey))
            {
                Interlocked.Increment(ref _count);
                ServerMetrics.FailedHandshakes.Add(1);
            }
        }
    };

    /// <summary>Connection middleware after TLS.</summary>
    public static ConnectionDelegate Succeeded(ConnectionDelegate next) => connection =>
    {
        connection.Items[SucceededKey] = true;
        return next(connection);
    };

    /// <summary>Writes the leaf for what was counted, if anything was.</summary>
    public async Task RecordAsync()
    {
        var count = Interlocked.Exchange(ref _count, 0);
        if (count == 0)
        {
            return;
        }

        try
        {
            var nobody = new LeafActor("unknown", "none", LogHash.Empty);
            await writer.WriteAsync(scope => log.Append(scope, LeafDraft.AccessRefused(nobody, "CLIENT_CERTIFICATE_UNKNOWN", Stage, null, count)), CancellationToken.None);
        }
        catch (Exception exception)
        {
            Interlocked.Add(ref _count, count);
            Log.HandshakesNotRecorded(logger, count, exception);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);

        // What was counted since the last turn is not lost with the process.
        await RecordAsync();
    }

    protected override Task TurnAsync(CancellationToken stopping) => RecordAsync();
}
