using System.Globalization;
using Delivery.Client;
using Delivery.EndToEnd.Running;

namespace Delivery.EndToEnd.Failover;

/// <summary>Several server processes on one database, with the same certificates and the same key-encryption key, and callers who know all their addresses.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("delivery-fleet-");

    /// <param name="database">Where the database is.</param>
    /// <param name="count">How many servers there are.</param>
    /// <param name="settings">What they have beside the usual.</param>
    public Fleet(IEnumerable<(string Key, string Value)> database, int count, params IEnumerable<(string Key, string Value)> settings)
    {
        Home = new RunningServer(StoreKind.Sqlite);
        foreach (var (key, value) in database.Concat(settings))
        {
            Home.Settings[key] = value;
        }

        Replicas = [.. Enumerable.Range(0, count).Select(Another)];
        Home.ChildAddress = Replicas[0].Address;
    }

    /// <summary>Settings and certificates of all; it is never started and leads to one of the replicas.</summary>
    public RunningServer Home { get; }

    public IReadOnlyList<Replica> Replicas { get; }

    public static IEnumerable<(string Key, string Value)> On(string connectionString) =>
        [("Delivery:Database:Provider", nameof(StoreKind.Postgres)), ("Delivery:Database:ConnectionString", connectionString)];

    /// <summary>A further replica, with a data folder of its own.</summary>
    public Replica Another(int number) => new(Home.Settings, At(string.Create(CultureInfo.InvariantCulture, $"data-{number}")));

    public Task StartAsync() => Task.WhenAll(Replicas.Select(replica => replica.StartAsync()));

    /// <summary>Every address, as the command line takes them; the first is that of the replica with this number.</summary>
    public string Addresses(int first) => string.Join(',', Circle(first).Select(address => address.Authority));

    /// <summary>The client library with every address, the replica with this number first.</summary>
    public DeliveryClient Client(string certificate, int first)
    {
        var circle = Circle(first);
        return new DeliveryClient(new DeliveryClientOptions
        {
            Address = circle[0],
            OtherAddresses = circle[1..],
            ServerRootsFile = Home.CertificateFile("ca"),
            CertificateFile = Home.CertificateFile(certificate),
            KeyFile = Path.Combine(Home.CertificateFolder, certificate + ".key"),
        });
    }

    /// <summary>A file of the callers'.</summary>
    public string At(string name) => Path.Combine(_folder.FullName, name);

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in Replicas)
        {
            replica.Dispose();
        }

        await Home.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private List<Uri> Circle(int first) => [.. Enumerable.Range(first, Replicas.Count).Select(number => Replicas[number % Replicas.Count].Address)];
}
