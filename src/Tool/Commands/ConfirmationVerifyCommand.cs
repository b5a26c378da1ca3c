using System.CommandLine;
using Delivery.Client.Closure;
using Delivery.Client.Log;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery confirmation verify</c>: checks a saved confirmation without a server.</summary>
internal static class ConfirmationVerifyCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The file that --out saved." };
        var certs = new Option<string>("--certs")
        {
            Description = "Folder of the certificates. Also: DELIVERY_CERTS.",
            HelpName = "DIR",
            DefaultValueFactory = _ => ConnectionOptions.DefaultCerts(),
        };
        var key = new Option<string?>("--delivery-key") { Description = "The server's public delivery key. Default: delivery-signing.pub.pem among the certificates.", HelpName = "FILE" };
        var policy = new Option<string?>("--policy") { Description = "Which log to believe. Default: log-policy.txt among the certificates.", HelpName = "FILE" };
        var command = new ToolCommand(
            "verify",
            "Checks a saved confirmation from files alone: the signature, the leaf of the transfer log and its proof (exit 0 proven, 1 refuted, 2 unusable). Prints what it proves, in Danish and English.",
            [
                "delivery confirmation verify confirmation.json",
                "delivery confirmation verify confirmation.json --delivery-key delivery-signing.pub.pem --policy log-policy.txt --json",
            ])
        {
            file, certs, key, policy,
        };
        return command.Runs((parse, terminal, _) =>
        {
            var folder = parse.GetRequiredValue(certs);
            var outcome = ConfirmationVerification.VerifyFile(
                parse.GetRequiredValue(file),
                parse.GetValue(key) ?? Path.Combine(folder, Connection.SenderPublicKeyName),
                parse.GetValue(policy) ?? Path.Combine(folder, Connection.LogPolicyName));
            Tell(outcome, terminal);
            return Task.FromResult((int)outcome.Verdict);
        });
    }

    private static void Tell(ConfirmationOutcome outcome, Terminal terminal)
    {
        var verdict = outcome.Verdict switch
        {
            LogVerdict.Proven => "proven",
            LogVerdict.Refuted => "refuted",
            LogVerdict.Unusable => "unusable",
        };
        var proven = outcome.Confirmation;
        terminal.Say(proven is null
            ? $"Not proven: {outcome.Reason}."
            : $"Recorded at leaf {proven.LogIndex} on {Values.Text(outcome.RecordedAt!.Value)}, under a checkpoint of {outcome.LogSize} leaves.");
        terminal.Answer(
            new
            {
                Verdict = verdict,
                outcome.Reason,
                proven?.ProjectId,
                proven?.ProjectState,
                proven?.Holdings,
                proven?.LogIndex,
                outcome.RecordedAt,
                outcome.LogSize,
                RenderingDa = proven?.Rendering.Danish,
                RenderingEn = proven?.Rendering.English,
            },
            proven is null ? [verdict] : [verdict, "", proven.Rendering.Danish, proven.Rendering.English.TrimEnd('\n')]);
    }
}
