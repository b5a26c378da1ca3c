using System.CommandLine;
using System.Data.Common;
using System.Runtime.CompilerServices;
using Delivery.Client.Log;
using Delivery.Server.TransferLog;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery log export</c>: the log as files that anyone can check.</summary>
internal static class LogExportCommand
{
    public static Command Create()
    {
        var tiles = new Option<string>("--tiles") { Description = "Folder to write: absent, empty, or an earlier export, which is continued.", HelpName = "DIR", Required = true };
        var data = new Option<string?>("--data") { Description = "Copy from a server's data folder instead of asking the server.", HelpName = "DIR" };
        var policy = new Option<string?>("--policy") { Description = "Whom to believe when the server is asked. Default: log-policy.txt among the certificates.", HelpName = "FILE" };
        var database = DatabaseOption.Create();
        var command = new ToolCommand(
            "export",
            "Writes the whole log as C2SP tlog-tiles: checkpoint, tile/… and tile/entries/…. The root is recomputed from every leaf; the checkpoint is written last.",
            ["delivery log export --tiles log-export", "delivery log export --tiles log-export --data data"])
        {
            tiles, data, policy, database,
        };
        var connection = new ConnectionOptions(command, "auditor");
        return command.Runs(async (parse, terminal, cancellation) =>
        {
            var directory = parse.GetRequiredValue(tiles);
            LogExport export;
            if (parse.GetValue(data) is { } folder)
            {
                try
                {
                    export = await CopyAsync(folder, parse.GetValue(database), directory, cancellation);
                }
                catch (Exception unusable) when (unusable is InvalidDataException or DbException)
                {
                    terminal.Say(unusable.Message);
                    return ExitCode.Usage;
                }
            }
            else
            {
                var where = connection.Read(parse);
                using var client = where.Open();
                export = await client.Log.ExportAsync(parse.GetValue(policy) ?? where.LogPolicyFile, directory, cancellation);
            }

            terminal.Say($"{export.Origin}: {Quantity.Count(export.LogSize)} leaves in {export.Directory}.");
            terminal.Answer(export, $"{export.LogSize} {export.Root}");
            return ExitCode.Done;
        });
    }

    private static async Task<LogExport> CopyAsync(string data, string? database, string directory, CancellationToken cancellation)
    {
        using var folder = LogFolder.OpenAny(data, database);
        var checkpoint = folder.Checkpoint() ?? throw new InvalidDataException($"No checkpoint was signed yet in {data}.");
        return await LogTiles.WriteAsync(directory, checkpoint, Leaves(folder, cancellation), cancellation);
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Leaves(LogFolder folder, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var leaf in folder.Leaves())
        {
            cancellation.ThrowIfCancellationRequested();
            yield return leaf;
        }

        await Task.CompletedTask;
    }
}
