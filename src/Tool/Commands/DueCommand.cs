using System.CommandLine;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery due</c>: open holdings by the day they are due.</summary>
internal static class DueCommand
{
    private const int DaysMax = 36_525;

    public static Command Create()
    {
        var within = new Option<int?>("--within") { Description = "Only what is due within so many days, and what is overdue. Default: everything open.", HelpName = "DAYS" };
        within.Validators.Add(result =>
        {
            if (result.GetValue(within) is < 1 or > DaysMax)
            {
                result.AddError($"--within is from 1 to {DaysMax} days");
            }
        });
        var command = new ToolCommand(
            "due",
            "Lists what was delivered and must be deleted or archived, by the day it is due; overdue first.",
            ["delivery due", "delivery due --within 30 --as administrator --json"])
        {
            within,
        };
        var connection = new ConnectionOptions(command, "stil-approvals");
        return command.Runs(async (parse, terminal, cancellation) =>
        {
            using var client = connection.Read(parse).Open();
            var holdings = await client.Closure.ListDueHoldingsAsync(parse.GetValue(within), cancellation);
            terminal.Say($"{Quantity.Count(holdings.Count)} open, {Quantity.Count(holdings.Count(holding => holding.IsOverdue))} of them overdue");
            terminal.AnswerTable(
                holdings,
                ["holding", "project", "state", "delete by", "overdue", "part deletion", "last reminded"],
                holdings.Select(holding => (IReadOnlyList<string>)
                [
                    holding.HoldingId,
                    holding.ProjectId,
                    holding.ProjectState,
                    Values.Text(holding.DeletionDue),
                    holding.IsOverdue ? "yes" : "no",
                    holding.IsPartDeletionDue ? "due" : "no",
                    Values.Text(holding.LastRemindedOn),
                ]));
            return ExitCode.Done;
        });
    }
}
