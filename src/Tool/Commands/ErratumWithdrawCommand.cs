using System.CommandLine;
using Delivery.Protocol.Domain;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery erratum withdraw</c>: STIL ends an erratum.</summary>
internal static class ErratumWithdrawCommand
{
    public static Command Create()
    {
        var id = new Argument<string>("ID") { Description = "The erratum." };
        var danish = new Option<string>("--reason-da") { Description = "Why, in Danish.", HelpName = "TEXT", Required = true };
        var english = new Option<string>("--reason-en") { Description = "Why, in English.", HelpName = "TEXT", Required = true };
        var command = new ToolCommand(
            "withdraw",
            "Withdraws an erratum: deliveries planned from then on do not carry it. Whom it concerned can still be asked.",
            ["delivery erratum withdraw E-2026-01 --reason-da \"Fejlen er rettet\" --reason-en \"The fault is mended\""])
        {
            id, danish, english,
        };
        var connection = new ConnectionOptions(command, "stil-approvals");
        return command.Runs(async (parse, terminal, cancellation) =>
        {
            using var client = connection.Read(parse).Open();
            var withdrawn = await client.Errata.WithdrawAsync(
                parse.GetRequiredValue(id), new Bilingual(parse.GetRequiredValue(danish), parse.GetRequiredValue(english)), cancellation);
            terminal.Say($"Withdrawn; leaf {withdrawn.Withdrawal!.LogIndex} in the transfer log.");
            terminal.Answer(ErratumTexts.Document(withdrawn), withdrawn.Erratum.Id);
            return ExitCode.Done;
        });
    }
}
