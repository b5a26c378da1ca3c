using System.Globalization;

namespace Delivery.Benchmarks.Extracts;

/// <summary>What to measure of extracts.</summary>
internal sealed record ExtractOrder
{
    public const string Usage =
        """
        Usage: dotnet run -c Release --project tests/Delivery.Benchmarks -- log [FILE]
               dotnet run -c Release --project tests/Delivery.Benchmarks -- extract [options]

        Both write their figures to a page, by default under tests/Delivery.Benchmarks/results.

        extract:
          --file FILE        the page to write
          --parts LETTERS    a pulls and their limit (parts A and B), c beside them what people do today, d many at once, e how the cost grows. Default: acde
          --rows N[,N…]      rows of part A; the last is the whole register. Default: 1000000,8300000
          --passes N         interleaved passes of parts A, B and C. Default: 3
          --register DIR     folder of the registers, made when absent and kept. Default: a temporary one that is removed
          --quick            small: 100000 and 400000 rows, one pass
        """;

    public string File { get; private set; } = Path.Combine("tests", "Delivery.Benchmarks", "results", "extract.md");

    public string Parts { get; private set; } = "acde";

    public IReadOnlyList<long> Rows { get; private set; } = [1_000_000, 8_300_000];

    public int Passes { get; private set; } = 3;

    /// <summary>Whether what people do today has its turn in a pass: in each with the smallest number of rows, once with the others, since it takes minutes.</summary>
    public bool HasStatusQuo(bool isSmallest, int pass) => Parts.Contains('c') && (isSmallest || pass == 0);

    /// <summary>Null for a temporary folder.</summary>
    public string? RegisterFolder { get; private set; }

    public bool IsQuick { get; private set; }

    /// <summary>Reads the arguments; null when they are not right.</summary>
    public static ExtractOrder? TryRead(IReadOnlyList<string> arguments)
    {
        var order = new ExtractOrder();
        for (var at = 0; at < arguments.Count; at++)
        {
            if (arguments[at] == "--quick")
            {
                (order.IsQuick, order.Rows, order.Passes) = (true, [100_000, 400_000], 1);
            }
            else if (++at == arguments.Count || !order.Take(arguments[at - 1], arguments[at]))
            {
                return null;
            }
        }

        return order;
    }

    private bool Take(string option, string value)
    {
        switch (option)
        {
            case "--file":
                File = value;
                return true;
            case "--parts":
                Parts = value;
                return value.All("acde".Contains);
            case "--rows":
                Rows = [.. value.Split(',').Select(part => long.TryParse(part, CultureInfo.InvariantCulture, out var rows) ? rows : 0)];
                return Rows.All(rows => rows >= 10_000) && Rows.SequenceEqual(Rows.Order());
            case "--passes":
                Passes = int.TryParse(value, CultureInfo.InvariantCulture, out var passes) ? passes : 0;
                return Passes > 0;
            case "--register":
                RegisterFolder = Path.GetFullPath(value);
                return true;
            default:
                return false;
        }
    }
}
