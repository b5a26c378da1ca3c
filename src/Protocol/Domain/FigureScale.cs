using System.Globalization;

namespace Delivery.Protocol.Domain;

/// <summary>One category of national figures: a value, or a run of them.</summary>
/// <param name="First">The lowest value.</param>
/// <param name="Last">The highest value.</param>
/// <param name="Label">What it is called.</param>
public sealed record FigureCategory(int First, int Last, Bilingual Label);

/// <summary>
/// What national figures of a test are distributed over: the six criterion-referenced levels where the test has them, else the 0–50 point scale in
/// five bands.
/// </summary>
/// <param name="Variable">The variable.</param>
/// <param name="Categories">Its categories, lowest first; they cover every value once.</param>
public sealed record FigureScale(VariableId Variable, IReadOnlyList<FigureCategory> Categories)
{
    private const int BandWidth = 10;

    private static readonly FigureScale Levels = new(
        VariableId.CriterionLevel,
        [.. ValueLabels.CriterionLevels.Select(level => int.Parse(level.Value, NumberStyles.None, CultureInfo.InvariantCulture)).Zip(ValueLabels.CriterionLevels, (value, level) => new FigureCategory(value, value, level.Label))]);

    // 50 joins the last band: 0–10, 11–20 … 41–50.
    private static readonly FigureScale Points = new(VariableId.Points0To50, [.. Enumerable.Range(0, 5).Select(Band)]);

    /// <summary>The scale of a test and year.</summary>
    public static FigureScale Of(PartitionKey partition) =>
        VariableAvailability.Of(VariableId.CriterionLevel, partition) >= Availability.AbsentAllowed ? Levels : Points;

    /// <summary>The place of a value's category.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The scale has no such value.</exception>
    public int CategoryOf(int value)
    {
        for (var place = 0; place < Categories.Count; place++)
        {
            if (value >= Categories[place].First && value <= Categories[place].Last)
            {
                return place;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(value));
    }

    /// <summary>What a run of categories is called.</summary>
    /// <param name="first">Place of the lowest.</param>
    /// <param name="last">Place of the highest.</param>
    public Bilingual Label(int first, int last)
    {
        var (from, to) = (Categories[first], Categories[last]);
        return first == last ? from.Label
            : Variable == VariableId.Points0To50 ? new($"{from.First}–{to.Last} point", $"{from.First}–{to.Last} points")
            : new($"{from.Label.Danish} – {to.Label.Danish}", $"{from.Label.English} – {to.Label.English}");
    }

    private static FigureCategory Band(int place)
    {
        var (first, last) = (place == 0 ? 0 : (place * BandWidth) + 1, (place + 1) * BandWidth);
        return new FigureCategory(first, last, new($"{first}–{last} point", $"{first}–{last} points"));
    }
}
