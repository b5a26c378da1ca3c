using System.CommandLine;
using System.Data.Common;
using Delivery.Server.TransferLog;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery log fsck</c>: recomputes a log at rest.</summary>
internal static class LogFsckCommand
{
    private const int Sound = 0;
    private const int Unsound = 1;

    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "The server's data folder. It is only read.", HelpName = "DIR", Required = true };
        var policy = new Option<string?>("--policy") { Description = "Whose signatures to believe, retired keys included. Without it signatures are not checked.", HelpName = "FILE" };
        var database = DatabaseOption.Create();
        var command = new ToolCommand(
            "fsck",
            "Recomputes everything the log of a data folder or a PostgreSQL database says about itself: hashes, tiles, head, checkpoints, pin, leaves, calls (exit 0 sound, 1 not, 2 unusable).",
            ["delivery log fsck --data data", "delivery log fsck --data data --policy log-policy.txt --json", "delivery log fsck --data data --database 'Host=db1,db2;Database=delivery;Username=auditor;Passfile=/etc/delivery/pgpass'"])
        {
            data, policy, database,
        };
        return command.Runs((parse, terminal, _) =>
        {
            try
            {
                using var folder = LogFolder.OpenAny(parse.GetRequiredValue(data), parse.GetValue(database));
                return Task.FromResult(Tell(folder.Check(parse.GetValue(policy) is { } file ? File.ReadAllText(file) : null), terminal));
            }
            catch (Exception unusable) when (unusable is InvalidDataException or DbException)
            {
                terminal.Say(unusable.Message);
                return Task.FromResult(ExitCode.Usage);
            }
        });
    }

    private static int Tell(LogCheckReport report, Terminal terminal)
    {
        foreach (var finding in report.Findings)
        {
            terminal.Say($"{finding.Fault} at {finding.Place}");
        }

        var sound = report.FindingCount == 0;
        terminal.Say(
            $"{report.Origin}: {Quantity.Count(report.LogSize)} leaves, {Quantity.Count(report.TileCount)} tiles, {Quantity.Count(report.CheckpointCount)} checkpoints and "
            + $"{Quantity.Count(report.CosignatureCount)} cosignatures ({(report.SignaturesChecked ? "signatures checked" : "signatures not checked: no policy")}), "
            + $"{Quantity.Count(report.CallCount)} calls of which {Quantity.Count(report.OpenCallCount)} are open.");
        terminal.Say(sound ? "Everything holds." : $"{Quantity.Count(report.FindingCount)} findings: this log is not what was signed, or its database is damaged.");
        terminal.Answer(
            new
            {
                Sound = sound,
                report.Origin,
                report.LogSize,
                report.Root,
                report.LeafCounts,
                report.TileCount,
                report.CheckpointCount,
                report.CosignatureCount,
                report.CallCount,
                report.OpenCallCount,
                report.SignaturesChecked,
                report.FindingCount,
                Findings = report.Findings.Select(finding => new { Fault = finding.Fault.ToString(), finding.Place }),
            },
            [$"{report.LogSize} {report.Root}", .. report.LeafCounts.Select(count => $"{count.Key} {count.Value}")]);
        return sound ? Sound : Unsound;
    }
}
