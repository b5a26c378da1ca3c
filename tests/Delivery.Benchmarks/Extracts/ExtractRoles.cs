using System.Diagnostics;
using System.Globalization;
using Delivery.Client.Extracts;
using Delivery.Client.Keys;
using Delivery.Client.Pseudonyms;
using Delivery.Server.Hosting;
using Delivery.Tool.CommandLine;
using Delivery.Tool.Hosting;

namespace Delivery.Benchmarks.Extracts;

/// <summary>What one pull came to.</summary>
/// <param name="Rows">Rows in the file or files.</param>
/// <param name="Batches">Batches received.</param>
/// <param name="SealedBytes">Sealed bytes received.</param>
/// <param name="FileBytes">Bytes of the file or files.</param>
/// <param name="Seconds">From asking for the list of extracts to the last receipt.</param>
/// <param name="FirstSeconds">From asking for the list to the first batch in the file.</param>
internal sealed record PullFigures(long Rows, long Batches, long SealedBytes, long FileBytes, double Seconds, double FirstSeconds);

/// <summary>The two sides of an extract, each in a process of its own: the server as it is, and the client library as <c>delivery pull</c> uses it.</summary>
internal static class ExtractRoles
{
    public const string Server = "extract-server";

    public const string Client = "extract-client";

    // Part D asks for more streams at once than one organisation may have by default.
    private const int StreamsMax = 256;

    public static async Task ServeAsync(Register register)
    {
        var settings = DevelopmentServer.Settings(register.Certs, register.Data, port: 0);
        settings["Logging:LogLevel:Default"] = "Warning";
        foreach (var (key, value) in register.Database?.Settings ?? [])
        {
            settings[key] = value;
        }

        settings["Delivery:Extracts:StreamsPerOrganisationMax"] = StreamsMax.ToString(CultureInfo.InvariantCulture);
        await using var app = DeliveryServer.Build([], settings);
        await app.StartAsync();
        await Child.ServeAsync(app.Urls.First(), _ => throw new NotSupportedException("A server is asked for its figures only."));
        await app.StopAsync();
    }

    public static async Task PullAsync(Register register, Uri address)
    {
        var where = new Connection(address, register.Certs, "dst-ingestion");
        using var client = where.Open();
        using var key = RecipientKeyFile.Load(where.RecipientKeyFile);
        using var master = PseudonymKeyFile.Load(where.PseudonymKeyFile);
        await Child.ServeAsync("ready", async words => words switch
        {
            ["pull", var project] => await PullOneAsync(project),
            ["together", .. var projects] => await Task.WhenAll(projects.Select(project => Task.Run(() => PullOneAsync(project)))),
            ["first", var project] => await FirstAsync(project),
            _ => throw new NotSupportedException(words[0]),
        });

        async Task<PullFigures> PullOneAsync(string project)
        {
            var file = Path.Combine(register.Output, project + ".arrow");
            RemoveEarlier(project);
            using var pseudonymiser = new AesPseudonymiser(master, project);
            var watch = Stopwatch.StartNew();
            var first = new FirstReport(watch);
            var options = new PullOptions
            {
                RecipientKey = key,
                SenderPublicKeyFile = where.SenderPublicKeyFile,
                LogPolicyFile = where.LogPolicyFile,
                OutputFile = file,
                Pseudonymiser = pseudonymiser,
                Progress = first,
            };
            var results = await client.Extracts.PullAsync(project, null, options);
            var seconds = watch.Elapsed.TotalSeconds;
            return new PullFigures(
                results.Sum(result => result.Rows),
                results.Sum(result => result.Batches),
                results.Sum(result => result.SealedBytes),
                results.Sum(result => new FileInfo(result.OutputFile).Length),
                seconds,
                first.Seconds);
        }

        // An earlier pass's file is not part of what is measured, and neither is removing it.
        void RemoveEarlier(string project)
        {
            foreach (var earlier in Directory.EnumerateFiles(register.Output, project + ".*"))
            {
                File.Delete(earlier);
            }
        }

        // The first batch of the first extract, opened and readable; then the call is abandoned.
        async Task<object> FirstAsync(string project)
        {
            var options = new ExtractReadOptions { RecipientKey = key, SenderPublicKeyFile = where.SenderPublicKeyFile, LogPolicyFile = where.LogPolicyFile };
            var extract = (await client.Extracts.ListAsync(project))[0];
            var watch = Stopwatch.StartNew();
            await using var opened = await client.Extracts.OpenAsync(extract, options);
            await foreach (var batch in opened.ReadBatchesAsync())
            {
                return new PullFigures(batch.RowCount, 1, 0, 0, watch.Elapsed.TotalSeconds, watch.Elapsed.TotalSeconds);
            }

            throw new InvalidOperationException("The extract had no batch.");
        }
    }

    private sealed class FirstReport(Stopwatch watch) : IProgress<ExtractProgress>
    {
        public double Seconds { get; private set; }

        public void Report(ExtractProgress value)
        {
            if (Seconds == 0 && value.Rows > 0)
            {
                Seconds = watch.Elapsed.TotalSeconds;
            }
        }
    }
}
