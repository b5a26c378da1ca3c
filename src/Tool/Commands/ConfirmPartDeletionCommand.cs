using System.CommandLine;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery confirm-part-deletion</c>: what an amendment narrowed out is gone.</summary>
internal static class ConfirmPartDeletionCommand
{
    public static Command Create(TimeProvider clock)
    {
        var project = new Argument<string>("PROJECT") { Description = "The project." };
        var command = new ToolCommand(
            "confirm-part-deletion",
            "Confirms that what an amendment narrowed out of the approval is deleted from what was delivered. The rest stays, with its deletion duty.",
            ["delivery confirm-part-deletion UNI-2026-017 --signer 'Institutlederen' --out part.json"])
        {
            project,
        };
        var confirmation = new ConfirmationOptions(command, "it is deleted from");
        var connection = new ConnectionOptions(command, "administrator");
        return command.Runs((parse, terminal, cancellation) => confirmation.RunAsync(
            parse,
            connection.Read(parse),
            terminal,
            closure => closure.ConfirmPartDeletionAsync(
                parse.GetRequiredValue(project), confirmation.Holdings(parse), confirmation.Day(parse, clock), confirmation.Signer(parse), cancellation)));
    }
}
