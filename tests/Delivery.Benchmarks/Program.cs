using Delivery.Benchmarks;

if (args is not ["log", ..] || args.Length > 2)
{
    Console.Error.WriteLine("Usage: dotnet run -c Release --project tests/Delivery.Benchmarks -- log [FILE]");
    Console.Error.WriteLine("Writes its figures to FILE, by default tests/Delivery.Benchmarks/results/log.md.");
    return 2;
}

var file = args.Length == 2 ? args[1] : Path.Combine("tests", "Delivery.Benchmarks", "results", "log.md");
Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
await File.WriteAllTextAsync(file, await LogBenchmark.RunAsync(Console.Error.WriteLine));
Console.WriteLine(file);
return 0;
