using System.Globalization;
using System.Text;

namespace Delivery.Benchmarks.Extracts;

/// <summary>A page of tables in Markdown, written the same in every culture.</summary>
internal sealed class Page
{
    private readonly StringBuilder _text = new();

    public override string ToString() => _text.ToString();

    /// <summary>A line, and an empty one after it.</summary>
    public void Say(FormattableString line) => _text.Append(Text(line)).Append("\n\n");

    /// <summary>A table: its heading, then its rows.</summary>
    public void Table(string heading, IEnumerable<IEnumerable<string>> rows)
    {
        _text.Append("| ").Append(heading).Append(" |\n|");
        _text.Insert(_text.Length, "---|", heading.Split('|').Length).Append('\n');
        foreach (var row in rows)
        {
            _text.Append("| ").AppendJoin(" | ", row).Append(" |\n");
        }

        _text.Append('\n');
    }

    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>Bytes as whole MiB.</summary>
    public static string MiB(double bytes) => Text($"{bytes / (1 << 20):N0} MiB");

    /// <summary>The value half of the others lie below.</summary>
    public static double Median(IEnumerable<double> values) => At(values, 0.5);

    /// <summary>The value the given share of the others lie below.</summary>
    public static double At(IEnumerable<double> values, double share)
    {
        var ordered = values.Order().ToList();
        return ordered[Math.Min(ordered.Count - 1, (int)(ordered.Count * share))];
    }
}
