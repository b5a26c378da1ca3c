using System.CommandLine;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery log cosign</c>: a witness signs what it has checked.</summary>
internal static class LogCosignCommand
{
    public static Command Create()
    {
        var key = new Option<string?>("--key") { Description = "The witness's private key. Default: dst-witness.key among the certificates.", HelpName = "FILE" };
        var policy = new Option<string?>("--policy") { Description = "Whom to believe; it names the witness. Default: log-policy.txt among the certificates.", HelpName = "FILE" };
        var state = new Option<string?>("--state") { Description = "Keeps the newest checkpoint cosigned. Default: the key file's name with .state.", HelpName = "FILE" };
        var command = new ToolCommand(
            "cosign",
            "Cosigns the newest checkpoint as a witness, after checking that it continues every one cosigned before (exit 3 if not; nothing is then signed).",
            ["delivery log cosign", "delivery log cosign --key witness.key --policy log-policy.txt --state witness.state"])
        {
            key, policy, state,
        };
        var connection = new ConnectionOptions(command, "dst-ingestion");
        return command.Runs(async (parse, terminal, cancellation) =>
        {
            var where = connection.Read(parse);
            var keyFile = parse.GetValue(key) ?? where.WitnessKeyFile;
            using var client = where.Open();
            var report = await client.Log.CosignAsync(
                parse.GetValue(policy) ?? where.LogPolicyFile, keyFile, parse.GetValue(state) ?? Path.ChangeExtension(keyFile, ".state"), cancellation);
            terminal.Say(report.PreviousSize is { } size
                ? $"{report.Witness} cosigned {report.LogSize} leaves, which continue the {size} cosigned before."
                : $"{report.Witness} cosigned {report.LogSize} leaves, the first time.");
            terminal.Answer(report, $"{report.LogSize} {report.Root}");
            return ExitCode.Done;
        });
    }
}
