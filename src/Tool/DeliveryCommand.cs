using System.CommandLine;
using System.CommandLine.Invocation;
using Delivery.Tool.CommandLine;
using Delivery.Tool.Commands;

namespace Delivery.Tool;

/// <summary>The command line as a whole.</summary>
internal static class DeliveryCommand
{
    /// <summary>Runs one command line.</summary>
    /// <param name="args">What was typed after <c>delivery</c>.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="output">Where to speak; the console when null.</param>
    /// <param name="cancellation">Ends the command as Ctrl+C does.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, TimeProvider clock, InvocationConfiguration? output = null, CancellationToken cancellation = default)
    {
        var parsed = Create(clock).Parse(args);

        // Faults of the program keep their stack trace; everything expected is caught by the command.
        var invocation = output ?? new InvocationConfiguration();
        invocation.EnableDefaultExceptionHandler = false;
        if (parsed.Action is not ParseErrorAction mistake)
        {
            using var span = CommandTelemetry.Start(parsed);
            var code = await parsed.InvokeAsync(invocation, cancellation);
            span?.SetTag("process.exit.code", code);
            return code;
        }

        // Stdout is data, so what is wrong with a command line goes to stderr, help included.
        invocation.Output = invocation.Error;
        mistake.ShowHelp = parsed.CommandResult.Command.Subcommands.Count > 0;
        await parsed.InvokeAsync(invocation, cancellation);
        return ExitCode.Usage;
    }

    /// <summary>Every command, for running and for being looked through by tests.</summary>
    public static RootCommand Create(TimeProvider clock)
    {
        var root = new RootCommand("Carries pupil-level test results from STIL to Danmarks Statistik: sealed, approved, logged and closed.")
        {
            DemoCommand.Create(clock),
            Group("certs", "Development certificates.", CertsInitCommand.Create(clock)),
            ServerCommand.Create(),
            SynthCommand.Create(clock),
            ImportCommand.Create(clock),
            QualityCommand.Create(),
            Group("partition", "Partitions of results.", PartitionHistoryCommand.Create()),
            ApproveCommand.Create(),
            AmendCommand.Create(),
            ProjectStepCommand.Suspend(),
            ProjectStepCommand.Resume(),
            ProjectStepCommand.Withdraw(),
            Group("project", "Approved projects.", ProjectListCommand.Create(), ProjectShowCommand.Create()),
            Group("keys", "Keys that extracts are sealed to.", KeysGenerateCommand.Create(clock), KeysRegisterCommand.Create()),
            PullCommand.Create(),
            Group("watch", "Follows what changes.", WatchProjectsCommand.Create()),
            Group(
                "erratum", "Caveats and faults in results.",
                ErratumRegisterCommand.Create(), ErratumListCommand.Create(), ErratumWithdrawCommand.Create(), ErratumAffectedCommand.Create(), ErratumWatchCommand.Create()),
            DocsCommand.Create(),
            FiguresCommand.Create(),
            RecordCommand.Create(),
            IncidentCommand.Create(),
            ReuseCommand.Create(),
            DueCommand.Create(),
            ConfirmDeletionCommand.Create(clock),
            ConfirmArchivalCommand.Create(clock),
            ConfirmPartDeletionCommand.Create(clock),
            CloseCommand.Create(),
            Group("confirmation", "Saved confirmations.", ConfirmationVerifyCommand.Create()),
            Group(
                "log", "The transfer log.",
                LogListCommand.Create(), LogWatchCommand.Create(), LogVerifyCommand.Create(), LogProveCommand.Create(),
                LogExportCommand.Create(), LogFsckCommand.Create(), LogCosignCommand.Create()),
            Group("catalogue", "Tests, variables and publications.", CatalogueTestsCommand.Create(), CatalogueVariablesCommand.Create(), CataloguePublicationsCommand.Create()),
            PublishCommand.Create(),
        };
        ExampleHelp.AddTo(root);
        return root;
    }

    private static Command Group(string name, string description, params IEnumerable<Command> commands)
    {
        var group = new Command(name, description);
        foreach (var command in commands)
        {
            group.Subcommands.Add(command);
        }

        return group;
    }
}
