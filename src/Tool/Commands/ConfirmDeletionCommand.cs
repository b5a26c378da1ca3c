using System.CommandLine;
using Delivery.Client.Closure;
using Delivery.Protocol.Domain;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery confirm-deletion</c>: what was delivered is gone.</summary>
internal static class ConfirmDeletionCommand
{
    public static Command Create(TimeProvider clock)
    {
        var project = new Argument<string>("PROJECT") { Description = "The project." };
        var holdings = new Option<string[]>("--holding") { Description = "A holding that is gone; may be given several times. Default: all that are open.", HelpName = "ID", DefaultValueFactory = _ => [] };
        var method = new Option<string>("--method") { Description = "How the data were made unreadable.", DefaultValueFactory = _ => "deleted" };
        method.AcceptOnlyFromAmong("deleted", "destroyed");
        var on = Values.Day("--on", "The day it was done. Default: today.");
        var signer = new Option<string>("--signer") { Description = "Who signs for the controller.", HelpName = "NAME", Required = true };
        var evidence = new Option<string>("--evidence") { Description = "Reference to the evidence.", HelpName = "REF", DefaultValueFactory = _ => "" };
        var proof = new Option<string?>("--save-proof") { Description = "Keep the proof for 'delivery log verify': NAME.leaf.json and NAME.tlog-proof.", HelpName = "NAME" };
        var command = new ToolCommand(
            "confirm-deletion",
            "Confirms that delivered data are deleted. When nothing delivered is left the project closes, for good.",
            [
                "delivery confirm-deletion UNI-2026-017 --signer 'Institutlederen' --evidence 26/04711-9 --save-proof deletion",
                "delivery confirm-deletion UNI-2026-017 --holding H-1 --method destroyed --on 2026-11-20 --signer 'Kontorchefen' --as stil-administrator",
            ])
        {
            project, holdings, method, on, signer, evidence, proof,
        };
        var connection = new ConnectionOptions(command, "administrator");
        return command.Runs(async (parse, terminal, cancellation) =>
        {
            using var client = connection.Read(parse).Open();
            var confirmed = await client.Closure.ConfirmDeletionAsync(
                parse.GetRequiredValue(project),
                parse.GetRequiredValue(holdings),
                parse.GetRequiredValue(method) == "destroyed" ? DeletionMethod.Destroyed : DeletionMethod.Deleted,
                parse.GetValue(on) ?? DanishTime.DateOf(clock.GetUtcNow()),
                parse.GetRequiredValue(signer),
                parse.GetRequiredValue(evidence),
                cancellation);
            if (parse.GetValue(proof) is { } name)
            {
                await SaveAsync(confirmed, name, cancellation);
            }

            terminal.Say($"Confirmed; leaf {confirmed.LogIndex} in the transfer log. The project is {confirmed.ProjectState}.");
            terminal.Answer(
                new { confirmed.HoldingIds, confirmed.ProjectState, confirmed.LogIndex },
                confirmed.HoldingIds.Select(holding => $"{holding} {parse.GetRequiredValue(method)}"));
            return ExitCode.Done;
        });
    }

    /// <summary>Writes leaf and proof as the offline check reads them.</summary>
    public static async Task<(string LeafFile, string ProofFile)> SaveAsync(DeletionConfirmation confirmed, string name, CancellationToken cancellation)
    {
        var files = (LeafFile: $"{name}.leaf.json", ProofFile: $"{name}.tlog-proof");
        await File.WriteAllBytesAsync(files.LeafFile, confirmed.Leaf, cancellation);
        await File.WriteAllBytesAsync(files.ProofFile, confirmed.Proof, cancellation);
        return files;
    }
}
