using System.Globalization;
using Delivery.Client.Synthetic;

namespace Delivery.EndToEnd.Results;

/// <summary>One line of a results file, by column name.</summary>
internal sealed class ResultsLine
{
    private static readonly string[] Columns = SyntheticCsvWriter.Header.Split(',');

    private readonly string[] _fields;

    public ResultsLine(string line)
        : this(line.Split(','))
    {
    }

    private ResultsLine(string[] fields)
    {
        Assert.Equal(Columns.Length, fields.Length);
        _fields = fields;
    }

    public string this[string column] => _fields[Array.IndexOf(Columns, column)];

    public string Programme => this["programme"];

    /// <summary>For example NT-DAN-2.</summary>
    public string TestCode => $"{Programme}-{this["subject"]}-{this["grade"]}";

    public int StartYear => int.Parse(this["school_year"].AsSpan(0, 4), CultureInfo.InvariantCulture);

    /// <summary>Year of birth of a made-up pupil: digits five and six of the number, and the century by digit seven.</summary>
    public int BirthYear
    {
        get
        {
            var number = this["cpr_number"];
            var year = int.Parse(number.AsSpan(4, 2), CultureInfo.InvariantCulture);
            return number[6] switch
            {
                <= '3' => 1900 + year,
                '4' or '9' => year <= 36 ? 2000 + year : 1900 + year,
                _ => year <= 57 ? 2000 + year : 1800 + year,
            };
        }
    }

    /// <summary>Whether the pupil had to take the test, which is what may leave.</summary>
    public bool IsObligatory => StartYear == 2019
        ? this["obligation"] is "OBLIGATORY_SAMPLE_2020" or "OBLIGATORY_LOW20_2020"
        : this["obligation"] == "OBLIGATORY";

    public ResultsLine With(string column, string value)
    {
        string[] fields = [.. _fields];
        fields[Array.IndexOf(Columns, column)] = value;
        return new ResultsLine(fields);
    }

    public override string ToString() => string.Join(',', _fields);
}
