using Delivery.Client.Development;
using Delivery.EndToEnd.Extracts;
using Delivery.EndToEnd.Results;
using Delivery.EndToEnd.Running;

namespace Delivery.EndToEnd.Rules;

/// <summary>A server with few rows of every test, one batch per test and year and two batches per window, so that a stream has many places to be cut at.</summary>
public abstract class RuleServer(StoreKind store) : IAsyncLifetime
{
    /// <summary>Batches that may leave under one leaf.</summary>
    internal const int WindowBatches = 2;

    private const string OtherRecipient = "Delivery:Identity:Roles:100:";

    // Some 23 rows of every test and year.
    private const int Rows = 4_000;

    internal RunningServer Server { get; private set; } = null!;

    internal DstRecipient Recipient { get; private set; } = null!;

    internal FrameHooks Frames { get; } = new();

    internal Acts Acts { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = new RunningServer(
            store,
            ("Delivery:Extracts:WindowBatches", $"{WindowBatches}"),
            ("Delivery:Extracts:WindowBytes", $"{256 << 10}"),
            // These tests turn the clock by years; what becomes of extracts nobody finishes has tests of its own.
            ("Delivery:Extracts:AbandonAfter", "3660.00:00:00"),
            // Streams that a test has left end a moment later; how many there may be at a time has tests of its own.
            ("Delivery:Extracts:StreamsPerOrganisationMax", "64"),
            // Somebody else with the recipient's role.
            ($"{OtherRecipient}Issuer", DevelopmentCertificates.Authority),
            ($"{OtherRecipient}OrganizationIdentifier", "NTRDK-20000007"),
            ($"{OtherRecipient}CommonName", "dst-ingestion"),
            ($"{OtherRecipient}Role", "dst-ingestion"))
        { OwnParts = Frames.AddTo };
        // Well into the next day: no date changes by itself while the tests run.
        Server.Clock.Turn(TimeSpan.FromHours(34) - Server.Clock.GetUtcNow().TimeOfDay);
        await Server.StartAsync();
        var file = await ResultsFile.MakeAsync(Rows, seed: 11);
        await Server.Channel("stil-intake").ImportAsync("rules", file.Bytes);
        Recipient = new DstRecipient(Server);
        await Recipient.RegisterAsync();
        Acts = new Acts(Server, Recipient);
    }

    public async Task DisposeAsync()
    {
        Recipient.Dispose();
        await Server.DisposeAsync();
    }
}

public sealed class RuleServerOnSqlite() : RuleServer(StoreKind.Sqlite);

public sealed class RuleServerOnPostgres() : RuleServer(StoreKind.Postgres);

/// <summary>Test classes that share one server and run one after the other, so that each may turn its clock and turn it back.</summary>
[CollectionDefinition(Name)]
public sealed class RulesOnSqlite : ICollectionFixture<RuleServerOnSqlite>
{
    public const string Name = "one server of rules on SQLite";
}

/// <summary>The same on the other store.</summary>
[CollectionDefinition(Name)]
public sealed class RulesOnPostgres : ICollectionFixture<RuleServerOnPostgres>
{
    public const string Name = "one server of rules on PostgreSQL";
}
