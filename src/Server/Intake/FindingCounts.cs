using System.Numerics;
using Delivery.Protocol.Domain;

namespace Delivery.Server.Intake;

/// <summary>How often each rule was hit, and by which rows first. One thread.</summary>
internal sealed class FindingCounts
{
    // Enough to find a mistake in the source; the rest have it too.
    private const int FirstRowsMax = 10;

    private readonly long[] _rows = new long[32];
    private readonly List<long>?[] _first = new List<long>?[32];

    public void Count(RowFindings findings, long rowNumber)
    {
        for (var bits = (uint)findings; bits != 0; bits &= bits - 1)
        {
            var bit = BitOperations.TrailingZeroCount(bits);
            _rows[bit]++;
            var first = _first[bit] ??= [];
            if (first.Count < FirstRowsMax)
            {
                first.Add(rowNumber);
            }
        }
    }

    /// <summary>The rules that were hit, errors first, then in the order of the catalogue.</summary>
    public IEnumerable<(RowCode Code, long Rows, IReadOnlyList<long> FirstRowNumbers)> All() =>
        RowCodes.All
            .Where(code => _rows[code.Bit] > 0)
            .OrderByDescending(code => code.Reason.Severity)
            .Select(code => (code, _rows[code.Bit], (IReadOnlyList<long>)_first[code.Bit]!));
}
