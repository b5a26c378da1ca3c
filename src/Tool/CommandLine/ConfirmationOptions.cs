using System.CommandLine;
using Delivery.Client.Closure;
using Delivery.Client.Log;
using Delivery.Protocol.Domain;

namespace Delivery.Tool.CommandLine;

/// <summary>What every confirmation takes and answers: which holdings, on which day, signed by whom, kept where.</summary>
internal sealed class ConfirmationOptions
{
    private readonly Option<string[]> _holdings;
    private readonly Option<DateOnly?> _on = Values.Day("--on", "The day it was done. Default: today.");
    private readonly Option<string> _signer = new("--signer") { Description = "Who signs for the controller.", HelpName = "NAME", Required = true };
    private readonly Option<string?> _output = new("--out") { Description = "Keep the signed confirmation in one file, for 'delivery confirmation verify'.", HelpName = "FILE" };

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="which">What is said of a holding, after "A holding".</param>
    public ConfirmationOptions(Command command, string which)
    {
        _holdings = new Option<string[]>("--holding")
        {
            Description = $"A holding {which}; may be given several times. Default: all it is about.",
            HelpName = "ID",
            DefaultValueFactory = _ => [],
        };
        command.Options.Add(_holdings);
        command.Options.Add(_on);
        command.Options.Add(_signer);
        command.Options.Add(_output);
    }

    public string[] Holdings(ParseResult parse) => parse.GetRequiredValue(_holdings);

    public DateOnly Day(ParseResult parse, TimeProvider clock) => parse.GetValue(_on) ?? DanishTime.DateOf(clock.GetUtcNow());

    public string Signer(ParseResult parse) => parse.GetRequiredValue(_signer);

    /// <summary>Confirms, keeps the confirmation if that was asked for, and tells it.</summary>
    public async Task<int> RunAsync(ParseResult parse, Connection where, Terminal terminal, Func<ClosureClient, Task<ConfirmationDocument>> confirm)
    {
        var file = parse.GetValue(_output);
        if (file is not null && File.Exists(file))
        {
            // A confirmation cannot be taken back, so what would spoil the file is told before it is given.
            throw new IOException($"{file} exists already; nothing was confirmed.");
        }

        using var client = where.Open();
        var confirmed = await confirm(client.Closure);
        terminal.Say($"Confirmed; leaf {confirmed.LogIndex} in the transfer log. The project is {confirmed.ProjectState}.");
        if (file is not null)
        {
            Keep(confirmed, file, where, terminal);
        }

        terminal.Answer(
            new { confirmed.HoldingIds, confirmed.ProjectState, confirmed.LogIndex, File = file },
            confirmed.Holdings.Select(holding => $"{holding.HoldingId} {(holding.EndedOn is null ? "part-deleted" : holding.State.ToLowerInvariant())}"));
        return ExitCode.Done;
    }

    // Saved before it is checked: one that does not hold is evidence.
    private static void Keep(ConfirmationDocument confirmed, string file, Connection where, Terminal terminal)
    {
        confirmed.Save(file);
        var outcome = ConfirmationVerification.Verify(confirmed, where.SenderPublicKeyFile, where.LogPolicyFile);
        if (outcome.Verdict != LogVerdict.Proven)
        {
            throw new StepFailedException($"The confirmation is recorded, but {file} does not prove it: {outcome.Reason}. Keep the file and tell STIL.");
        }

        terminal.Say($"The signed confirmation is in {file}, and holds.");
    }
}
