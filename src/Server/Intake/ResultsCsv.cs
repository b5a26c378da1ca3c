using System.Globalization;
using System.Text;
using CsvHelper;
using Delivery.Server.Refusals;

namespace Delivery.Server.Intake;

/// <summary>How a results file is written.</summary>
internal sealed record CsvFormat(Encoding Encoding, char Delimiter);

/// <summary>
/// Reads a results file (RFC 4180; columns in docs/results-csv.md, in any order) row by row. What the file as a whole does wrong is
/// refused with the row it happens on; what single rows do wrong is for <see cref="ResultsRowParser"/>. One thread.
/// </summary>
internal sealed class ResultsCsv : IDisposable
{
    private readonly CsvReader _reader;
    private readonly int[] _places = new int[ResultsColumns.Names.Length];
    private int _fields;

    public ResultsCsv(Stream file, CsvFormat format, int lineBytesMax)
    {
        var isUtf8 = format.Encoding is UTF8Encoding;
        var text = new CheckedTextStream(file, lineBytesMax, isUtf8);
        _reader = CsvReader.Create(
            text,
            new CsvReaderOptions
            {
                Separator = format.Delimiter,
                HasHeader = false,
                Encoding = isUtf8 ? null : format.Encoding,
                MalformedData = CsvMalformedDataHandling.Throw,
                // No field of a results file spans lines: a quote left open is found on its own line and cannot swallow the rest.
                AllowLineBreaksInQuotes = false,
                MaxRecordSize = lineBytesMax,
                IncludeValuesInExceptions = false,
            },
            leaveOpen: false);
    }

    /// <summary>Number of the current row; the line after the header is 1.</summary>
    public long RowNumber => _reader.RowNumber - 1;

    /// <summary>Reads the header and maps its columns.</summary>
    public async Task ReadHeaderAsync(CancellationToken cancellation)
    {
        if (!await NextAsync(cancellation))
        {
            throw RefusedException.By("E_CSV_EMPTY");
        }

        _fields = _reader.FieldCount;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var field = 0; field < _fields; field++)
        {
            var name = _reader.GetString(field);
            var place = ResultsColumns.Names.IndexOf(name);
            if (place < 0 || !seen.Add(name))
            {
                throw RefusedException.By("E_CSV_HEADER", string.Create(CultureInfo.InvariantCulture, $"column {field + 1}"));
            }

            _places[place] = field;
        }

        if (seen.Count < ResultsColumns.Names.Length)
        {
            throw RefusedException.By("E_CSV_HEADER", string.Join(", ", ResultsColumns.Names.Where(name => !seen.Contains(name))));
        }
    }

    /// <summary>Moves to the next row; false at the end.</summary>
    public ValueTask<bool> ReadRowAsync(CancellationToken cancellation)
    {
        var next = NextAsync(cancellation);
        return next.IsCompletedSuccessfully ? new ValueTask<bool>(Checked(next.Result)) : CheckedAsync(next);
    }

    /// <summary>The current row's text in a column, UTF-8; good until the next row.</summary>
    public ReadOnlySpan<byte> this[ResultsColumn column] => _reader.GetSpan(_places[(int)column]);

    public void Dispose() => _reader.Dispose();

    private async ValueTask<bool> CheckedAsync(ValueTask<bool> next) => Checked(await next);

    private bool Checked(bool isRow) =>
        !isRow || _reader.FieldCount == _fields
            ? isRow
            : throw RefusedException.By("E_CSV_COLUMNS", string.Create(CultureInfo.InvariantCulture, $"row {RowNumber}: {_reader.FieldCount} fields instead of {_fields}"));

    private ValueTask<bool> NextAsync(CancellationToken cancellation)
    {
        try
        {
            var next = _reader.ReadAsync(cancellation);
            return next.IsCompletedSuccessfully ? next : TranslatedAsync(next);
        }
        catch (CsvFormatException exception)
        {
            throw Malformed(exception);
        }
    }

    private static async ValueTask<bool> TranslatedAsync(ValueTask<bool> next)
    {
        try
        {
            return await next;
        }
        catch (CsvFormatException exception)
        {
            throw Malformed(exception);
        }
        catch (DecoderFallbackException)
        {
            throw RefusedException.By("E_CSV_ENCODING");
        }
    }

    private static RefusedException Malformed(CsvFormatException exception) =>
        RefusedException.By("E_CSV_QUOTE", string.Create(CultureInfo.InvariantCulture, $"row {exception.RecordNumber - 1}"));
}
