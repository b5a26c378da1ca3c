using System.Buffers.Text;
using System.Collections.Frozen;
using Delivery.Protocol.Domain;
using Delivery.Server.Storage;

namespace Delivery.Server.Extracts;

/// <summary>
/// Decides which rows of a segment may leave: never a voluntary result, whatever an approval says, and of the others those the population
/// names. Works on whole columns. One thread.
/// </summary>
internal sealed class RowSelection
{
    private readonly FrozenSet<int> _institutions;
    private readonly FrozenSet<int> _birthYears;
    private readonly CprPolicy _policy;
    private int[] _rows = [];

    public RowSelection(Population population, CprPolicy policy)
    {
        _institutions = population.Institutions.Select(institution => institution.Value).ToFrozenSet();
        _birthYears = population.BirthYears.ToFrozenSet();
        _policy = policy;
    }

    /// <summary>The rows that may leave, in order. <paramref name="isEvery"/> says that this is every row.</summary>
    public ReadOnlySpan<int> Select(SegmentReader reader, SegmentPlace segment, out bool isEvery)
    {
        isEvery = segment.WithheldRows == 0 && _institutions.Count == 0 && _birthYears.Count == 0;
        if (_rows.Length < segment.Rows)
        {
            _rows = new int[segment.Rows];
        }

        var rows = _rows.AsSpan(0, segment.Rows);
        for (var row = 0; row < rows.Length; row++)
        {
            rows[row] = row;
        }

        if (segment.WithheldRows > 0)
        {
            rows = KeepObligatory(rows, reader.Read(segment, StoredColumn.Obligation).Values, segment.Partition.SchoolYear);
        }

        if (_institutions.Count > 0)
        {
            rows = KeepInstitutions(rows, reader.Read(segment, StoredColumn.InstitutionNumber).Values);
        }

        return _birthYears.Count > 0 ? KeepBirthYears(rows, reader.Read(segment, StoredColumn.CprNumber).Values) : rows;
    }

    private static Span<int> KeepObligatory(Span<int> rows, ReadOnlySpan<byte> obligations, SchoolYear year)
    {
        ReadOnlySpan<bool> mayLeave = Obligations.Leaving(year);
        var kept = 0;
        foreach (var row in rows)
        {
            if (mayLeave[obligations[row]])
            {
                rows[kept++] = row;
            }
        }

        return rows[..kept];
    }

    private Span<int> KeepInstitutions(Span<int> rows, ReadOnlySpan<byte> institutions)
    {
        var kept = 0;
        foreach (var row in rows)
        {
            var digits = institutions.Slice(row * InstitutionNumber.Size, InstitutionNumber.Size);
            if (Utf8Parser.TryParse(digits, out int number, out _) && _institutions.Contains(number))
            {
                rows[kept++] = row;
            }
        }

        return rows[..kept];
    }

    private Span<int> KeepBirthYears(Span<int> rows, ReadOnlySpan<byte> numbers)
    {
        var kept = 0;
        foreach (var row in rows)
        {
            var ten = numbers.Slice(row * CprNumber.Size, CprNumber.Size);
            // A replacement number has no birth date, so a population by birth year cannot show that its holder belongs to it.
            if (CprNumber.TryFromBytes(ten, out var number) && number.BirthDate(_policy) is { } born && _birthYears.Contains(born.Year))
            {
                rows[kept++] = row;
            }
        }

        return rows[..kept];
    }
}
