using System.CommandLine;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery log prove</c>: one leaf and its proof, as files for others.</summary>
internal static class LogProveCommand
{
    public static Command Create()
    {
        var index = new Argument<long>("INDEX") { Description = "The leaf." };
        index.Validators.Add(result =>
        {
            if (result.GetValue(index) < 0)
            {
                result.AddError("INDEX is 0 or more");
            }
        });
        var leaf = new Option<string>("--leaf") { Description = "File for the leaf's exact bytes.", HelpName = "FILE", Required = true };
        var proof = new Option<string>("--proof") { Description = "File for its proof, C2SP tlog-proof.", HelpName = "FILE", Required = true };
        var policy = new Option<string?>("--policy") { Description = "Whom to believe. Default: log-policy.txt among the certificates.", HelpName = "FILE" };
        var command = new ToolCommand(
            "prove",
            "Fetches one leaf with its proof, checks it, and writes both as files that 'delivery log verify' checks without a server.",
            ["delivery log prove 12 --leaf leaf.json --proof leaf.tlog-proof"])
        {
            index, leaf, proof, policy,
        };
        var connection = new ConnectionOptions(command, "auditor");
        return command.Runs(async (parse, terminal, cancellation) =>
        {
            var where = connection.Read(parse);
            using var client = where.Open();
            var proven = await client.Log.ProveAsync(parse.GetValue(policy) ?? where.LogPolicyFile, parse.GetValue(index), cancellation);
            await File.WriteAllBytesAsync(parse.GetRequiredValue(leaf), proven.Leaf, cancellation);
            await File.WriteAllBytesAsync(parse.GetRequiredValue(proof), proven.Proof, cancellation);
            terminal.Say($"{proven.Entry.Type} at index {proven.Entry.Index}, under a checkpoint of {proven.LogSize} leaves.");
            terminal.Answer(
                new { proven.Entry.Index, proven.Entry.Type, proven.LogSize, Leaf = Path.GetFullPath(parse.GetRequiredValue(leaf)), Proof = Path.GetFullPath(parse.GetRequiredValue(proof)) },
                parse.GetRequiredValue(leaf), parse.GetRequiredValue(proof));
            return ExitCode.Done;
        });
    }
}
