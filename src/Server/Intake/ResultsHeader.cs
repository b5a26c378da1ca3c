using System.Buffers;
using System.Globalization;
using System.Text;
using Delivery.Server.Refusals;

namespace Delivery.Server.Intake;

/// <summary>Where a file has its columns, which may stand in any order.</summary>
internal sealed class ResultsHeader
{
    // A header of more columns has unknown ones among them; it is told by the first.
    private const int ColumnsMax = 64;

    private readonly int[] _places;

    private ResultsHeader(int[] places, int fields) => (_places, Fields) = (places, fields);

    /// <summary>Fields of each line.</summary>
    public int Fields { get; }

    /// <summary>The field that holds a column.</summary>
    public int this[ResultsColumn column] => _places[(int)column];

    /// <summary>The header that names the columns given, in their order.</summary>
    /// <exception cref="RefusedException">A column is unknown, repeated or left out.</exception>
    public static ResultsHeader Of(IReadOnlyList<string> names)
    {
        var places = new int[ResultsColumns.Names.Length];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var field = 0; field < names.Count; field++)
        {
            var place = ResultsColumns.Names.IndexOf(names[field]);
            if (place < 0 || !seen.Add(names[field]))
            {
                throw RefusedException.By("E_CSV_HEADER", string.Create(CultureInfo.InvariantCulture, $"column {field + 1}"));
            }

            places[place] = field;
        }

        return seen.Count == places.Length
            ? new ResultsHeader(places, names.Count)
            : throw RefusedException.By("E_CSV_HEADER", string.Join(", ", ResultsColumns.Names.Where(name => !seen.Contains(name))));
    }

    /// <summary>Reads the first line of a file.</summary>
    /// <exception cref="RefusedException">It is not the header of a results file.</exception>
    public static ResultsHeader Read(ReadOnlySpan<byte> text, CsvFormat format)
    {
        var lines = new CsvLines(text, format, stackalloc int[ColumnsMax], new ArrayBufferWriter<byte>());
        if (!lines.MoveNext())
        {
            throw RefusedException.By("E_CSV_EMPTY");
        }

        LineFaults.Refuse(lines.Fault, 0);
        var names = new string[Math.Min(lines.FieldCount, ColumnsMax)];
        for (var field = 0; field < names.Length; field++)
        {
            names[field] = Encoding.Latin1.GetString(lines[field]);
        }

        return Of(names);
    }
}

/// <summary>Lines that are wrong as lines, as refusals of the file.</summary>
internal static class LineFaults
{
    public static void Refuse(LineFault fault, long row)
    {
        var subject = string.Create(CultureInfo.InvariantCulture, $"row {row}");
        switch (fault)
        {
            case LineFault.None:
                break;
            case LineFault.Quote:
                throw RefusedException.By("E_CSV_QUOTE", subject);
            case LineFault.TooLong:
                throw RefusedException.By("E_CSV_LINE_TOO_LONG", subject);
        }
    }
}
