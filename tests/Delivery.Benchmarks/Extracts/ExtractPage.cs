using static Delivery.Benchmarks.Extracts.Page;

namespace Delivery.Benchmarks.Extracts;

/// <summary>The results of extracts as a page, part by part.</summary>
internal sealed class ExtractPage(ExtractOrder order)
{
    private const double PipedTarget = 10, FilesTarget = 40, RawTarget = 0.5, GrowthTarget = 1.10, FirstTargetSeconds = 0.050;
    private const double PeakTargetBytes = 300 << 20;

    private readonly Page _body = new();
    private IReadOnlyList<Passes> _pulls = [];

    public override string ToString()
    {
        var head = new Page();
        head.Say($"# Extracts, measured");
        head.Say($"Made by `dotnet run -c Release --project tests/Delivery.Benchmarks -- extract` on {Machine.Describe()}. The register is synthetic: all 170 tests, every school year, every variable that may be delivered. Server and client are two processes on this machine with mutual TLS 1.3 between them, as `delivery server` and `delivery pull` run them. A and B took turns with C in each of {order.Passes} passes; figures are medians of the passes, ratios medians of the ratios of each pass, peaks the most of any pass. MB and GB are decimal, MiB binary.");
        head.Say($"“Rows” are results delivered. The voluntary ones, and those of 2019/20 that were not obligatory, never leave. A scope with both programmes is two extracts, NT and FNO, fetched one after the other by one pull.");
        if (_pulls.Count > 0)
        {
            Targets(head);
        }

        return head.ToString() + _body;
    }

    /// <summary>Parts A, B and C.</summary>
    public void Pulls(IReadOnlyList<Passes> pulls)
    {
        _pulls = pulls;
        _body.Say($"## A: from the store to the pseudonymised `.arrow`");
        _body.Table("| " + string.Join(" | ", pulls.Select(passes => Text($"{passes.Pull.Rows:N0} rows"))), [
            Row("tests in the approval", passes => Text($"{passes.Tests}")),
            Row("time of a pull, list to receipt", passes => Text($"{passes.Seconds:N2} s")),
            Row("rows/s", passes => Text($"{passes.Pull.Rows / passes.Seconds:N0}")),
            Row("sealed MB/s", passes => Text($"{passes.BytesPerSecond / 1e6:N0}")),
            Row("sealed bytes per row", passes => Text($"{(double)passes.Pull.SealedBytes / passes.Pull.Rows:N1}")),
            Row("bytes per row in the file", passes => Text($"{(double)passes.Pull.FileBytes / passes.Pull.Rows:N1}")),
            Row("batches", passes => Text($"{passes.Pull.Batches:N0}")),
            Row("peak resident memory of the server", passes => MiB(passes.ServerPeakBytes)),
            Row("peak resident memory of the client", passes => MiB(passes.ClientPeakBytes)),
            Row("own memory of the server at the end (without mapped files)", passes => MiB(passes.All[^1].Delivered.Server.AnonymousBytes)),
            Row("own memory of the client at the end", passes => MiB(passes.All[^1].Delivered.Client.AnonymousBytes)),
            Row("processor time of the server", passes => Text($"{passes.Median(pass => pass.Delivered.Server.CpuSeconds):N2} s")),
            Row("processor time of the client", passes => Text($"{passes.Median(pass => pass.Delivered.Client.CpuSeconds):N2} s")),
            Row("first batch, opened and readable, from opening the extract", passes => Text($"{Median(passes.FirstBatchSeconds) * 1000:N1} ms (slowest of {passes.FirstBatchSeconds.Count}: {passes.FirstBatchSeconds.Max() * 1000:N1} ms)")),
            Row("first batch in the file, from asking for the list of extracts", passes => Text($"{passes.Median(pass => pass.Delivered.Pull.FirstSeconds) * 1000:N1} ms")),
            Row("two fresh processes, one test: the pull, its first batch", passes => Text($"{passes.Cold.Seconds:N2} s, {passes.Cold.FirstSeconds * 1000:N0} ms")),
        ]);

        _body.Say($"## B: the limit");
        _body.Table("| " + string.Join(" | ", pulls.Select(passes => Text($"{passes.Pull.SealedBytes / 1e6:N0} MB"))), [
            Row("raw SslStream, mutual TLS 1.3, two processes", passes => Text($"{passes.Median(pass => pass.RawSeconds):N2} s, {passes.Pull.SealedBytes / passes.Median(pass => pass.RawSeconds) / 1e6:N0} MB/s")),
            Row("processor time of its sender and receiver", passes => Text($"{passes.Median(pass => pass.RawServerCpuSeconds):N2} + {passes.Median(pass => pass.RawClientCpuSeconds):N2} s")),
            Row("AES-256-GCM alone, one thread", passes => Text($"{passes.Pull.SealedBytes / passes.Median(pass => pass.Alone.AeadSeconds) / 1e6:N0} MB/s")),
            Row("SHA-256 alone, one thread", passes => Text($"{passes.Pull.SealedBytes / passes.Median(pass => pass.Alone.HashSeconds) / 1e6:N0} MB/s")),
            Row("writing the file alone, synced", passes => Text($"{passes.Pull.FileBytes / passes.Median(pass => pass.Alone.WriteSeconds) / 1e6:N0} MB/s")),
            Row("A moves its bytes at so much of raw SslStream", passes => Text($"{passes.OfRaw:N2}")),
            Row("processor time of A, both sides, against raw's", passes => Text($"{passes.Median(pass => (pass.Delivered.Server.CpuSeconds + pass.Delivered.Client.CpuSeconds) / (pass.RawServerCpuSeconds + pass.RawClientCpuSeconds)):N1} times")),
        ]);
        if (pulls.Any(passes => passes.WithToday.Count > 0))
        {
            Today(pulls);
        }

        IEnumerable<string> Row(string name, Func<Passes, string> of) => pulls.Select(of).Prepend(name);
    }

    /// <summary>Part D.</summary>
    public void Together(IReadOnlyList<Many> all)
    {
        _body.Say($"## D: many at once");
        _body.Say($"Each extract is of a project of its own, {all[0].Rows:N0} rows with every variable; one client process fetches them all. “First batch” is in the file, counted from asking for the list of extracts, all at the same moment.");
        _body.Table(
            "extracts at once | time | rows/s, all together | sealed MB/s, all together | first batch, median | first batch, p99 | peak memory of the server | of the client | own memory of the server at the end | of the client",
            all.Select(many => (string[])
            [
                Text($"{many.Streams}"),
                Text($"{many.Seconds:N2} s"),
                Text($"{many.Rows / many.Seconds:N0}"),
                Text($"{many.SealedBytes / many.Seconds / 1e6:N0}"),
                Text($"{many.FirstMedianSeconds * 1000:N0} ms"),
                Text($"{many.FirstP99Seconds * 1000:N0} ms"),
                MiB(many.Server.PeakBytes),
                MiB(many.Client.PeakBytes),
                MiB(many.Server.AnonymousBytes),
                MiB(many.Client.AnonymousBytes),
            ]));
    }

    /// <summary>Part E.</summary>
    public void Costs(IReadOnlyList<Cost> rows, IReadOnlyList<Cost> columns, IReadOnlyList<Cost> tests)
    {
        _body.Say($"## E: how the cost grows");
        Costs("rows in the register, all 170 tests", rows, "N0");
        Costs("columns, of the same 20 tests", columns, "N0");
        Costs("tests, every variable", tests, "N0");
    }

    /// <summary>What belongs at the end.</summary>
    public void Finish()
    {
        var notes = Path.Combine("tests", "Delivery.Benchmarks", "Extracts", "where-the-time-goes.md");
        if (_pulls.Count > 0 && File.Exists(notes))
        {
            _body.Say($"{File.ReadAllText(notes).TrimEnd('\n')}");
        }
    }

    private void Today(IReadOnlyList<Passes> pulls)
    {
        _body.Say($"## C: what people do today");
        _body.Say($"The same rows from a plain SQLite table. Piped: `sqlite3 -csv | gpg --encrypt --compress-algo none | ssh | gpg --decrypt > file`. By files: `sqlite3 -csv > file`, `gpg --encrypt` as it comes, `sftp`, `gpg --decrypt > file`. SSH goes over loopback to a server of the benchmark's own. Neither pseudonymises, looks at what may leave, or logs. With the larger number of rows they had their turn in one pass only.");
        _body.Table("| rows | CSV | time | rows/s | A is faster by", pulls.Where(passes => passes.WithToday.Count > 0).SelectMany(passes => (string[][])
        [
            Line("piped", passes, pass => pass.PipedSeconds, passes.TimesPiped),
            Line("by files", passes, pass => pass.FilesSeconds, passes.TimesFiles),
        ]));

        static string[] Line(string name, Passes passes, Func<Pass, double> seconds, double times)
        {
            var median = Median(passes.WithToday.Select(seconds));
            return [name, Text($"{passes.Pull.Rows:N0}"), Text($"{passes.WithToday[0].CsvBytes / 1e6:N0} MB"), Text($"{median:N1} s"), Text($"{passes.Pull.Rows / median:N0}"), Text($"{times:N1} times")];
        }
    }

    private void Costs(string varied, IReadOnlyList<Cost> costs, string form) => _body.Table(
        varied + " | rows delivered | time | ns a row | sealed bytes a row | peak memory of server and client so far",
        costs.Select(cost => (string[])
        [
            cost.Size.ToString(form, System.Globalization.CultureInfo.InvariantCulture),
            Text($"{cost.Last.Pull.Rows:N0}"),
            Text($"{cost.Seconds:N3} s"),
            Text($"{cost.Seconds * 1e9 / cost.Last.Pull.Rows:N0}"),
            Text($"{(double)cost.Last.Pull.SealedBytes / cost.Last.Pull.Rows:N1}"),
            Text($"{MiB(cost.Last.Server.PeakBytes)}, {MiB(cost.Last.Client.PeakBytes)}"),
        ]));

    private void Targets(Page head)
    {
        var (small, large) = (_pulls[0], _pulls[^1]);
        var first = Median(large.FirstBatchSeconds);
        head.Say($"## Targets");
        var rows = new List<string[]>();
        foreach (var passes in _pulls.Where(passes => passes.WithToday.Count > 0))
        {
            rows.Add([Text($"A against the piped status quo, {passes.Pull.Rows:N0} rows"), "10 times or more", Text($"{passes.TimesPiped:N1} times"), Met(passes.TimesPiped >= PipedTarget)]);
            rows.Add([Text($"A against the usual one, {passes.Pull.Rows:N0} rows"), "40 times or more", Text($"{passes.TimesFiles:N1} times"), Met(passes.TimesFiles >= FilesTarget)]);
        }

        rows.Add(["A moves its bytes at so much of raw SslStream", "0.5 or more", Text($"{large.OfRaw:N2}"), Met(large.OfRaw >= RawTarget)]);
        rows.Add(["peak memory of the server, the largest pull", "below 300 MiB", MiB(large.ServerPeakBytes), Met(large.ServerPeakBytes < PeakTargetBytes)]);
        rows.Add(["peak memory of the client, the largest pull", "below 300 MiB", MiB(large.ClientPeakBytes), Met(large.ClientPeakBytes < PeakTargetBytes)]);
        rows.Add(["the server's against the smallest pull's", "1.10 or less", Text($"{large.ServerPeakBytes / small.ServerPeakBytes:N2}"), Met(large.ServerPeakBytes <= GrowthTarget * small.ServerPeakBytes)]);
        rows.Add(["the client's against the smallest pull's", "1.10 or less", Text($"{large.ClientPeakBytes / small.ClientPeakBytes:N2}"), Met(large.ClientPeakBytes <= GrowthTarget * small.ClientPeakBytes)]);
        rows.Add(["time to first batch of the largest pull", "below 50 ms", Text($"{first * 1000:N1} ms"), Met(first < FirstTargetSeconds)]);
        head.Table("| target | measured | met", rows);
    }

    private static string Met(bool met) => met ? "yes" : "no";
}
