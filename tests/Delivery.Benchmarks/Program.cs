using System.Globalization;
using Delivery.Benchmarks;
using Delivery.Benchmarks.Extracts;
using Delivery.Benchmarks.Stores;

switch (args)
{
    case ["log"] or ["log", _]:
        var file = args.Length == 2 ? args[1] : Path.Combine("tests", "Delivery.Benchmarks", "results", "log.md");
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        await File.WriteAllTextAsync(file, await LogBenchmark.RunAsync(Console.Error.WriteLine));
        Console.WriteLine(file);
        return 0;
    case ["import"] or ["import", _] or ["import", _, _]:
        var page = args.Length > 1 ? args[1] : Path.Combine("tests", "Delivery.Benchmarks", "results", "import.md");
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(page))!);
        var rows = args.Length == 3 ? long.Parse(args[2], CultureInfo.InvariantCulture) : ImportBenchmark.FullRows;
        await File.WriteAllTextAsync(page, await ImportBenchmark.RunAsync(rows, Console.Error.WriteLine));
        Console.WriteLine(page);
        return 0;
    case ["store", .. var settings] when settings.Length <= 2:
        var storePage = settings.Length > 0 ? settings[0] : Path.Combine("tests", "Delivery.Benchmarks", "results", "store.md");
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(storePage))!);
        var storeRows = settings.Length == 2 ? long.Parse(settings[1], CultureInfo.InvariantCulture) : ImportBenchmark.FullRows;
        await File.WriteAllTextAsync(storePage, await StoreBenchmark.RunAsync(storeRows, Console.Error.WriteLine));
        Console.WriteLine(storePage);
        return 0;
    case ["extract", .. var rest] when ExtractOrder.TryRead(rest) is { } order:
        await ExtractBenchmark.RunAsync(order, Console.Error.WriteLine);
        Console.WriteLine(order.File);
        return 0;

    // The processes the benchmark starts of itself.
    case [ExtractRoles.Server, var register]:
        await ExtractRoles.ServeAsync(new Register(register, 0));
        return 0;
    case [AppendRole.Name, var folder, var connection]:
        await AppendRole.ServeAsync(folder, connection.Length == 0 ? null : new BenchmarkDatabase(connection));
        return 0;
    case [ExtractRoles.Client, var register, var address]:
        await ExtractRoles.PullAsync(new Register(register, 0), new Uri(address));
        return 0;
    case [RawTls.Server, var register]:
        await RawTls.ServeAsync(new Register(register, 0));
        return 0;
    case [RawTls.Client, var register, var port]:
        await RawTls.ReceiveAsync(new Register(register, 0), int.Parse(port, CultureInfo.InvariantCulture));
        return 0;
    default:
        Console.Error.WriteLine(ExtractOrder.Usage);
        Console.Error.WriteLine("       dotnet run -c Release --project tests/Delivery.Benchmarks -- import [FILE [ROWS]]");
        Console.Error.WriteLine("       dotnet run -c Release --project tests/Delivery.Benchmarks -- store [FILE [ROWS]]");
        return 2;
}
