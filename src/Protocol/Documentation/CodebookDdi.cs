using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Delivery.Protocol.Domain;
using Delivery.Protocol.Domain.Errata;

namespace Delivery.Protocol.Documentation;

/// <summary>
/// A codebook as DDI Codebook 2.5 XML (ddialliance.org), Danish and English beside each other. Elements stand in the order the standard's schema
/// asks for; a test holds them to it.
/// </summary>
internal static class CodebookDdi
{
    private static readonly XNamespace Ddi = "ddi:codebook:2_5";

    /// <summary>The document, UTF-8.</summary>
    public static byte[] Write(Codebook book)
    {
        var document = new XDocument(
            new XDeclaration("1.0", "utf-8", null),
            new XElement(
                Ddi + "codeBook",
                new XAttribute("version", "2.5"),
                new XAttribute(XNamespace.Xml + "lang", "da"),
                Study(book),
                book.Data.Select(File),
                book.Data.Select(Variables)));
        using var bytes = new MemoryStream();
        using (var text = new StreamWriter(bytes, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" })
        {
            document.Save(text);
            text.WriteLine();
        }

        return bytes.ToArray();
    }

    private static XElement Study(Codebook book) => Element(
        "stdyDscr",
        Citation(book),
        Element(
            "stdyInfo",
            Both("abstract", Abstract(book)),
            Element(
                "sumDscr",
                Years(book).Select(year => Element("timePrd", new XAttribute("event", "single"), new XAttribute("date", IsoDay.Text(year.FirstDay)), year.ToString())),
                Element("nation", new XAttribute("abbr", "DK"), "Danmark"),
                Both("anlyUnit", new("Én elevs resultat i én test i ét skoleår", "One pupil's result in one test in one school year")),
                Both("universe", new("Elever, der tog en obligatorisk test. Frivillige test er ikke med.", "Pupils who took an obligatory test. Voluntary tests are not included.")),
                Both("dataKind", new("Testresultater på individniveau", "Test results of individuals"))),
            Element("qualityStatement", book.Data.SelectMany(data => data.Partitions).Where(partition => partition.Quality is not null)
                .Select(partition => Element("otherQualityStatement", Quality(partition)))),
            book.Warnings.SelectMany(warning => Note("comparability", warning.Code, warning.Text)),
            book.Data.SelectMany(data => data.Errata).SelectMany(known => Note("erratum", $"{known.Erratum.Severity.Code()} {known.Erratum.Id}", Errata(known)))),
        Element(
            "dataAccs",
            Element(
                "useStmt",
                Element("confDec", new XAttribute("required", "yes"), OneText(ConditionsOfUse.Confidentiality.Text)),
                Element("conditions", OneText(Lines(ConditionsOfUse.Use))),
                Element("disclaimer", OneText(Lines(ConditionsOfUse.Publication))))));

    private static XElement Citation(Codebook book) => Element(
        "citation",
        Element(
            "titlStmt",
            Element("titl", Language("da"), $"Testresultater til projekt {book.ProjectId}"),
            Element("parTitl", Language("en"), $"Test results for project {book.ProjectId}"),
            Element("IDNo", new XAttribute("agency", "STIL"), $"{book.ProjectId}-V{book.ApprovalVersion.ToString(CultureInfo.InvariantCulture)}")),
        Element("rspStmt", Element("AuthEnty", "Styrelsen for It og Læring (STIL)")),
        Element("prodStmt", Element("prodDate", new XAttribute("date", IsoDay.Text(book.MadeOn)), IsoDay.Text(book.MadeOn))),
        Element("distStmt", Element("distrbtr", "Danmarks Statistik")));

    private static XElement File(CodebookData data) => Element(
        "fileDscr",
        new XAttribute("ID", FileId(data)),
        Element(
            "fileTxt",
            Element("fileName", data.ExtractId),
            Element("fileCont", OneText(data.Programme.Label())),
            Element(
                "dimensns",
                Element("varQnty", data.Columns.Count.ToString(CultureInfo.InvariantCulture))),
            Element("fileType", new XAttribute("charset", "UTF-8"), "Apache Arrow IPC; CSV")),
        data.Partitions.Select(partition => Element(
            "notes", new XAttribute("type", "generation"), new XAttribute("subject", partition.Partition.ToString()),
            partition.Generation.ToString(CultureInfo.InvariantCulture))));

    private static XElement Variables(CodebookData data) => Element("dataDscr", data.Columns.Select(column => Variable(data, column)));

    private static XElement Variable(CodebookData data, Variable column)
    {
        var errata = data.Errata.Where(known => known.Hits.Any(hit => hit.Columns.Contains(column.Id)));
        return Element(
            "var",
            new XAttribute("ID", $"{FileId(data)}_{column.Code}"),
            new XAttribute("name", column.Code),
            new XAttribute("files", FileId(data)),
            new XAttribute("intrvl", column.Type is VariableType.Real or VariableType.LocalTime ? "contin" : "discrete"),
            column.Unit.Length > 0 ? new XAttribute("measUnit", column.Unit) : null,
            Both("labl", column.Label),
            column.Id == VariableId.CprNumber
                ? Element("security", OneText(new("Forseglet til Danmarks Statistik; erstattes af kolonnen pseudonym", "Sealed to Statistics Denmark; replaced by the column pseudonym")))
                : null,
            Range(column),
            Both("txt", column.Description),
            ValueLabels.Of(column.Id, data.Keys).Select(value => Element("catgry", Element("catValu", value.Value), Both("labl", value.Label))),
            Scales.All.Where(scale => scale.Variables.Contains(column.Id)).SelectMany(scale => Both("concept", scale.Label)),
            Element("varFormat", new XAttribute("type", column.Type is VariableType.WholeNumber or VariableType.Real ? "numeric" : "character"), new XAttribute("schema", "other"), FormatName(column.Type)),
            Note("values", "values", column.Values),
            Note("availability", "tests", Availability(data, column)),
            errata.SelectMany(known => Note("erratum", known.Erratum.Id, known.Erratum.Text)));
    }

    private static XElement? Range(Variable column) => ValueLabels.Bounds(column.Id) is var (from, to)
        ? Element("valrng", Element("range", new XAttribute("UNITS", "INT"), new XAttribute("min", from), new XAttribute("max", to)))
        : null;

    private static string FormatName(VariableType type) => type switch
    {
        VariableType.LocalTime => "yyyy-MM-ddTHH:mm:ss, Europe/Copenhagen",
        VariableType.WholeNumber => "integer",
        VariableType.Real => "IEEE 754 double",
        VariableType.Text or VariableType.Code => "text",
        VariableType.Unspecified => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    private static Bilingual Abstract(Codebook book) => new(
        $"Resultater fra {string.Join(" og ", book.Data.Select(data => data.Programme.Label().Danish))}: {string.Join("; ", book.Data.Select(data => PartitionText.Of(data.Keys)))}",
        $"Results of {string.Join(" and ", book.Data.Select(data => data.Programme.Label().English))}: {string.Join("; ", book.Data.Select(data => PartitionText.Of(data.Keys)))}");

    private static Bilingual Availability(CodebookData data, Variable column) =>
        data.With(column) is { Count: > 0 } with ? new(PartitionText.Of(with), PartitionText.Of(with)) : new("ingen", "none");

    private static Bilingual Errata(CodebookErratum known)
    {
        var where = PartitionText.Of(known.Hits.Select(hit => hit.Partition));
        return new($"{where}: {known.Erratum.Text.Danish}", $"{where}: {known.Erratum.Text.English}");
    }

    private static string Quality(CodebookPartition partition)
    {
        var quality = partition.Quality!;
        var findings = string.Concat(quality.Findings.Select(finding => string.Create(CultureInfo.InvariantCulture, $"; {finding.Code} {finding.Rows}")));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{partition.Partition}@{partition.Generation} {quality.SourceDeliveryId}: rows {quality.Rows}, refused {quality.RejectedRows}, voluntary {quality.VoluntaryRows}{findings}");
    }

    private static Bilingual Lines(IReadOnlyList<Condition> conditions) => new(
        string.Join(" ", conditions.Select(condition => $"{condition.Text.Danish} ({condition.Section})")),
        string.Join(" ", conditions.Select(condition => $"{condition.Text.English} ({condition.Section})")));

    // Where the standard has room for one text only, both languages share it.
    private static string OneText(Bilingual text) => text.ToString();

    private static IEnumerable<XElement> Both(string name, Bilingual text) =>
        [Element(name, Language("da"), text.Danish), Element(name, Language("en"), text.English)];

    private static IEnumerable<XElement> Note(string type, string subject, Bilingual text) =>
    [
        Element("notes", new XAttribute("type", type), new XAttribute("subject", subject), Language("da"), text.Danish),
        Element("notes", new XAttribute("type", type), new XAttribute("subject", subject), Language("en"), text.English),
    ];

    private static IEnumerable<SchoolYear> Years(Codebook book) => book.Data.SelectMany(data => data.Keys).Select(key => key.SchoolYear).Distinct().Order();

    private static string FileId(CodebookData data) => $"F_{data.Programme.Code()}";

    private static XAttribute Language(string code) => new(XNamespace.Xml + "lang", code);

    private static XElement Element(string name, params object?[] content) => new(Ddi + name, content);
}
