using System.CommandLine;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery log watch</c>: leaves as they come.</summary>
internal static class LogWatchCommand
{
    private const int SecondsMax = 3600;

    public static Command Create()
    {
        var from = new Option<long>("--from") { Description = "First index wanted.", HelpName = "N" };
        var max = new Option<long>("--max") { Description = "End after so many leaves; 0 for never.", HelpName = "N" };
        var every = new Option<int>("--every") { Description = "Seconds between two looks.", HelpName = "S", DefaultValueFactory = _ => 2 };
        var policy = new Option<string?>("--policy") { Description = "Whom to believe. Default: log-policy.txt among the certificates.", HelpName = "FILE" };
        foreach (var count in new[] { from, max })
        {
            count.Validators.Add(result =>
            {
                if (result.GetValue(count) < 0)
                {
                    result.AddError($"{count.Name} is 0 or more");
                }
            });
        }

        every.Validators.Add(result =>
        {
            if (result.GetValue(every) is < 1 or > SecondsMax)
            {
                result.AddError($"--every is from 1 to {SecondsMax}");
            }
        });
        var command = new ToolCommand(
            "watch",
            "Follows the log until Ctrl+C: each leaf the caller may see, one JSON line each, below checkpoints that are signed and continue one another (exit 3 if one does not).",
            ["delivery log watch", "delivery log watch --from 100 --max 10 --every 5"],
            hasJson: false)
        {
            from, max, every, policy,
        };
        var connection = new ConnectionOptions(command, "auditor");
        return command.Runs(async (parse, terminal, cancellation) =>
        {
            var where = connection.Read(parse);
            using var client = where.Open();
            var left = parse.GetValue(max);
            var interval = TimeSpan.FromSeconds(parse.GetRequiredValue(every));
            try
            {
                await foreach (var entry in client.Log.WatchAsync(parse.GetValue(policy) ?? where.LogPolicyFile, parse.GetValue(from), interval, cancellation))
                {
                    terminal.Answer(entry, entry.Json);
                    if (--left == 0)
                    {
                        break;
                    }
                }
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                // Ctrl+C is how it is meant to end.
            }

            return ExitCode.Done;
        });
    }
}
