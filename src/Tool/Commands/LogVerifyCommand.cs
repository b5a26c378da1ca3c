using System.CommandLine;
using Delivery.Client.Log;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery log verify</c>: checks the log of a server, or one proof from files alone.</summary>
internal static class LogVerifyCommand
{
    public static Command Create()
    {
        var policy = new Option<string?>("--policy") { Description = "Whom to believe. Default when a server is asked: log-policy.txt among the certificates.", HelpName = "FILE" };
        var leaf = new Option<string?>("--leaf") { Description = "Offline: the leaf's exact bytes.", HelpName = "FILE" };
        var proof = new Option<string?>("--proof") { Description = "Offline: its proof, C2SP tlog-proof.", HelpName = "FILE" };
        var command = new ToolCommand(
            "verify",
            "Checks the transfer log without trusting the server: signature, growth since the last look, and every leaf the caller may see (exit 0, or 3 if something does not hold). "
            + "With --leaf and --proof, checks one proof offline (exit 0 proven, 1 refuted, 2 unusable).",
            ["delivery log verify", "delivery log verify --policy log-policy.txt --leaf deletion.leaf.json --proof deletion.tlog-proof"])
        {
            policy, leaf, proof,
        };
        command.Validators.Add(result =>
        {
            var hasLeaf = result.GetValue(leaf) is not null;
            if (hasLeaf != result.GetValue(proof) is not null || (hasLeaf && result.GetValue(policy) is null))
            {
                result.AddError("Offline, --policy, --leaf and --proof go together.");
            }
        });
        var connection = new ConnectionOptions(command, "auditor");
        return command.Runs((parse, terminal, cancellation) =>
            parse.GetValue(leaf) is { } leafFile
                ? Task.FromResult(Offline(parse.GetValue(policy)!, leafFile, parse.GetValue(proof)!, terminal))
                : OnlineAsync(connection.Read(parse), parse.GetValue(policy), terminal, cancellation));
    }

    private static int Offline(string policy, string leaf, string proof, Terminal terminal)
    {
        var outcome = LogVerification.VerifyFiles(policy, leaf, proof);
        var verdict = outcome.Verdict switch
        {
            LogVerdict.Proven => "proven",
            LogVerdict.Refuted => "refuted",
            LogVerdict.Unusable => "unusable",
        };
        terminal.Say(outcome.Verdict == LogVerdict.Proven
            ? $"The log holds this leaf at index {outcome.Entry?.Index}, under a checkpoint of {outcome.LogSize} leaves."
            : $"Not proven: {outcome.Reason}.");
        terminal.Answer(new { Verdict = verdict, outcome.Reason, outcome.Entry?.Index, outcome.Entry?.Type, outcome.LogSize }, verdict);
        return (int)outcome.Verdict;
    }

    private static async Task<int> OnlineAsync(Connection where, string? policy, Terminal terminal, CancellationToken cancellation)
    {
        using var client = where.Open();
        var report = await client.Log.VerifyAsync(policy ?? where.LogPolicyFile, cancellation);
        terminal.Say(report.IsWhole
            ? $"{report.Origin}: all {report.LogSize} leaves read, the root recomputed from them, the signature holds."
            : $"{report.Origin}: {report.LeavesProven} visible leaves of {report.LogSize} proven, the signature holds.");
        terminal.Say(report.PreviousSize is { } size ? $"It continues the log of {size} leaves seen before." : "First look at this log from here.");
        terminal.Answer(report, $"{report.LogSize} {report.Root}");
        return ExitCode.Done;
    }
}
