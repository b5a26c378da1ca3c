using System.Buffers.Binary;
using System.Security.Cryptography;
using Delivery.Benchmarks.Stores;
using Delivery.Protocol.Log;
using Delivery.Server.Storage;
using Delivery.Server.Storage.Postgres;
using Delivery.Server.Storage.Sqlite;
using Delivery.Server.TransferLog;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Delivery.Benchmarks;

/// <summary>
/// A log of calls for extracts on a real database in a temporary folder: each call is opened, releases two ranges and is completed. One thread drives it;
/// appends themselves may come from many.
/// </summary>
internal sealed class BenchmarkLog : IAsyncDisposable
{
    public const string Origin = "log.delivery.example/benchmark";

    private const int LeavesPerCall = 4;
    private const int FillBatch = 4000;

    private static readonly LeafActor Actor = new("17150413", "dst-ingestion", Digest(-1));

    private readonly Store _store;
    private readonly LogKey _key;
    private long _drafted;

    private BenchmarkLog(string folder, BenchmarkDatabase? shared)
    {
        Folder = folder;
        var keyFile = Path.Combine(folder, "log-signing.key");
        using (var key = ECDsa.Create(ECCurve.NamedCurves.nistP256))
        {
            File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        }

        var storage = Options.Create(new StorageOptions { DataFolder = folder, KeyEncryptionKeyFile = Path.Combine(folder, "kek.bin") });
        var options = Options.Create(new LogOptions { Origin = Origin, SigningKeyFile = keyFile });
        var database = Options.Create(shared is null
            ? new DatabaseOptions()
            : new DatabaseOptions { Provider = DatabaseProvider.Postgres, ConnectionString = shared.ConnectionString });
        _store = shared is null ? new SqliteStore(storage) : new PostgresStore(database, storage, TimeProvider.System);
        Writer = new StoreWriter(_store, new StoreCondition(TimeProvider.System), database);
        _key = new LogKey(options);
        var pin = new PinFile(storage);
        var guard = new LogGuard(_store, pin, new LogAlarm());
        Appender = new LogAppender(options, guard, TimeProvider.System);
        Checkpoints = new Checkpoints(_store, Writer, pin, guard, _key);
    }

    public string Folder { get; }

    public StoreWriter Writer { get; }

    public LogAppender Appender { get; }

    public Checkpoints Checkpoints { get; }

    public LogPolicy Policy => new(Origin, [_key.Signer.Verifier]);

    public long Size { get; private set; }

    public static Task<BenchmarkLog> CreateAsync() => CreateAsync(Directory.CreateTempSubdirectory("delivery-benchmark-").FullName, null);

    /// <summary>A log in a folder, or in a database that others may use too; whoever comes first begins it.</summary>
    public static async Task<BenchmarkLog> CreateAsync(string folder, BenchmarkDatabase? database)
    {
        Directory.CreateDirectory(folder);
        var log = new BenchmarkLog(folder, database);
        await log.Writer.WriteAsync(
            scope =>
            {
                if (scope.Execute("INSERT INTO log_head (id, size, frontier, last_timestamp_ms) VALUES (1, 0, $1, 0) ON CONFLICT (id) DO NOTHING", new CompactRange().Encode()) > 0)
                {
                    log.Appender.Append(scope, LeafDraft.LogGenesis(log._key.System, log._key.Signer.Verifier.SpkiSha256));
                }
            },
            CancellationToken.None);
        log.Size = 1;
        return log;
    }

    /// <summary>The next leaf of the next call.</summary>
    public LeafDraft Draft()
    {
        var (call, step) = (_drafted / LeavesPerCall, _drafted % LeavesPerCall);
        _drafted++;
        Size++;
        var id = Digest(call);
        var extract = $"UNI-2026-017-V1-NT-{call}";
        return step switch
        {
            0 => LeafDraft.ExtractOpened(Actor, "UNI-2026-017", extract, new OpeningFacts(id, 1, 1, "NT", id, id, 8, 80_000, id, id, id)),
            1 => LeafDraft.RangeReleased(Actor, "UNI-2026-017", extract, id, 0, 4, 4 << 20, Digest(call + 1)),
            2 => LeafDraft.RangeReleased(Actor, "UNI-2026-017", extract, id, 4, 8, 4 << 20, Digest(call + 2)),
            _ => LeafDraft.ExtractCompleted(Actor, "UNI-2026-017", extract, id, 80_000, 8, Digest(call + 2), id),
        };
    }

    /// <summary>Grows the log to so many leaves, as fast as it goes.</summary>
    public async Task FillAsync(long size)
    {
        while (Size < size)
        {
            var drafts = Enumerable.Range(0, (int)Math.Min(FillBatch, size - Size)).Select(_ => Draft()).ToList();
            await Writer.WriteAsync(scope => drafts.ForEach(draft => Appender.Append(scope, draft)), CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Checkpoints.Dispose();
        await Writer.DisposeAsync();
        _key.Dispose();
        _store.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(Folder, recursive: true);
    }

    private static LogHash Digest(long of)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, of);
        return LogHash.Of(bytes);
    }
}
