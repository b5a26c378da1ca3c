using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using Delivery.Server.Refusals;

namespace Delivery.Server.Intake;

/// <summary>How a results file is written.</summary>
internal sealed record CsvFormat(Encoding Encoding, string Delimiter);

/// <summary>
/// Reads a results file (RFC 4180; columns in docs/results-csv.md, in any order) row by row. What the file as a whole does wrong is
/// refused with the line it happens on; what single rows do wrong is for <see cref="ResultsRowParser"/>. One thread.
/// </summary>
internal sealed class ResultsCsv : IDisposable
{
    // Longest field in characters: a timestamp is the longest there is, and a refusal by name beats a refusal by memory.
    private const int FieldCharactersMax = 256;

    private readonly CsvParser _parser;
    private int[] _places = [];
    private int _fields;

    public ResultsCsv(Stream file, CsvFormat format, int lineBytesMax)
    {
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = format.Delimiter,
            Mode = CsvMode.RFC4180,
            MaxFieldSize = FieldCharactersMax,
            BufferSize = 64 * 1024,
            IgnoreBlankLines = true,
            BadDataFound = bad => throw RefusedException.By("E_CSV_QUOTE", $"line {bad.Context.Parser?.RawRow}"),
        };
        _parser = new CsvParser(new StreamReader(new LineLimitStream(file, lineBytesMax), format.Encoding, detectEncodingFromByteOrderMarks: false, 64 * 1024), configuration);
    }

    /// <summary>Number of the current row; the line after the header is 1.</summary>
    public long RowNumber => _parser.Row - 1;

    /// <summary>Reads the header and maps its columns.</summary>
    public async Task ReadHeaderAsync()
    {
        if (!await NextAsync())
        {
            throw RefusedException.By("E_CSV_HEADER", "the file is empty");
        }

        _fields = _parser.Count;
        _places = new int[ResultsColumns.Names.Length];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var field = 0; field < _fields; field++)
        {
            var place = ResultsColumns.Names.IndexOf(_parser[field]);
            if (place < 0 || !seen.Add(_parser[field]))
            {
                throw RefusedException.By("E_CSV_HEADER", $"column {field + 1}");
            }

            _places[place] = field;
        }

        if (seen.Count < ResultsColumns.Names.Length)
        {
            throw RefusedException.By("E_CSV_HEADER", string.Join(", ", ResultsColumns.Names.Where(name => !seen.Contains(name))));
        }
    }

    /// <summary>Moves to the next row; false at the end.</summary>
    public async Task<bool> ReadRowAsync()
    {
        if (!await NextAsync())
        {
            return false;
        }

        return _parser.Count == _fields
            ? true
            : throw RefusedException.By("E_CSV_COLUMNS", string.Create(CultureInfo.InvariantCulture, $"row {RowNumber}: {_parser.Count} fields instead of {_fields}"));
    }

    /// <summary>The current row's text in a column.</summary>
    public ReadOnlySpan<char> this[ResultsColumn column] => _parser[_places[(int)column]];

    public void Dispose() => _parser.Dispose();

    private async Task<bool> NextAsync()
    {
        try
        {
            return await _parser.ReadAsync();
        }
        catch (DecoderFallbackException)
        {
            throw RefusedException.By("E_CSV_ENCODING", $"after line {_parser.RawRow}");
        }
        catch (MaxFieldSizeException)
        {
            throw RefusedException.By("E_CSV_LINE_TOO_LONG", $"line {_parser.RawRow}: a field is longer than {FieldCharactersMax} characters");
        }
    }
}
