using System.CommandLine;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery confirm-archival</c>: what was delivered is in an archive.</summary>
internal static class ConfirmArchivalCommand
{
    public static Command Create(TimeProvider clock)
    {
        var project = new Argument<string>("PROJECT") { Description = "The project." };
        var archive = new Option<string>("--archive") { Description = "Name of the archive.", HelpName = "NAME", Required = true };
        var receipt = new Option<string>("--receipt") { Description = "Reference of the archive's receipt.", HelpName = "REF", Required = true };
        var command = new ToolCommand(
            "confirm-archival",
            "Confirms that delivered data are in an archive under the archives act. When nothing delivered is left the project closes, for good.",
            ["delivery confirm-archival UNI-2026-017 --archive Rigsarkivet --receipt 26/09912 --signer 'Institutlederen' --out confirmation.json"])
        {
            project, archive, receipt,
        };
        var confirmation = new ConfirmationOptions(command, "that is archived");
        var connection = new ConnectionOptions(command, "administrator");
        return command.Runs((parse, terminal, cancellation) => confirmation.RunAsync(
            parse,
            connection.Read(parse),
            terminal,
            closure => closure.ConfirmArchivalAsync(
                parse.GetRequiredValue(project),
                confirmation.Holdings(parse),
                parse.GetRequiredValue(archive),
                parse.GetRequiredValue(receipt),
                confirmation.Day(parse, clock),
                confirmation.Signer(parse),
                cancellation)));
    }
}
