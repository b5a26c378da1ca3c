using System.Diagnostics;
using System.Text.Json.Nodes;
using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.V1;
using Delivery.Tests.Arrow;

namespace Delivery.EndToEnd.Interop;

/// <summary>What we deliver as Arrow is, read by the Arrow project's own implementation, what we deliver as CSV.</summary>
public abstract class ArrowAgainstCsvTests(ServedResults served) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("delivery-interop-");

    [NodeFact]
    public async Task Every_cell_of_an_Arrow_output_is_the_cell_of_the_CSV()
    {
        var server = served.Server;
        await new CatalogueService.CatalogueServiceClient(server.Channel("stil-approvals")).PublishNationalResultsAsync(new PublishNationalResultsRequest
        {
            Programme = Programme.Fno, SchoolYear = 2024, PublishedOn = SampleApproval.Day(server.Clock.Today), Source = "uddannelsesstatistik.dk",
        });
        await PulledKeys.MakeAsync(server);
        await server.PushAsync(SampleApproval.WideOf(server, "INTEROP-NT"));
        var transition = SampleApproval.TransitionOf(server, "INTEROP-FNO", 2024);
        transition.Scope.Variables.Add(SampleApproval.Ask("institution_number", "tested_at", "subject", "grade", "school_year", "programme", "test_code"));
        await server.PushAsync(transition);
        foreach (var project in new[] { "INTEROP-NT", "INTEROP-FNO" })
        {
            await PullAsync(project, ".csv");
            foreach (var form in new[] { ".arrow", ".arrows" })
            {
                await PullAsync(project, form);
                Check(await CompareAsync(At(project + form), At(project + ".csv")), File.ReadLines(At(project + ".csv")).Count() - 1, project);
            }
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static void Check(JsonNode compared, int rows, string project)
    {
        Assert.Equal(rows, (int)compared["rows"]!);
        Assert.InRange((int)compared["batch_rows_max"]!, 1, 65_536);
        Assert.True(rows > 50, "Too few rows to prove anything.");
        var columns = compared["columns"]!.AsArray();
        Assert.All(columns, column => Assert.Equal(rows, (int)column!["values"]! + (int)column["nulls"]!));
        Assert.All(columns, column => Assert.True((int)column!["values"]! > 0, $"Column {column["name"]} has no value at all."));
        if (project == "INTEROP-NT")
        {
            Assert.Contains(columns, column => (int)column!["nulls"]! > 0);
            Assert.NotEmpty((string)compared["metadata"]!["delivery:comparability"]!);
        }

        string[] types = [.. columns.Select(column => ((string)column!["type"]!).Split('<', '[')[0]).Distinct()];
        Assert.Contains("Dictionary", types);
        Assert.Contains(types, type => type.StartsWith("Timestamp", StringComparison.Ordinal));
        Assert.Contains(types, type => type.StartsWith("FixedSizeBinary", StringComparison.Ordinal));
        Assert.Contains("Float64", types);
        var codes = ((string)compared["metadata"]!["delivery:comparability"]!).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        foreach (var language in new[] { "da", "en" })
        {
            var notes = ((string)compared["metadata"]![$"delivery:comparability_{language}"]!).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(codes, notes.Select(note => note.Split(':')[0]));
            Assert.All(compared["fields"]!.AsArray(), field => Assert.NotEmpty((string)field![$"label_{language}"]!));
        }

        Assert.All(compared["fields"]!.AsArray(), field => Assert.NotNull(field!["unit"]));
    }

    private static async Task<JsonNode> CompareAsync(string arrow, string csv)
    {
        using var node = Process.Start(new ProcessStartInfo("node", ["compare.mjs", arrow, csv])
        {
            WorkingDirectory = NodeFactAttribute.Folder, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var complaints = node.StandardError.ReadToEndAsync();
        var said = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        Assert.True(node.ExitCode == 0, await complaints);
        return JsonNode.Parse(said)!;
    }

    private async Task PullAsync(string project, string form)
    {
        var answer = await ToolRun.DoneAsync(served.Server, "pull", project, "--out", At(project + form));
        Assert.True((long)answer[0]!["rows"]! > 0);
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);
}

public sealed class ArrowAgainstCsvTestsOnSqlite(ServedOnSqlite served) : ArrowAgainstCsvTests(served), IClassFixture<ServedOnSqlite>;

[NeedsPostgres]
public sealed class ArrowAgainstCsvTestsOnPostgres(ServedOnPostgres served) : ArrowAgainstCsvTests(served), IClassFixture<ServedOnPostgres>;
