using System.Globalization;
using Delivery.Client.Development;
using Delivery.Client.Intake;
using Delivery.Client.Keys;
using Delivery.Client.Synthetic;
using Delivery.Protocol.Domain;
using Delivery.Benchmarks.Stores;
using Delivery.Tool.CommandLine;
using Delivery.Tool.Demonstration;

namespace Delivery.Benchmarks.Extracts;

/// <summary>
/// A register of made-up results at rest in a folder, with its certificates and keys: made once, used by every run that names the folder.
/// </summary>
/// <param name="root">Folder of this register.</param>
/// <param name="rows">Rows of all 170 tests together.</param>
internal sealed class Register(string root, long rows)
{
    private const ulong Seed = 1;
    private const int KeyDays = 365;

    public string Root => root;

    public long Rows => rows;

    public SyntheticResults Results { get; } = new(rows, Seed);

    public string Certs => PathOf("certs");

    public string Data => PathOf("data");

    public string Output => PathOf("output");

    /// <summary>The PostgreSQL database that holds the rows; null when the folder itself does.</summary>
    public BenchmarkDatabase? Database => File.Exists(DatabaseFile) ? new BenchmarkDatabase(File.ReadAllText(DatabaseFile)) : null;

    private string DatabaseFile => PathOf("postgres");

    private string ReadyFile => PathOf("ready");

    private string ApprovedFile => PathOf("approved");

    /// <summary>A file of this register.</summary>
    public string PathOf(string name) => Path.Combine(root, name);

    /// <summary>Puts the rows into a PostgreSQL database instead of the folder. Before they are imported.</summary>
    public void KeepIn(BenchmarkDatabase database)
    {
        Directory.CreateDirectory(root);
        File.WriteAllText(DatabaseFile, database.ConnectionString);
    }

    /// <summary>Makes certificates and imports the rows, unless an earlier run did.</summary>
    public async Task EnsureAsync(Action<string> say)
    {
        Directory.CreateDirectory(Output);
        if (File.Exists(ReadyFile))
        {
            return;
        }

        say(string.Create(CultureInfo.InvariantCulture, $"making a register of {rows:N0} rows"));
        DevelopmentCertificates.Create(Certs, TimeProvider.System);
        var source = PathOf("source.csv");
        await using (var file = File.Create(source))
        {
            await SyntheticCsvWriter.WriteAsync(Results, file);
        }

        var (server, address) = await Child.StartAsync(ExtractRoles.Server, root);
        await using (server)
        {
            var where = new Connection(new Uri(address), Certs, "stil-intake");
            using (var intake = where.Open())
            {
                await intake.Intake.ImportCsvAsync(source, new ImportOptions { SourceDeliveryId = "benchmark" });
            }

            await RegisterKeyAsync(where.As("dst-ingestion"));
            await PublishAsync(where.As("stil-approvals"));
        }

        File.Delete(source);
        await File.WriteAllTextAsync(ReadyFile, "");
    }

    /// <summary>Approves a project, unless an earlier run did.</summary>
    public async Task ApproveAsync(Uri address, string project, Scope scope)
    {
        if (File.Exists(ApprovedFile) && (await File.ReadAllLinesAsync(ApprovedFile)).Contains(project))
        {
            return;
        }

        using var client = new Connection(address, Certs, "stil-approvals").Open();
        await client.Approvals.PushAsync(DemoApproval.Write(project, scope, TimeProvider.System.GetUtcNow()));
        await File.AppendAllLinesAsync(ApprovedFile, [project]);
    }

    private async Task RegisterKeyAsync(Connection where)
    {
        var from = TimeProvider.System.GetUtcNow().AddMinutes(-1);
        using var key = RecipientKeyFile.Generate(
            RecipientKeySuite.P256,
            DevelopmentCertificates.RecipientOrganisation,
            Path.Combine(Certs, "dst-recipient-signing.pem"),
            Path.Combine(Certs, "dst-recipient-signing.key"),
            from,
            from.AddDays(KeyDays));
        key.Save(where.RecipientKeyFile);
        using var client = where.Open();
        await client.Extracts.RegisterRecipientKeyAsync(key);
    }

    private static async Task PublishAsync(Connection where)
    {
        using var client = where.Open();
        var today = DanishTime.DateOf(TimeProvider.System.GetUtcNow());
        var missing = (await client.Catalogue.ListPublicationsAsync()).Where(publication => publication.PublishedOn is null);
        foreach (var publication in missing)
        {
            await client.Catalogue.PublishNationalResultsAsync(publication.Programme, publication.SchoolYear, today, "benchmark");
        }
    }
}
