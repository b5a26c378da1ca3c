using System.Globalization;
using System.Text;
using Delivery.Client.Synthetic;

namespace Delivery.EndToEnd.Results;

/// <summary>
/// A results file of every test and year, as bytes and as lines read by the test itself. To the made-up rows it adds what they lack: plain
/// obligatory rows in 2019/20, recalculated abilities in biology and geography, which are stored but never delivered, and numbers that have more
/// decimals, or are larger, than those of other tests.
/// </summary>
internal sealed class ResultsFile
{
    private const string LineEnd = "\r\n";
    private const int EveryNth = 3;

    private ResultsFile(string text)
    {
        Bytes = Encoding.UTF8.GetBytes(text);
        Lines = [.. text.Split(LineEnd, StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => new ResultsLine(line))];
    }

    /// <summary>A file of these lines.</summary>
    public static ResultsFile Of(IEnumerable<ResultsLine> lines) =>
        new(string.Join(LineEnd, lines.Select(line => line.ToString()).Prepend(SyntheticCsvWriter.Header)) + LineEnd);

    public byte[] Bytes { get; }

    public IReadOnlyList<ResultsLine> Lines { get; }

    public IEnumerable<string> CprNumbers => Lines.Select(line => line["cpr_number"]).Distinct();

    public IEnumerable<string> InstitutionNumbers => Lines.Select(line => line["institution_number"]).Distinct();

    public static async Task<ResultsFile> MakeAsync(long rows, ulong seed)
    {
        using var made = new MemoryStream();
        await SyntheticCsvWriter.WriteAsync(new SyntheticResults(rows, seed, voluntaryShare: 0.25), made);
        var lines = Encoding.UTF8.GetString(made.ToArray()).Split(LineEnd, StringSplitOptions.RemoveEmptyEntries);
        for (var line = 1; line < lines.Length; line++)
        {
            lines[line] = Altered(new ResultsLine(lines[line]), line).ToString();
        }

        return new ResultsFile(string.Join(LineEnd, lines) + LineEnd);
    }

    private static ResultsLine Altered(ResultsLine row, int line) =>
        line % EveryNth != 0 ? row
        : row["school_year"] == "2019/2020" ? row.With("obligation", "OBLIGATORY")
        : row["subject"] is "BIO" or "GEO" && row.StartYear >= 2014
            ? row.With("recalculated_ability_logit", (line % 100 / 100d).ToString(CultureInfo.InvariantCulture)).With("recalculated_ability_standard_error", "0.3")
        : row.TestCode == "NT-DAN-4" && row.StartYear < 2014 && row["original_ability_logit"].Length > 0
            ? row.With("original_ability_logit", (line % 40 / 7d).ToString("R", CultureInfo.InvariantCulture)).With("original_ability_standard_error", "3.3")
        : row;
}
