using System.Text;
using Delivery.Protocol.Domain;

namespace Delivery.Client.Synthetic;

/// <summary>
/// Writes made-up results as the CSV an import takes: UTF-8 without byte-order mark, comma, RFC 4180, one header line; the columns
/// are those of <c>docs/results-csv.md</c>. No field needs quotation marks. Formats straight into a buffer, since a full set of
/// results is a gigabyte of text.
/// </summary>
public static class SyntheticCsvWriter
{
    // A row is under 300 bytes; flushing with this much room left never splits one.
    private const int BufferSize = 1 << 17, RowSizeMax = 512;

    /// <summary>The header line without its line end.</summary>
    public const string Header =
        "cpr_number,institution_number,tested_at,programme,subject,grade,school_year,obligation,"
        + "original_ability_logit,original_ability_standard_error,recalculated_ability_logit,recalculated_ability_standard_error,"
        + "ability_logit,ability_standard_error,points_0_50,criterion_level,"
        + "profile_area_1_logit,profile_area_1_standard_error,profile_area_2_logit,profile_area_2_standard_error,"
        + "profile_area_3_logit,profile_area_3_standard_error";

    /// <summary>Writes header and every row; the stream stays open.</summary>
    /// <returns>Rows written.</returns>
    public static Task<long> WriteAsync(SyntheticResults results, Stream destination, CancellationToken cancellation = default) =>
        WriteAsync(results, destination, null, cancellation);

    /// <inheritdoc cref="WriteAsync(SyntheticResults, Stream, CancellationToken)"/>
    /// <param name="results">The rows.</param>
    /// <param name="destination">Where they go.</param>
    /// <param name="faults">Makes some of them faulty; null for none.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    public static async Task<long> WriteAsync(SyntheticResults results, Stream destination, SyntheticFaults? faults, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(results);
        ArgumentNullException.ThrowIfNull(destination);
        var buffer = new byte[BufferSize];
        var used = Encoding.ASCII.GetBytes(Header + "\r\n", buffer);
        long rows = 0;
        foreach (var (partition, _) in results.Plan)
        {
            var test = TestFields(partition);
            foreach (var row in results.RowsOf(partition))
            {
                var length = WriteRow(buffer.AsSpan(used), row, test);
                if (faults?.Next(partition, row, buffer.AsSpan(used, length)) is { } faulty)
                {
                    faulty.CopyTo(buffer, used);
                    length = faulty.Length;
                }

                used += length;
                rows++;
                if (used > BufferSize - RowSizeMax)
                {
                    await destination.WriteAsync(buffer.AsMemory(0, used), cancellation).ConfigureAwait(false);
                    used = 0;
                }
            }
        }

        await destination.WriteAsync(buffer.AsMemory(0, used), cancellation).ConfigureAwait(false);
        return rows;
    }

    private static byte[] TestFields(PartitionKey partition) => Encoding.ASCII.GetBytes(
        $"{partition.Programme.Code()},{partition.Subject.Code()},{partition.Grade},{partition.SchoolYear}");

    private static int WriteRow(Span<byte> line, in ResultRow row, ReadOnlySpan<byte> test)
    {
        var text = new CsvLine(line);
        row.Cpr.CopyTo(text.Take(CprNumber.Size));
        text.Comma();
        text.Digits(row.Institution.Value, InstitutionNumber.Size);
        text.Comma();
        text.Time(row.TestedAt);
        text.Comma();
        text.Bytes(test);
        text.Comma();
        text.Bytes(Duty(row.Obligation));
        text.Fields(row.OriginalAbility);
        text.Fields(row.RecalculatedAbility);
        text.Fields(row.Ability);
        text.Field(row.Points);
        text.Field(row.CriterionLevel);
        text.Fields(row.ProfileArea1);
        text.Fields(row.ProfileArea2);
        text.Fields(row.ProfileArea3);
        text.Bytes("\r\n"u8);
        return text.Length;
    }

    private static ReadOnlySpan<byte> Duty(Obligation obligation) => obligation switch
    {
        Obligation.Obligatory => "OBLIGATORY"u8,
        Obligation.ObligatorySample2020 => "OBLIGATORY_SAMPLE_2020"u8,
        Obligation.ObligatoryLow202020 => "OBLIGATORY_LOW20_2020"u8,
        Obligation.Voluntary => "VOLUNTARY"u8,
        Obligation.Unspecified => default,
    };
}
