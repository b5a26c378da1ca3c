using System.Globalization;
using System.Text;
using Delivery.Protocol.Domain;

namespace Delivery.Protocol.Documentation;

/// <summary>A page of Markdown in one of the two languages. One owner.</summary>
internal sealed class MarkdownPage(bool isDanish)
{
    private readonly StringBuilder _text = new();

    /// <summary>The words of this page's language.</summary>
    public string Say(Bilingual words) => isDanish ? words.Danish : words.English;

    /// <summary>The words of this page's language.</summary>
    public string Say(string danish, string english) => isDanish ? danish : english;

    public void Heading(int level, string danish, string english) => Paragraph($"{new string('#', level)} {Say(danish, english)}");

    /// <summary>A paragraph; a blank line follows.</summary>
    public void Paragraph(string text) => _text.Append(text).Append("\n\n");

    /// <summary>A list; a blank line follows.</summary>
    public void List(IEnumerable<string> items)
    {
        foreach (var item in items)
        {
            _text.Append("- ").Append(item).Append('\n');
        }

        _text.Append('\n');
    }

    /// <summary>A table; a blank line follows. Cells are text, not Markdown.</summary>
    public void Table(IReadOnlyList<string> titles, IEnumerable<IReadOnlyList<string>> rows)
    {
        Row(titles);
        Row([.. titles.Select(_ => "---")]);
        foreach (var row in rows)
        {
            Row([.. row.Select(Text)]);
        }

        _text.Append('\n');
    }

    /// <summary>Text from outside, so that it cannot pass for markup.</summary>
    public static string Text(string text)
    {
        var written = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            written.Append(letter switch
            {
                '<' => "&lt;",
                '>' => "&gt;",
                '&' => "&amp;",
                '\n' => " ",
                '\\' or '`' or '*' or '[' or ']' or '|' or '#' or '!' => $"\\{letter}",
                _ => letter,
            });
        }

        return written.ToString();
    }

    public static string Count(long count) => count.ToString(CultureInfo.InvariantCulture);

    /// <summary>The page; it ends in one line feed.</summary>
    public override string ToString() => _text.ToString().TrimEnd('\n') + "\n";

    private void Row(IReadOnlyList<string> cells) => _text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
