using System.Security.Cryptography;
using Delivery.Protocol.Log;
using Delivery.Server.Storage;
using Delivery.Server.TransferLog;
using Delivery.Tests.Identity;
using Delivery.Tests.Log;
using Delivery.Tests.Storage;
using Microsoft.Extensions.Options;

namespace Delivery.Tests.TransferLog;

/// <summary>A log on a real database, with its key, its pin and a clock that stands.</summary>
internal sealed class TemporaryLog : IDisposable
{
    private bool _hasBegun;

    public TemporaryLog()
    {
        var keyFile = Path.Combine(Store.Folder, "log-signing.key");
        using (var key = ECDsa.Create(ECCurve.NamedCurves.nistP256))
        {
            File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        }

        Settings = Options.Create(new LogOptions { Origin = SampleLeaves.Origin, SigningKeyFile = keyFile });
        Key = new LogKey(Settings);
        Pin = new PinFile(Options.Create(Store.Settings));
        var guard = new LogGuard(Store.Store, Pin, new LogAlarm());
        Appender = new LogAppender(Settings, guard, Clock);
        Checkpoints = new Checkpoints(Store.Store, Store.Writer, Pin, guard, Key);
    }

    public TemporaryStore Store { get; } = new();

    public SetClock Clock { get; } = new(SampleAuthority.Now);

    public IOptions<LogOptions> Settings { get; }

    public LogKey Key { get; }

    public LogAppender Appender { get; }

    public PinFile Pin { get; }

    public Checkpoints Checkpoints { get; }

    public LogPolicy Policy => new(SampleLeaves.Origin, [Key.Signer.Verifier]);

    /// <summary>Appends so many leaves of all types in turn, 500 to a transaction.</summary>
    public async Task<IReadOnlyList<AppendedLeaf>> AppendAsync(int count)
    {
        var leaves = new List<AppendedLeaf>(count);
        for (var done = 0; done < count; done += 500)
        {
            var some = Enumerable.Range(done, Math.Min(500, count - done)).ToList();
            leaves.AddRange(await Store.Writer.WriteAsync(scope => some.ConvertAll(number => Append(scope, number)), CancellationToken.None));
        }

        return leaves;
    }

    /// <summary>Appends one leaf; the first one begins the log.</summary>
    public AppendedLeaf Append(WriteScope scope, int number, string? idempotencyKey = null)
    {
        if (!_hasBegun)
        {
            scope.Execute("INSERT INTO log_head (id, size, frontier, last_timestamp_ms) VALUES (1, 0, $1, 0) ON CONFLICT (id) DO NOTHING", new CompactRange().Encode());
            _hasBegun = true;
        }

        return Appender.Append(scope, SampleLeaves.All[number % SampleLeaves.All.Count], idempotencyKey);
    }

    public void Dispose()
    {
        Checkpoints.Dispose();
        Key.Dispose();
        Store.Dispose();
    }
}
