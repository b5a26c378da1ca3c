using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Delivery.Protocol.Domain;

namespace Delivery.Server.Intake;

/// <summary>Finds the partition a row's columns name. Rows of one test mostly stand together, so the last answer is kept. One thread.</summary>
internal sealed class PartitionPlaces(FrozenDictionary<int, RowRules> rules)
{
    // Longer than any code; what does not fit is none.
    private const int CodeLengthMax = 16;

    private readonly Dictionary<(ulong, ulong), (int Id, RowRules Rules)?> _known = [];
    private (ulong, ulong) _lastKey;
    private (int Id, RowRules Rules)? _last;

    /// <summary>The partition and its rules; null if the catalogue has no such test in that school year.</summary>
    public (int Id, RowRules Rules)? Find(ReadOnlySpan<byte> programme, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> grade, ReadOnlySpan<byte> year)
    {
        // The usual lengths: together sixteen bytes at the most, which compare in two steps. A zero byte is what a shorter code is filled up with.
        if (programme.Length is not (2 or 3) || programme is [_, _, 0] || subject.Length != 3 || grade.Length != 1 || year.Length != 9)
        {
            return Read(programme, subject, grade, year);
        }

        var key = (BinaryPrimitives.ReadUInt64LittleEndian(year), Rest(programme, subject, grade[0], year[8]));
        if (key == _lastKey)
        {
            return _last;
        }

        if (!_known.TryGetValue(key, out var found))
        {
            found = Read(programme, subject, grade, year);
            if (found is not null)
            {
                _known.Add(key, found);
            }
        }

        (_lastKey, _last) = (key, found);
        return found;
    }

    private static ulong Rest(ReadOnlySpan<byte> programme, ReadOnlySpan<byte> subject, byte grade, byte year) =>
        year | ((ulong)grade << 8) | ((ulong)subject[0] << 16) | ((ulong)subject[1] << 24) | ((ulong)subject[2] << 32)
        | ((ulong)programme[0] << 40) | ((ulong)programme[1] << 48) | (programme.Length == 3 ? (ulong)programme[2] << 56 : 0);

    private (int Id, RowRules Rules)? Read(ReadOnlySpan<byte> programme, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> grade, ReadOnlySpan<byte> year)
    {
        Span<char> text = stackalloc char[CodeLengthMax];
        var isRead = Programmes.TryParse(Text(programme, text), out var programmeRead)
            & Subjects.TryParse(Text(subject, text), out var subjectRead)
            & SchoolYear.TryParse(Text(year, text), out var yearRead)
            & byte.TryParse(grade, NumberStyles.None, CultureInfo.InvariantCulture, out var gradeRead);
        if (!isRead)
        {
            return null;
        }

        var partition = new PartitionKey(programmeRead, yearRead, subjectRead, gradeRead);
        return TestCatalogue.Contains(partition) ? (partition.Id, rules[partition.Id]) : null;
    }

    private static ReadOnlySpan<char> Text(ReadOnlySpan<byte> field, Span<char> buffer) =>
        field.Length <= buffer.Length ? buffer[..Encoding.Latin1.GetChars(field, buffer)] : [];
}
