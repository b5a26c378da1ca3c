using System.Text.RegularExpressions;
using System.Xml.Linq;
using Delivery.Protocol.Documentation;
using Delivery.Protocol.Domain;
using Delivery.Server.Extracts;

namespace Delivery.Tests.Documentation;

public partial class CodebookTests
{
    private static readonly Scope Narrow = new(
        [new Selection(Programme.NT, Subject.English, [7], [new SchoolYear(2013), new SchoolYear(2014)])],
        [new("cpr_number", "x"), new("recalculated_ability_logit", "x"), new("recalculated_ability_standard_error", "x"), new("profile_area_1_logit", "x"), new("profile_area_1_standard_error", "x")],
        Population.All);

    public static TheoryData<bool> Languages { get; } = [true, false];

    [Fact]
    public void A_codebook_keeps_to_the_structure_of_its_standard() => Assert.Multiple(
        () => Assert.Empty(DdiStructure.Wrong(Ddi(SampleCodebook.Everything))),
        () => Assert.Empty(DdiStructure.Wrong(Ddi(Narrow))));

    [Fact]
    public void An_element_out_of_its_place_is_noticed()
    {
        var document = Ddi(Narrow);
        var variable = document.Descendants(DdiStructure.Namespace + "var").First();
        var label = variable.Elements().First();
        label.Remove();
        variable.Add(label);
        Assert.NotEmpty(DdiStructure.Wrong(document));
        variable.Attribute("name")!.Remove();
        Assert.Contains(DdiStructure.Wrong(document), wrong => wrong.Contains("lacks name", StringComparison.Ordinal));
    }

    [Fact]
    public void A_codebook_has_the_projects_variables_and_no_other()
    {
        Assert.Equal(Narrow.Variables.Select(variable => variable.Code), Names(Ddi(Narrow)));
        Assert.Equal(
            VariableAvailability.Schema(Programme.NT).ToList().Concat(VariableAvailability.Schema(Programme.FNO).ToList()).Select(variable => variable.Code),
            Names(Ddi(SampleCodebook.Everything)));
        Assert.Equal(Narrow.Variables.Select(variable => variable.Code), Rows(CodebookMarkdown.Write(SampleCodebook.Of(Narrow), isDanish: true), "### Variable").Select(row => row[0]));
    }

    [Fact]
    public void Schema_page_and_codebook_say_the_same_of_every_column()
    {
        foreach (var programme in Programmes.All)
        {
            var schema = new ExtractSchema(SampleCodebook.Everything, programme, []).Arrow;
            var scope = SampleCodebook.Everything.RestrictedTo(programme);
            var variables = Ddi(scope).Descendants(DdiStructure.Namespace + "var").ToList();
            Assert.Equal(schema.Fields.Select(field => field.Name), variables.Select(variable => (string)variable.Attribute("name")!));
            foreach (var isDanish in (bool[])[true, false])
            {
                var language = isDanish ? "da" : "en";
                var rows = Rows(CodebookMarkdown.Write(SampleCodebook.Of(scope), isDanish), isDanish ? "### Variable" : "### Variables");
                Assert.Equal(schema.Fields.Length, rows.Count);
                foreach (var (field, variable, row) in schema.Fields.Zip(variables, rows))
                {
                    Assert.Equal(
                        (field.Name, field.Metadata.Find($"label_{language}"), field.Metadata.Find("unit"), field.Metadata.Find($"values_{language}")), (row[0], row[1], row[3], row[4]));
                    Assert.Equal(field.Metadata.Find($"label_{language}"), Text(variable, "labl", language));
                    Assert.Equal(field.Metadata.Find($"values_{language}"), variable.Elements(DdiStructure.Namespace + "notes")
                        .Single(note => (string?)note.Attribute("type") == "values" && (string?)note.Attribute(XNamespace.Xml + "lang") == language).Value);
                    Assert.Equal(field.Metadata.Find("unit"), (string?)variable.Attribute("measUnit") ?? "");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void A_page_says_what_a_reader_must_know(bool isDanish)
    {
        var page = CodebookMarkdown.Write(SampleCodebook.Of(SampleCodebook.Everything), isDanish);
        Assert.All(ComparabilityRules.For(SampleCodebook.Everything), warning => Assert.Contains(isDanish ? warning.Text.Danish : warning.Text.English, page, StringComparison.Ordinal));
        Assert.All(ConditionsOfUse.Use.Concat(ConditionsOfUse.Publication), condition => Assert.Contains(isDanish ? condition.Text.Danish : condition.Text.English, page, StringComparison.Ordinal));
        Assert.All(TestCatalogue.Tests, test => Assert.Contains($"| {test} |", page, StringComparison.Ordinal));
        Assert.All(Scales.All, scale => Assert.Contains(isDanish ? scale.Description.Danish : scale.Description.English, page, StringComparison.Ordinal));
        Assert.All(ValueLabels.CriterionLevels, level => Assert.Contains($"| {level.Value} | {(isDanish ? level.Label.Danish : level.Label.English)} |", page, StringComparison.Ordinal));
        Assert.Contains(isDanish ? "retningslinjernes afsnit 4" : "guidelines, section 4", page, StringComparison.Ordinal);
        Assert.Contains("| E-1 |", page, StringComparison.Ordinal);
        Assert.Contains("E_CPR_FORMAT 2, I_VOLUNTARY 25", page, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void A_page_is_in_one_language(bool isDanish)
    {
        var page = CodebookMarkdown.Write(SampleCodebook.Of(SampleCodebook.Everything), isDanish);
        Assert.All(
            VariableCatalogue.All.Where(variable => variable.Description.Danish != variable.Description.English),
            variable => Assert.DoesNotContain($"| {(isDanish ? variable.Description.English : variable.Description.Danish)} |", page, StringComparison.Ordinal));
    }

    [Fact]
    public void What_came_from_outside_cannot_pass_for_markup()
    {
        var page = CodebookMarkdown.Write(SampleCodebook.Of(SampleCodebook.Everything), isDanish: true);
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<test>", page, StringComparison.Ordinal);
        Assert.Contains(@"Instituttet \| for &lt;test&gt; &amp; \*måling\*", page, StringComparison.Ordinal);
        Assert.All(Tables(page), table => Assert.Single(table.Select(line => Bars().Count(line)).Distinct()));
    }

    [Fact]
    public void Where_a_column_has_no_values_it_is_said()
    {
        var row = Rows(CodebookMarkdown.Write(SampleCodebook.Of(Narrow), isDanish: false), "### Variables").Single(row => row[0] == "recalculated_ability_logit");
        Assert.Equal("NT-ENG-7 2014/15", row[6]);
    }

    [Theory]
    [InlineData("NT-DAN-2-2014 NT-DAN-2-2015 NT-DAN-2-2016", "NT-DAN-2 2014/15–2016/17")]
    [InlineData("NT-DAN-2-2014 NT-DAN-2-2016 NT-DAN-4-2016", "NT-DAN-2 2014/15, 2016/17; NT-DAN-4 2016/17")]
    [InlineData("", "")]
    public void Runs_of_years_are_drawn_together(string partitions, string text) => Assert.Equal(
        text,
        PartitionText.Of(partitions.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(part => PartitionKey.TryParse(part, out var key) ? key : throw new FormatException(part))));

    private static XDocument Ddi(Scope scope) => XDocument.Load(new MemoryStream(CodebookDdi.Write(SampleCodebook.Of(scope))));

    private static IEnumerable<string> Names(XDocument document) => document.Descendants(DdiStructure.Namespace + "var").Select(variable => (string)variable.Attribute("name")!);

    private static string? Text(XElement element, string name, string language) =>
        element.Elements(DdiStructure.Namespace + name).SingleOrDefault(child => (string?)child.Attribute(XNamespace.Xml + "lang") == language)?.Value;

    // The cells of the table that follows a heading.
    private static List<string[]> Rows(string page, string heading) =>
        [.. page[page.IndexOf(heading + "\n", StringComparison.Ordinal)..].Split('\n').Skip(2).TakeWhile(line => line.StartsWith('|')).Skip(2).Select(line => line[2..^2].Split(" | "))];

    private static IEnumerable<string[]> Tables(string page) =>
        page.Split("\n\n").Where(block => block.StartsWith('|')).Select(block => block.Split('\n', StringSplitOptions.RemoveEmptyEntries));

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex Bars();
}
