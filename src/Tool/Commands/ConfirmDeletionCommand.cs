using System.CommandLine;
using Delivery.Client.Closure;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery confirm-deletion</c>: what was delivered is gone.</summary>
internal static class ConfirmDeletionCommand
{
    public static Command Create(TimeProvider clock)
    {
        var project = new Argument<string>("PROJECT") { Description = "The project." };
        var method = new Option<string>("--method") { Description = "How the data were made unreadable.", DefaultValueFactory = _ => "deleted" };
        method.AcceptOnlyFromAmong("deleted", "destroyed");
        var evidence = new Option<string>("--evidence") { Description = "Reference to the evidence.", HelpName = "REF", DefaultValueFactory = _ => "" };
        var proof = new Option<string?>("--save-proof") { Description = "Keep the proof for 'delivery log verify': NAME.leaf.json and NAME.tlog-proof.", HelpName = "NAME" };
        var command = new ToolCommand(
            "confirm-deletion",
            "Confirms that delivered data are deleted. When nothing delivered is left the project closes, for good.",
            [
                "delivery confirm-deletion UNI-2026-017 --signer 'Institutlederen' --evidence 26/04711-9 --out confirmation.json",
                "delivery confirm-deletion UNI-2026-017 --holding H-1 --method destroyed --on 2026-11-20 --signer 'Kontorchefen' --as stil-administrator",
            ])
        {
            project, method, evidence, proof,
        };
        var confirmation = new ConfirmationOptions(command, "that is gone");
        var connection = new ConnectionOptions(command, "administrator");
        return command.Runs((parse, terminal, cancellation) => confirmation.RunAsync(
            parse,
            connection.Read(parse),
            terminal,
            async closure =>
            {
                var confirmed = await closure.ConfirmDeletionAsync(
                    parse.GetRequiredValue(project),
                    confirmation.Holdings(parse),
                    parse.GetRequiredValue(method) == "destroyed" ? DeletionMethod.Destroyed : DeletionMethod.Deleted,
                    confirmation.Day(parse, clock),
                    confirmation.Signer(parse),
                    parse.GetRequiredValue(evidence),
                    cancellation);
                if (parse.GetValue(proof) is { } name)
                {
                    await SaveProofAsync(confirmed, name, cancellation);
                }

                return confirmed;
            }));
    }

    // As the offline check of single leaves reads them.
    private static async Task SaveProofAsync(ConfirmationDocument confirmed, string name, CancellationToken cancellation)
    {
        await File.WriteAllBytesAsync($"{name}.leaf.json", confirmed.Leaf, cancellation);
        await File.WriteAllBytesAsync($"{name}.tlog-proof", confirmed.Proof, cancellation);
    }
}
