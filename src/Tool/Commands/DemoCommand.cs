using System.CommandLine;
using Delivery.Client.Synthetic;
using Delivery.Tool.CommandLine;
using Delivery.Tool.Demonstration;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery demo</c>: everything once, in one process.</summary>
internal static class DemoCommand
{
    private const long DefaultRows = 200_000;

    // Below this some of the tests of the usual project have no row at all, and there is nothing to show.
    private const long RowsMin = 1_000;

    public static Command Create(TimeProvider clock)
    {
        var rows = new Option<long>("--rows") { Description = "How many made-up results; 8300000 is the real scale.", HelpName = "N", DefaultValueFactory = _ => DefaultRows };
        var all = new Option<bool>("--all") { Description = "Deliver everything that may be delivered: all 170 tests and school years, every variable." };
        var output = new Option<string?>("--out") { Description = "Folder to keep certificates, data and results in. Default: a temporary one that is removed.", HelpName = "DIR" };
        var voluntary = new Option<double>("--voluntary-share") { Description = "Share of the results, 0 to 1, from voluntary tests, which never leave.", HelpName = "SHARE" };
        rows.Validators.Add(result =>
        {
            if (result.GetValue(rows) is < RowsMin or > SyntheticResults.RowsMax)
            {
                result.AddError($"--rows is from {RowsMin} to {SyntheticResults.RowsMax}");
            }
        });
        voluntary.Validators.Add(result =>
        {
            if (result.GetValue(voluntary) is not (>= 0 and <= 1))
            {
                result.AddError("--voluntary-share is from 0 to 1");
            }
        });
        var command = new ToolCommand(
            "demo",
            "Shows the whole product on its real parts: certificates, server, import, approval, sealed delivery, proof, deletion, closure. Exit 0 only if every step held.",
            ["delivery demo", "delivery demo --rows 8300000 --all --out demo --json"])
        {
            rows, all, output, voluntary,
        };
        return command.Runs(async (parse, terminal, cancellation) =>
        {
            using var folder = DemoFolder.Open(parse.GetValue(output));
            var order = new DemoOrder(parse.GetRequiredValue(rows), parse.GetValue(voluntary), parse.GetValue(all));
            var report = await new Demo(order, folder, clock, terminal).RunAsync(cancellation);
            terminal.Say($"Everything held. Peak memory of server and client together: {Quantity.Bytes(report.PeakWorkingSetBytes)}, managed heap {Quantity.Bytes(report.PeakManagedHeapBytes)}.");
            terminal.Answer(report, Lines(report));
            return ExitCode.Done;
        });
    }

    private static IEnumerable<string> Lines(DemoReport report) => report.OutputKept
        ? report.OutputFiles
        : [$"{Quantity.Count(report.RowsDelivered)} rows delivered, proven and deleted; nothing is left behind (--out DIR keeps it)"];
}
