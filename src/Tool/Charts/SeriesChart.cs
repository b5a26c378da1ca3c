using System.Globalization;
using System.Xml.Linq;
using Delivery.Client.Documentation;
using Delivery.Protocol.Domain;

namespace Delivery.Tool.Charts;

/// <summary>
/// One test over the school years as stacked bars of shares: a small SVG with axes, words in Danish and English, a title and a description for
/// those who do not see it, and colours that hold on light and dark ground. It draws what it is given and works nothing out.
/// </summary>
internal static class SeriesChart
{
    private const int Left = 56, Top = 64, PlotHeight = 240, BarStep = 46, BarWidth = 34, LegendLine = 20, Right = 24;

    // The least a chart is wide: room for title and legend.
    private const int WidthMin = 520;

    private const string Style =
        "text{font-family:system-ui,sans-serif;font-size:12px;fill:#1a1a1a}.head{font-size:15px;font-weight:600}.line{stroke:#808080;stroke-width:1}.cell{stroke:#ffffff;stroke-width:1}"
        + "@media (prefers-color-scheme:dark){text{fill:#f2f2f2}.cell{stroke:#121212}}";

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    // From low to high; every neighbour differs in lightness, so that they part without colour too.
    private static readonly string[] Colours = ["#5b2a86", "#3d5aa8", "#2a8a9d", "#35a46f", "#8fbf3f", "#e0b52c"];

    /// <summary>Name of a test's chart.</summary>
    public static string NameOf(TestCode test) => $"{test.ToString().ToLowerInvariant()}.svg";

    /// <summary>The chart of one test.</summary>
    /// <param name="test">The test.</param>
    /// <param name="figures">Its figures, oldest first; at least one.</param>
    public static XDocument Of(TestCode test, IReadOnlyList<NationalFigure> figures)
    {
        var scale = FigureScale.Of(figures[0].Partition);
        var width = Math.Max(WidthMin, Left + (figures.Count * BarStep) + Right);
        var height = Top + PlotHeight + 48 + (scale.Categories.Count * LegendLine) + LegendLine;
        var title = ValueLabels.Title(test);
        return new XDocument(new XElement(
            Svg + "svg",
            new XAttribute("viewBox", Invariant($"0 0 {width} {height}")),
            new XAttribute("width", width),
            new XAttribute("height", height),
            new XAttribute("role", "img"),
            new XAttribute("aria-labelledby", "title description"),
            new XElement(Svg + "title", new XAttribute("id", "title"), title.ToString()),
            new XElement(Svg + "desc", new XAttribute("id", "description"), Description(figures)),
            new XElement(Svg + "style", Style),
            Text(Left, 22, title.Danish, "start", "head"),
            Text(Left, 40, title.English, "start"),
            Text(Left, Top - 8, "Andel af elever med resultat, hele landet / Share of pupils with a result, whole country", "start"),
            Axis(width),
            figures.Select((figure, at) => Bar(figure, scale, Left + 8 + (at * BarStep))),
            Legend(scale, Top + PlotHeight + 56)));
    }

    private static IEnumerable<XElement> Axis(int width)
    {
        foreach (var percent in (int[])[0, 25, 50, 75, 100])
        {
            var y = Top + PlotHeight - (PlotHeight * percent / 100.0);
            yield return new XElement(
                Svg + "line", new XAttribute("class", "line"), Place("x1", Left), Place("x2", width - Right), Place("y1", y), Place("y2", y), new XAttribute("stroke-opacity", percent == 0 ? "1" : "0.3"));
            yield return Text(Left - 8, y + 4, Invariant($"{percent} %"), "end");
        }
    }

    private static IEnumerable<XElement> Bar(NationalFigure figure, FigureScale scale, double x)
    {
        var year = figure.Partition.SchoolYear.ShortText;
        yield return Text(x + (BarWidth / 2.0), Top + PlotHeight + 18, year, "middle");
        if (figure.Cells.Count == 0)
        {
            yield return Text(x + (BarWidth / 2.0), Top + PlotHeight - 8, "–", "middle");
        }

        var below = 0.0;
        foreach (var cell in figure.Cells)
        {
            var height = PlotHeight * cell.Share;
            below += height;
            yield return new XElement(
                Svg + "rect",
                new XAttribute("class", "cell"),
                new XAttribute("fill", Colours[scale.CategoryOf(cell.First)]),
                Place("x", x),
                Place("y", Top + PlotHeight - below),
                Place("width", BarWidth),
                Place("height", height),
                new XElement(Svg + "title", $"{year}: {Words(cell)}"));
        }
    }

    private static IEnumerable<XElement> Legend(FigureScale scale, double top)
    {
        foreach (var (place, category) in scale.Categories.Index())
        {
            var y = top + (place * LegendLine);
            yield return new XElement(Svg + "rect", new XAttribute("fill", Colours[place]), Place("x", Left), Place("y", y - 10), Place("width", 12), Place("height", 12));
            yield return Text(Left + 20, y, category.First == category.Last ? Invariant($"{category.First} {category.Label}") : category.Label.ToString(), "start");
        }

        yield return Text(
            Left, top + (scale.Categories.Count * LegendLine), "Lagt sammen med naboen: farven er den laveste. – tilbageholdt / Drawn together: colour of the lowest. – withheld", "start");
    }

    private static string Description(IReadOnlyList<NationalFigure> figures) => string.Join(" ", figures.Select(figure =>
        $"{figure.Partition.SchoolYear.ShortText}: {(figure.Cells.Count == 0 ? "tilbageholdt / withheld" : string.Join(", ", figure.Cells.Select(Words)))}."));

    private static string Words(NationalCell cell) => Invariant($"{cell.Label}: {cell.Share * 100:0.0} % ({cell.Pupils})");

    private static XElement Text(double x, double y, string words, string anchor, string? style = null) => new(
        Svg + "text", style is null ? null : new XAttribute("class", style), Place("x", x), Place("y", y), new XAttribute("text-anchor", anchor), words);

    private static XAttribute Place(string name, double value) => new(name, Invariant($"{value:0.##}"));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
