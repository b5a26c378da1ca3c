using Delivery.Protocol.Domain;
using Delivery.Server.Refusals;

namespace Delivery.Server.Extracts;

/// <summary>
/// The last look before a batch is made (R04): the test, every column and every row lie inside the approval. What chose them has already seen to
/// that; this asks again, of the rows themselves, so that neither a mistake there nor an altered count in the database lets anything out.
/// </summary>
internal sealed class ScopeGuard(Scope scope)
{
    private readonly HashSet<PartitionKey> _partitions = [.. scope.Partitions()];
    private readonly VariableSet _variables = scope.VariableSet;
    private (SchoolYear Year, bool[]? Answers) _mayLeave;

    /// <summary>Refuses with R04 what may not leave.</summary>
    /// <param name="partition">The test and year of the rows.</param>
    /// <param name="columns">The columns of the batch.</param>
    /// <param name="rows">The rows of the batch, as places in <paramref name="obligations"/>.</param>
    /// <param name="obligations">The stored obligation of every row of the segment.</param>
    public void Require(PartitionKey partition, IReadOnlyList<Variable> columns, ReadOnlySpan<int> rows, ReadOnlySpan<byte> obligations)
    {
        if (!_partitions.Contains(partition))
        {
            throw RefusedException.By("R04", partition.ToString());
        }

        foreach (var column in columns)
        {
            if (!_variables.Contains(column.Id))
            {
                throw RefusedException.By("R04", column.Code);
            }
        }

        ReadOnlySpan<bool> mayLeave = MayLeave(partition.SchoolYear);
        foreach (var row in rows)
        {
            if (!mayLeave[obligations[row]])
            {
                throw RefusedException.By("R04", "obligation");
            }
        }
    }

    private bool[] MayLeave(SchoolYear year)
    {
        if (_mayLeave.Answers is null || _mayLeave.Year != year)
        {
            _mayLeave = (year, Obligations.Leaving(year));
        }

        return _mayLeave.Answers;
    }
}
