using System.Globalization;
using Delivery.Protocol.Log;
using Delivery.Server.TransferLog;
using Delivery.Tests.Log;
using Microsoft.Data.Sqlite;

namespace Delivery.Tests.TransferLog;

/// <summary>
/// A log such as a server leaves behind: a beginning, an approval, calls that release and end, checkpoints and a pin. A test alters it at rest, or adds
/// leaves that break a promise.
/// </summary>
internal sealed class SoundLog : IAsyncDisposable
{
    private readonly TemporaryLog _log = new();
    private int _calls;

    public string Folder => _log.Store.Folder;

    public string Policy => _log.Policy.Encode();

    public PinFile Pin => _log.Pin;

    public Checkpoints Checkpoints => _log.Checkpoints;

    public static string Project => "P-17";

    /// <summary>A log with so many whole calls of two ranges each.</summary>
    public static async Task<SoundLog> MakeAsync(int calls)
    {
        var sound = new SoundLog();
        await sound._log.Store.Writer.WriteAsync(
            scope => scope.Execute("INSERT INTO log_head (id, size, frontier, last_timestamp_ms) VALUES (1, 0, $1, 0)", new CompactRange().Encode()), CancellationToken.None);
        await sound.AddAsync(
            LeafDraft.LogGenesis(sound._log.Key.System, sound._log.Key.Signer.Verifier.SpkiSha256),
            LeafDraft.ApprovalPushed(SampleLeaves.Actor, Project, SampleLeaves.Approval));
        await sound.SignAsync();
        for (var call = 0; call < calls; call++)
        {
            var id = sound.NextCall();
            await sound.AddAsync(Opened(id), Released(id, 0, 2), Released(id, 2, 4), Completed(id, 4));
        }

        await sound.SignAsync();
        return sound;
    }

    public static LeafDraft Opened(LogHash call) =>
        LeafDraft.ExtractOpened(SampleLeaves.Actor, Project, "X-" + call.ToString()[..1], SampleLeaves.Opening with { CallId = call });

    public static LeafDraft Released(LogHash call, long from, long to) =>
        LeafDraft.RangeReleased(SampleLeaves.Actor, Project, "X-" + call.ToString()[..1], call, from, to, 1000, Digest(to));

    public static LeafDraft Completed(LogHash call, long batches) =>
        LeafDraft.ExtractCompleted(SampleLeaves.Actor, Project, "X-" + call.ToString()[..1], call, 100, batches, Digest(batches), Digest(0));

    public static LeafDraft Aborted(LogHash call, long batches) =>
        LeafDraft.ExtractAborted(SampleLeaves.Actor, Project, "X-" + call.ToString()[..1], call, 100, batches, "CALL_CUT");

    public LogHash NextCall() => SampleLeaves.Digest(string.Create(CultureInfo.InvariantCulture, $"call {_calls++}"));

    public Task AddAsync(params LeafDraft[] drafts) => _log.Store.Writer.WriteAsync(
        scope =>
        {
            foreach (var draft in drafts)
            {
                _log.Appender.Append(scope, draft);
            }
        },
        CancellationToken.None);

    public LogReader Read() => new(_log.Store.Store);

    public Task SignAsync() => _log.Checkpoints.SignAsync(CancellationToken.None);

    /// <summary>Changes the database at rest, as somebody with the file and no regard for its triggers would.</summary>
    public Task AlterAsync(string sql) => _log.Store.RestartAsync(() =>
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _log.Store.Settings.DatabaseFile, Pooling = false }.ToString());
        connection.Open();
        foreach (var statement in Triggers(connection).Append(sql))
        {
            using var command = connection.CreateCommand();
            command.CommandText = statement;
            command.ExecuteNonQuery();
        }
    });

    /// <summary>Does something to the file while nobody has it open.</summary>
    public Task AtRestAsync(Action<string> act) => _log.Store.RestartAsync(() => act(_log.Store.Settings.DatabaseFile));

    public LogCheckReport Check(string? policy = null)
    {
        using var folder = LogFolder.Open(Folder);
        return folder.Check(policy);
    }

    public ValueTask DisposeAsync()
    {
        _log.Dispose();
        return ValueTask.CompletedTask;
    }

    private static LogHash Digest(long of) => SampleLeaves.Digest(of.ToString(CultureInfo.InvariantCulture));

    private static List<string> Triggers(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT 'DROP TRIGGER \"' || name || '\"' FROM sqlite_master WHERE type = 'trigger'";
        using var reader = command.ExecuteReader();
        var drops = new List<string>();
        while (reader.Read())
        {
            drops.Add(reader.GetString(0));
        }

        return drops;
    }
}
