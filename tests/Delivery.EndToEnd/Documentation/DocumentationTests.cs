using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.V1;
using Grpc.Core;
using Microsoft.VisualBasic.FileIO;
using Subject = Delivery.Protocol.V1.Subject;

namespace Delivery.EndToEnd.Documentation;

/// <summary>The documentation of a project is about what that project has.</summary>
public abstract class DocumentationTests(ServedResults served) : IDisposable
{
    private readonly RunningServer _server = served.Server;
    private readonly Errata _errata = new(served.Server);
    private readonly TypedPull _pull = new(served.Server);

    public void Dispose() => _pull.Dispose();

    [Fact]
    public async Task The_documents_of_a_project_are_about_its_variables_tests_and_years_and_no_other()
    {
        await _errata.ApproveAsync("DOCUMENTED");
        await _errata.RegisterAsync(Errata.About("E-DOCUMENTED"));
        await _errata.RegisterAsync(Errata.About("E-ELSEWHERE", 2020));
        var answer = await ToolRun.DoneAsync(_server, "docs", "DOCUMENTED", "--out", _pull.At("docs"));
        Assert.Equal(
            ["documentation.da.md", "documentation.en.md", "codebook.ddi.xml", "results.csv-metadata.json"], answer["files"]!.AsArray().Select(file => Path.GetFileName((string)file!)));

        var wanted = SampleApproval.Of(_server, "X").Scope.Variables.Select(variable => variable.Code);
        XNamespace ddi = "ddi:codebook:2_5";
        var codebook = XDocument.Load(_pull.At("docs/codebook.ddi.xml"));
        Assert.Equal(wanted, codebook.Descendants(ddi + "var").Select(variable => (string)variable.Attribute("name")!));
        foreach (var page in (string[])[File.ReadAllText(_pull.At("docs/documentation.da.md")), File.ReadAllText(_pull.At("docs/documentation.en.md")), codebook.ToString()])
        {
            Assert.Contains("NT-DAN-2", page, StringComparison.Ordinal);
            Assert.DoesNotContain("NT-MAT", page, StringComparison.Ordinal);
            Assert.DoesNotContain("points_0_50", page, StringComparison.Ordinal);
            Assert.DoesNotContain("FNO-", page, StringComparison.Ordinal);
            Assert.Contains("E-DOCUMENTED", page, StringComparison.Ordinal);
            Assert.DoesNotContain("E-ELSEWHERE", page, StringComparison.Ordinal);
            Assert.Contains("first", page, StringComparison.Ordinal);
        }

        // A second time needs leave to replace what is there.
        Assert.Equal(2, (await ToolRun.AgainstAsync(_server, "docs", "DOCUMENTED", "--out", _pull.At("docs"))).Code);
        await ToolRun.DoneAsync(_server, "docs", "DOCUMENTED", "--out", _pull.At("docs"), "--force");
    }

    [Fact]
    public async Task After_a_delivery_the_imports_named_are_those_it_read()
    {
        await _errata.ApproveAsync("READ-BEFORE", approval => approval.Scope.Selections[0].Grades.Remove(2));
        await _errata.DeliverAsync(served.Recipient, "READ-BEFORE");
        await _errata.CorrectAsync(served.File, "NT-DAN-4", 2015, "documented-later");

        var answer = await ToolRun.DoneAsync(_server, "docs", "READ-BEFORE", "--out", _pull.At("before"));
        Assert.Equal((true, "READ-BEFORE-V1-NT-1"), ((bool)answer["extracts"]![0]!["is_delivered"]!, (string)answer["extracts"]![0]!["extract_id"]!));
        Assert.DoesNotContain("documented-later", File.ReadAllText(_pull.At("before/documentation.en.md")), StringComparison.Ordinal);

        await _errata.ApproveAsync("READ-AFTER", approval => approval.Scope.Selections[0].Grades.Remove(2));
        await ToolRun.DoneAsync(_server, "docs", "READ-AFTER", "--out", _pull.At("after"));
        Assert.Contains("documented-later", File.ReadAllText(_pull.At("after/documentation.en.md")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_documents_a_project_that_is_not_theirs()
    {
        await _errata.ApproveAsync("OTHERS", approval => approval.Controller.Cvr = approval.Signature.Cvr = "20000007");
        var administrator = new DocumentationService.DocumentationServiceClient(_server.Channel("administrator"));
        await RefusedCall.ExpectAsync("R01", StatusCode.NotFound, async () => await administrator.GetDocumentationAsync(new GetDocumentationRequest { ProjectId = "OTHERS" }));
        await RefusedCall.ExpectAsync("R01", StatusCode.NotFound, async () => await administrator.GetDocumentationAsync(new GetDocumentationRequest { ProjectId = "NOWHERE" }));
    }

    [Fact]
    public async Task The_metadata_beside_a_csv_describes_it_cell_by_cell()
    {
        await _errata.ApproveAsync(
            "TABULAR",
            approval =>
            {
                approval.Scope = SampleApproval.WideOf(_server, "X").Scope;
                approval.Scope.Selections.Add(SampleApproval.Select(Programme.Fno, Subject.DanishReading, [2, 8], [2023]));
                approval.Scope.Variables.Add(SampleApproval.Ask("ability_logit", "ability_standard_error"));
            },
            ["C1", "C3", "C4"]);
        await _pull.IntoAsync("TABULAR", "results.csv");
        await ToolRun.DoneAsync(_server, "docs", "TABULAR", "--out", _pull.At("tabular"));
        foreach (var name in (string[])["results.nt.csv", "results.fno.csv"])
        {
            var described = File.ReadAllBytes(_pull.At($"{name}-metadata.json"));
            Assert.Equal(described, File.ReadAllBytes(_pull.At($"tabular/{name}-metadata.json")));
            Assert.True(Describes(JsonNode.Parse(described)!, name) > 30, "The file should hold some rows.");
        }
    }

    // Reads the file by its description alone; the number of rows that fit it.
    private int Describes(JsonNode metadata, string name)
    {
        Assert.Equal(("http://www.w3.org/ns/csvw", name), ((string?)metadata["@context"], (string?)metadata["url"]));
        var dialect = metadata["dialect"]!;
        Assert.Equal(("utf-8", true, 1), ((string?)dialect["encoding"], (bool)dialect["header"]!, (int)dialect["headerRowCount"]!));
        var columns = metadata["tableSchema"]!["columns"]!.AsArray();
        using var csv = new TextFieldParser(_pull.At(name)) { TextFieldType = FieldType.Delimited, Delimiters = [(string)dialect["delimiter"]!], HasFieldsEnclosedInQuotes = true, TrimWhiteSpace = false };
        var header = csv.ReadFields()!;
        Assert.Equal(columns.Select(column => (string)column!["name"]!), header);
        Assert.Equal(columns.Select(column => (string)column!["titles"]!), header);
        var rows = 0;
        for (; csv.ReadFields() is { } record; rows++)
        {
            Assert.Equal(columns.Count, record.Length);
            foreach (var (column, cell) in columns.Zip(record))
            {
                Assert.True(Fits(column!, cell), $"{column!["name"]} of row {rows} is not what was described.");
            }
        }

        return rows;
    }

    private static bool Fits(JsonNode column, string cell)
    {
        if (cell == (string?)column["null"])
        {
            return !(bool)column["required"]!;
        }

        var type = column["datatype"]!;
        var format = (string?)type["format"];
        return (string)type["base"]! switch
        {
            "string" => format is null || Regex.IsMatch(cell, $"^(?:{format})$"),
            "byte" => sbyte.TryParse(cell, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
                && (type["minimum"] is not { } minimum || whole >= (int)minimum) && (type["maximum"] is not { } maximum || whole <= (int)maximum),
            "double" => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _),
            "dateTime" => DateTime.TryParseExact(cell, format!.Replace("T", "'T'", StringComparison.Ordinal), CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            _ => false,
        };
    }
}

public sealed class DocumentationTestsOnSqlite(ServedOnSqlite served) : DocumentationTests(served), IClassFixture<ServedOnSqlite>;

[NeedsPostgres]
public sealed class DocumentationTestsOnPostgres(ServedOnPostgres served) : DocumentationTests(served), IClassFixture<ServedOnPostgres>;
