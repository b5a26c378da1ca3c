using System.CommandLine;
using Delivery.Client.Approvals;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery suspend</c>, <c>resume</c> and <c>withdraw</c>: STIL holds a project, lets it go on, or ends it, and says why.</summary>
internal static class ProjectStepCommand
{
    private const int ReasonLengthMax = 500;

    private delegate Task<ProjectStep> Step(ApprovalClient approvals, string projectId, string reason, CancellationToken cancellation);

    public static Command Suspend() => Create(
        "suspend",
        "Holds a project: open streams are cut before their next window, and no other opens.",
        ["delivery suspend UNI-2026-017 --reason \"Afventer svar fra den dataansvarlige\""],
        (approvals, project, reason, cancellation) => approvals.SuspendAsync(project, reason, cancellation));

    public static Command Resume() => Create(
        "resume",
        "Lets a suspended project go on.",
        ["delivery resume UNI-2026-017 --reason \"Svaret er modtaget\""],
        (approvals, project, reason, cancellation) => approvals.ResumeAsync(project, reason, cancellation));

    public static Command Withdraw() => Create(
        "withdraw",
        "Withdraws an approval, for good: open streams are cut, and what was delivered must be deleted within 30 days.",
        ["delivery withdraw UNI-2026-017 --reason \"Vilkårene er ikke overholdt\" --json"],
        (approvals, project, reason, cancellation) => approvals.WithdrawAsync(project, reason, cancellation));

    private static ToolCommand Create(string name, string description, IReadOnlyList<string> examples, Step step)
    {
        var project = new Argument<string>("PROJECT") { Description = "The project." };
        var reason = new Option<string>("--reason") { Description = "Why. Kept by the server; the transfer log only holds that a reason was given.", HelpName = "TEXT", Required = true };
        reason.Validators.Add(result =>
        {
            if (result.GetValue(reason) is not { Length: > 0 and <= ReasonLengthMax })
            {
                result.AddError($"--reason is 1 to {ReasonLengthMax} characters");
            }
        });
        var command = new ToolCommand(name, description, examples) { project, reason };
        var connection = new ConnectionOptions(command, "stil-approvals");
        return command.Runs(async (parse, terminal, cancellation) =>
        {
            using var client = connection.Read(parse).Open();
            var stands = await step(client.Approvals, parse.GetRequiredValue(project), parse.GetRequiredValue(reason), cancellation);
            var due = stands.DeletionDue is { } day ? $" What was delivered must be deleted by {Values.Text(day)}." : "";
            terminal.Say($"The project is {stands.State}; leaf {stands.LogIndex} in the transfer log.{due}");
            terminal.Answer(stands, $"{stands.ProjectId} {stands.State}");
            return ExitCode.Done;
        });
    }
}
