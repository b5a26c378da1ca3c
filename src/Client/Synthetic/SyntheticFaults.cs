using System.Globalization;
using System.Text;
using Delivery.Protocol.Domain;

namespace Delivery.Client.Synthetic;

/// <summary>
/// Makes a share of made-up rows faulty, each in exactly one way, and keeps what a server must find. Every kind of fault that a row of a test can
/// have is as likely as the others; only rows without any finding are touched. The same seed gives the same faults. One use, one thread.
/// </summary>
public sealed class SyntheticFaults
{
    private readonly double _share;
    private readonly ulong _seed;
    private readonly HashSet<string> _numbers = new(StringComparer.Ordinal);
    private PartitionKey _partition;
    private RowRules? _rules;
    private string? _lastNumber;
    private ulong _rows;

    /// <param name="share">Share of the rows that are made faulty, 0 to 1.</param>
    /// <param name="seed">Same seed, same faults.</param>
    public SyntheticFaults(double share, ulong seed)
    {
        if (share is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(share));
        }

        (_share, _seed) = (share, seed);
    }

    /// <summary>What a server must find in what was written so far.</summary>
    public FaultExpectation Expected { get; } = new();

    /// <summary>The next row as it is to be written, or null when it stays as it is.</summary>
    internal byte[]? Next(PartitionKey partition, in ResultRow row, ReadOnlySpan<byte> line)
    {
        Begin(partition);
        var natural = _rules!.Check(row);
        var draws = new Draws(Draws.Key(_seed, _rows++));
        if (natural == RowFindings.None && draws.Uniform() < _share)
        {
            var fields = Encoding.ASCII.GetString(line).TrimEnd().Split(',');
            var kinds = FaultKinds.For(partition, _lastNumber is not null);
            var (finding, change) = kinds[draws.Below(kinds.Count)];
            change(new FaultyRow(partition, fields, _lastNumber ?? "", draws));

            // Two faulty numbers may fall together; then the second row stays sound, since it would be a duplicate as well.
            if ((RowCodes.Errors & finding) != 0 || _numbers.Add(fields[FaultyRow.Cpr]))
            {
                Expected.Count(partition, finding, isFault: true);
                return Encoding.ASCII.GetBytes(string.Join(',', fields) + "\r\n");
            }
        }

        if ((natural & RowCodes.Errors) == 0)
        {
            _lastNumber = Encoding.ASCII.GetString(line[..CprNumber.Size]);
        }

        Expected.Count(partition, natural, isFault: false);
        return null;
    }

    private void Begin(PartitionKey partition)
    {
        if (_rules is null || partition != _partition)
        {
            (_partition, _rules, _lastNumber) = (partition, new RowRules(partition, CprPolicy.Synthetic), null);
            _numbers.Clear();
        }
    }
}

/// <summary>A row that is being made faulty: its fields in the order of the header, and what is needed to change them.</summary>
/// <param name="Partition">Where it belongs.</param>
/// <param name="Fields">Changed in place.</param>
/// <param name="EarlierNumber">A civil registration number that the partition has already.</param>
/// <param name="Draws">Random numbers of its own.</param>
internal sealed record FaultyRow(PartitionKey Partition, string[] Fields, string EarlierNumber, Draws Draws)
{
    public const int Cpr = 0, Institution = 1, TestedAt = 2, Grade = 5, ObligationKind = 7, Recalculated = 10, Ability = 12, Points = 14, Level = 15;

    /// <summary>The column of the overall result's ability; its standard error is the next.</summary>
    public int Result => Array.FindIndex(Fields, 8, text => text.Length > 0);

    public DateOnly Date => DateOnly.ParseExact(Fields[TestedAt][..10], "yyyy-MM-dd", CultureInfo.InvariantCulture);

    public void SetDate(DateOnly date) => Fields[TestedAt] = date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + Fields[TestedAt][10..];

    /// <summary>Writes a number whose last digits make it pass the check or fail it.</summary>
    public void SetNumber(string sixDigits, bool hasCheckDigit)
    {
        var serial = int.Parse(Fields[Cpr].AsSpan(6), CultureInfo.InvariantCulture);
        for (var tried = 0; tried < 1000; tried++)
        {
            // The first digit of the serial tells the century and stays.
            var text = sixDigits + (serial / 1000 * 1000 + (serial + tried) % 1000).ToString("D4", CultureInfo.InvariantCulture);
            if (CprNumber.TryParse(text, out var number) && number.HasCheckDigit == hasCheckDigit)
            {
                Fields[Cpr] = text;
                return;
            }
        }

        throw new InvalidOperationException("No serial made the number as it should be.");
    }
}
