using Delivery.EndToEnd.Extracts;
using Delivery.EndToEnd.Results;

namespace Delivery.EndToEnd.Running;

/// <summary>A server that holds one file of results and knows a recipient's key: where most tests begin. Shared by the tests of a class.</summary>
public class ServedResults(StoreKind store) : IAsyncLifetime
{
    /// <summary>Rows of the file. Default 20,000, some 118 of every test and year.</summary>
    internal int Rows { get; init; } = 20_000;

    /// <summary>Settings of the server beside the small segments and windows.</summary>
    internal IReadOnlyList<(string Key, string Value)> Settings { get; init; } = [];

    internal RunningServer Server { get; private set; } = null!;

    internal ResultsFile File { get; private set; } = null!;

    internal DstRecipient Recipient { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        // Small segments and windows make many of both out of few rows.
        Server = await RunningServer.StartNewAsync(store, [("Delivery:Storage:SegmentRowsMax", "256"), ("Delivery:Extracts:WindowBatches", "2"), .. Settings]);
        File = await ResultsFile.MakeAsync(Rows, seed: 1);
        var report = await Server.Channel("stil-intake").ImportAsync("first", File.Bytes);
        Assert.Equal((File.Lines.Count, 0), (report.AcceptedRowCount, report.RejectedRowCount));
        Recipient = new DstRecipient(Server);
        await Recipient.RegisterAsync();
    }

    public async Task DisposeAsync()
    {
        Recipient.Dispose();
        await Server.DisposeAsync();
    }
}

public sealed class ServedOnSqlite() : ServedResults(StoreKind.Sqlite);

public sealed class ServedOnPostgres() : ServedResults(StoreKind.Postgres);
