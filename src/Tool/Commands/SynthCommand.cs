using System.CommandLine;
using System.Text.Json;
using Delivery.Client.Synthetic;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery synth</c>: made-up results as a file that <c>delivery import</c> takes.</summary>
internal static class SynthCommand
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public static Command Create(TimeProvider clock)
    {
        var rows = new Option<long>("--rows") { Description = $"How many results, up to {SyntheticResults.RowsMax}; 8300000 is the real scale.", HelpName = "N", Required = true };
        var file = new Option<string>("--out") { Description = "The CSV file to write.", HelpName = "FILE.csv", Required = true };
        var seed = new Option<ulong>("--seed") { Description = "Same seed, same file.", HelpName = "S", DefaultValueFactory = _ => 1 };
        var voluntary = new Option<double>("--voluntary-share") { Description = "Share of the rows, 0 to 1, from voluntary tests, which never leave the server.", HelpName = "SHARE" };
        var faults = new Option<double>("--faults") { Description = "Percentage of the rows, 0 to 100, that are made faulty, every kind of fault as often as the others.", HelpName = "PERCENT" };
        var faultSeed = new Option<ulong>("--fault-seed") { Description = "Same seed, same faults.", HelpName = "S", DefaultValueFactory = _ => 1 };
        var expect = new Option<string?>("--expect") { Description = "With --faults: a JSON file of what an import of the file must find.", HelpName = "FILE.json" };
        faults.Validators.Add(result =>
        {
            if (result.GetValue(faults) is not (>= 0 and <= 100))
            {
                result.AddError("--faults is from 0 to 100");
            }
        });
        rows.Validators.Add(result =>
        {
            if (result.GetValue(rows) is < 1 or > SyntheticResults.RowsMax)
            {
                result.AddError($"--rows is from 1 to {SyntheticResults.RowsMax}");
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
            "synth",
            "Writes made-up results of all tests and school years as CSV. Every civil registration number has 60 added to the day, outside the register's range.",
            ["delivery synth --rows 200000 --out results.csv", "delivery synth --rows 8300000 --seed 7 --out full.csv", "delivery synth --rows 8300000 --faults 2 --fault-seed 1 --out faulty.csv --expect expected.json"])
        {
            rows, file, seed, voluntary, faults, faultSeed, expect,
        };
        return command.Runs(async (parse, terminal, cancellation) =>
        {
            var start = clock.GetTimestamp();
            var results = new SyntheticResults(parse.GetRequiredValue(rows), parse.GetRequiredValue(seed), parse.GetValue(voluntary));
            var path = parse.GetRequiredValue(file);
            await using var output = File.Create(path);
            var seeded = parse.GetValue(faults) > 0 || parse.GetValue(expect) is not null ? new SyntheticFaults(parse.GetValue(faults) / 100, parse.GetValue(faultSeed)) : null;
            var written = await SyntheticCsvWriter.WriteAsync(results, output, seeded, cancellation);
            if (parse.GetValue(expect) is { } expected)
            {
                await File.WriteAllTextAsync(expected, JsonSerializer.Serialize(seeded!.Expected, Json) + "\n", cancellation);
            }

            var seconds = clock.GetElapsedTime(start).TotalSeconds;
            terminal.Say($"{Quantity.Count(written)} made-up results, {Quantity.Bytes(output.Length)}, in {Quantity.Seconds(seconds)}");
            terminal.Answer(new { File = Path.GetFullPath(path), Rows = written, Faults = seeded?.Expected.Faults ?? 0, Bytes = output.Length, Seconds = Math.Round(seconds, 3) }, path);
            return ExitCode.Done;
        });
    }
}
