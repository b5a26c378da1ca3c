using System.Globalization;

namespace Delivery.Benchmarks.Extracts;

/// <summary>Measures extracts from the store to the pseudonymised file, beside their limit and beside what people do today.</summary>
internal static class ExtractBenchmark
{
    public static async Task RunAsync(ExtractOrder order, Action<string> say)
    {
        var folder = order.RegisterFolder ?? Directory.CreateTempSubdirectory("delivery-benchmark-").FullName;
        try
        {
            var page = await MeasureAsync(order, new Registers(folder, say), say);
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(order.File))!);
            await File.WriteAllTextAsync(order.File, page.ToString().TrimEnd('\n') + "\n");
        }
        finally
        {
            if (order.RegisterFolder is null)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static async Task<ExtractPage> MeasureAsync(ExtractOrder order, Registers registers, Action<string> say)
    {
        var page = new ExtractPage(order);
        if (order.Parts.Contains('a'))
        {
            page.Pulls(await new PullPart(registers, order, say).RunAsync());
        }

        if (order.Parts.Contains('d'))
        {
            page.Together(await new ManyPart(registers, order, say).RunAsync());
        }

        if (order.Parts.Contains('e'))
        {
            var costs = new CostPart(registers, order, say);
            page.Costs(await costs.ByRowsAsync(), await costs.ByColumnsAsync(), await costs.ByTestsAsync());
        }

        page.Finish();
        return page;
    }
}

/// <summary>The registers of one folder by size, each made when first asked for.</summary>
internal sealed class Registers(string folder, Action<string> say)
{
    /// <summary>A file on the registers' disk for whatever is measured there.</summary>
    public string ScratchFile => Path.Combine(folder, "scratch");

    public async Task<Register> OfAsync(long rows)
    {
        var register = new Register(Path.Combine(folder, rows.ToString(CultureInfo.InvariantCulture)), rows);
        await register.EnsureAsync(say);
        return register;
    }
}
