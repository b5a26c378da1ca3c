using Delivery.Protocol.Domain;
using Delivery.Protocol.Domain.Errata;
using static Delivery.Protocol.Documentation.MarkdownPage;

namespace Delivery.Protocol.Documentation;

/// <summary>A codebook as a page for people, in Danish or English.</summary>
internal sealed class CodebookMarkdown
{
    private readonly Codebook _book;
    private readonly MarkdownPage _page;

    private CodebookMarkdown(Codebook book, MarkdownPage page) => (_book, _page) = (book, page);

    /// <summary>The page, ended by a line feed.</summary>
    public static string Write(Codebook book, bool isDanish)
    {
        var page = new MarkdownPage(isDanish);
        var writer = new CodebookMarkdown(book, page);
        writer.Head();
        foreach (var data in book.Data)
        {
            writer.Data(data);
        }

        writer.Warnings();
        writer.Conditions();
        return page.ToString();
    }

    private void Head()
    {
        _page.Heading(1, $"Dokumentation af data til projekt {_book.ProjectId}", $"Documentation of the data of project {_book.ProjectId}");
        _page.Table(
            [_page.Say("Oplysning", "Item"), _page.Say("Værdi", "Value")],
            [
                [_page.Say("Godkendelse", "Approval"), _page.Say($"STIL's sag {_book.CaseNumber}, version {_book.ApprovalVersion}", $"STIL's case {_book.CaseNumber}, version {_book.ApprovalVersion}")],
                [_page.Say("Dataansvarlig", "Controller"), $"{_book.ControllerName} (CVR {_book.ControllerCvr})"],
                [_page.Say("Modtager", "Recipient"), _page.Say($"Danmarks Statistik, projekt {_book.DstProjectNumber}", $"Statistics Denmark, project {_book.DstProjectNumber}")],
                [_page.Say("Godkendt periode", "Approved period"), $"{IsoDay.Text(_book.PeriodFrom)} – {IsoDay.Text(_book.PeriodTo)}"],
                [_page.Say("Slettes senest", "To be deleted by"), IsoDay.Text(_book.DeletionDue)],
                [_page.Say("Beskriver", "Describes"), IsoDay.Text(_book.MadeOn)],
            ]);
    }

    private void Data(CodebookData data)
    {
        _page.Paragraph($"## {_page.Say(data.Programme.Label())} ({data.Programme.Code()})");
        _page.Paragraph(data.IsDelivered
            ? _page.Say($"Beskriver udtrækket {data.ExtractId}, som det blev læst.", $"Describes the extract {data.ExtractId} as it was read.")
            : _page.Say($"Beskriver udtrækket {data.ExtractId}, som det ville blive læst nu.", $"Describes the extract {data.ExtractId} as it would be read now."));
        Variables(data);
        ValueLists(data);
        Tests(data);
        ScaleList(data);
        Errata(data);
        Quality(data);
    }

    private void Variables(CodebookData data)
    {
        _page.Heading(3, "Variable", "Variables");
        _page.Table(
            [_page.Say("Navn", "Name"), _page.Say("Titel", "Title"), _page.Say("Type", "Type"), _page.Say("Enhed", "Unit"), _page.Say("Værdier", "Values"), _page.Say("Beskrivelse", "Description"), _page.Say("Findes i", "Exists in")],
            data.Columns.Select(column => (IReadOnlyList<string>)
            [
                column.Code, _page.Say(column.Label), _page.Say(column.Type.Label()), column.Unit, _page.Say(column.Values), _page.Say(column.Description),
                data.With(column).Count == data.Partitions.Count ? _page.Say("alle test og skoleår", "every test and year")
                    : data.With(column).Count == 0 ? _page.Say("ingen af projektets test", "none of the project's tests")
                    : PartitionText.Of(data.With(column)),
            ]));
        if (data.Columns.Any(column => column.Id == VariableId.CprNumber))
        {
            _page.Paragraph(_page.Say(
                "`cpr_number` åbnes alene af Danmarks Statistik og er i den udleverede fil erstattet af kolonnen `pseudonym` (16 byte; i tekst 26 tegn base32).",
                "`cpr_number` is opened by Statistics Denmark alone; in the file handed over the column `pseudonym` stands in its place (16 bytes; as text 26 characters of base32)."));
        }

        _page.Paragraph(_page.Say("Hvor en variabel ikke findes, er værdien null (tom i CSV), aldrig 0.", "Where a variable does not exist the value is null (empty in CSV), never 0."));
    }

    private void ValueLists(CodebookData data)
    {
        foreach (var column in data.Columns)
        {
            if (ValueLabels.Of(column.Id, data.Keys) is { Count: > 0 } values)
            {
                _page.Paragraph($"#### {_page.Say("Værdier af", "Values of")} `{column.Code}`");
                _page.Table([_page.Say("Værdi", "Value"), _page.Say("Betydning", "Meaning")], values.Select(value => (IReadOnlyList<string>)[value.Value, _page.Say(value.Label)]));
            }
        }
    }

    private void Tests(CodebookData data)
    {
        _page.Heading(3, "Test", "Tests");
        _page.Table(
            [_page.Say("Test", "Test"), _page.Say("Titel", "Title"), _page.Say("Form", "Form"), _page.Say("Varighed", "Duration"), _page.Say("Skoleår", "School years"), _page.Say("Profilområder", "Profile areas")],
            data.Tests.Select(test => (IReadOnlyList<string>)
            [
                test.ToString(),
                _page.Say(ValueLabels.Title(test)),
                _page.Say(TestTexts.Form(test.Programme)),
                TestCatalogue.Duration(test) is { } duration ? $"{duration.TotalMinutes:0} min" : _page.Say("ikke fast", "not fixed"),
                PartitionText.Of(data.Keys.Where(key => key.TestCode == test))[(test.ToString().Length + 1)..],
                _page.Say(TestTexts.ProfileAreas(test)),
            ]));
        _page.Table(
            [_page.Say("Skoleår", "School year"), _page.Say("Testperiode", "Test window")],
            data.Keys.Select(key => key.SchoolYear).Distinct().Order().Select(year => (IReadOnlyList<string>)[year.ShortText, _page.Say(TestTexts.Window(year))]));
    }

    private void ScaleList(CodebookData data)
    {
        _page.Heading(3, "Skalaer", "Scales");
        var columns = VariableSet.Of([.. data.Columns.Select(column => column.Id)]);
        _page.List(Scales.Of(columns).Select(scale =>
            $"**{_page.Say(scale.Label)}** ({string.Join(", ", scale.Variables.And(columns).ToList().Select(column => $"`{column.Code}`"))}): {_page.Say(scale.Description)} {Cited(scale.Section)}"));
    }

    private void Errata(CodebookData data)
    {
        _page.Heading(3, "Fejl og forbehold (errata)", "Errata");
        if (data.Errata.Count == 0)
        {
            _page.Paragraph(_page.Say("Ingen registreret.", "None registered."));
            return;
        }

        _page.Table(
            ["Id", _page.Say("Art", "Kind"), _page.Say("Gælder", "Concerns"), _page.Say("Kolonner", "Columns"), _page.Say("Tekst", "Text"), _page.Say("Blad i loggen", "Leaf of the log")],
            data.Errata.Select(known => (IReadOnlyList<string>)
            [
                known.Erratum.Id,
                _page.Say(known.Erratum.Severity.Label()),
                PartitionText.Of(known.Hits.Select(hit => hit.Partition)),
                string.Join(", ", known.Hits.Aggregate(default(VariableSet), (all, hit) => all.Or(hit.Columns)).ToList().Select(column => column.Code)),
                _page.Say(known.Erratum.Text),
                Count(known.LogIndex),
            ]));
    }

    private void Quality(CodebookData data)
    {
        _page.Heading(3, "Kilde og kvalitet", "Source and quality");
        _page.Table(
            [
                _page.Say("Test og skoleår", "Test and year"), _page.Say("Kilde", "Source"), _page.Say("Indlæsning", "Import"), _page.Say("Rækker", "Rows"),
                _page.Say("Afviste", "Refused"), _page.Say("Frivillige, udleveres ikke", "Voluntary, not delivered"), _page.Say("Bemærkninger (rækker)", "Remarks (rows)"),
            ],
            data.Partitions.Select(partition => (IReadOnlyList<string>)(partition.Quality is not { } quality
                ? [partition.Partition.ToString(), _page.Say("ikke indlæst", "not imported"), "", "", "", "", ""]
                : [
                    partition.Partition.ToString(), quality.SourceDeliveryId, Count(partition.Generation), Count(quality.Rows), Count(quality.RejectedRows), Count(quality.VoluntaryRows),
                    string.Join(", ", quality.Findings.Select(finding => $"{finding.Code} {finding.Rows}")),
                ])));
        var codes = data.Partitions.SelectMany(partition => partition.Quality?.Findings ?? []).Select(finding => finding.Code).Distinct().Order(StringComparer.Ordinal)
            .Select(ReasonCatalogue.Find).OfType<ReasonCode>();
        _page.List(codes.Select(code => $"`{code.Code}`: {_page.Say(code.Message)}"));
    }

    private void Warnings()
    {
        _page.Heading(2, "Sammenlignelighed", "Comparability");
        _page.List(_book.Warnings.Select(warning => $"**{warning.Code}** {_page.Say(warning.Text)} {Cited(warning.Section)}"));
    }

    private void Conditions()
    {
        _page.Heading(2, "Betingelser for brug", "Conditions of use");
        _page.List(ConditionsOfUse.Use.Select(condition => $"{_page.Say(condition.Text)} {Cited(condition.Section)}"));
        _page.Heading(2, "Offentliggørelse", "Publication");
        _page.List(ConditionsOfUse.Publication.Select(condition => $"{_page.Say(condition.Text)} {Cited(condition.Section)}"));
    }

    // A section of the guidelines has a number; other sources say what they are.
    private string Cited(string section) => char.IsAsciiDigit(section[0])
        ? _page.Say($"(retningslinjernes afsnit {section})", $"(guidelines, section {section})")
        : section == "public notice" ? _page.Say("(offentlig meddelelse)", "(public notice)")
        : _page.Say("(systemets egen regel)", "(the system's own rule)");
}
