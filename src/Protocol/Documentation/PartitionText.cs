using Delivery.Protocol.Domain;

namespace Delivery.Protocol.Documentation;

/// <summary>Many tests and years in few words.</summary>
internal static class PartitionText
{
    /// <summary>Test by test, runs of school years drawn together: <c>NT-DAN-2 2014/15–2016/17, 2018/19; NT-DAN-4 2014/15</c>.</summary>
    public static string Of(IEnumerable<PartitionKey> partitions) => string.Join("; ", partitions
        .GroupBy(key => key.TestCode).OrderBy(test => test.Key)
        .Select(test => $"{test.Key} {string.Join(", ", Runs([.. test.Select(key => key.SchoolYear).Distinct().Order()]))}"));

    private static IEnumerable<string> Runs(IReadOnlyList<SchoolYear> years)
    {
        for (var from = 0; from < years.Count;)
        {
            var to = from;
            while (to + 1 < years.Count && years[to + 1].StartYear == years[to].StartYear + 1)
            {
                to++;
            }

            yield return from == to ? years[from].ShortText : $"{years[from].ShortText}–{years[to].ShortText}";
            from = to + 1;
        }
    }
}
