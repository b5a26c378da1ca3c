using System.Security.Cryptography;
using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Extracts;
using Delivery.EndToEnd.Results;
using Delivery.EndToEnd.Running;
using Delivery.Protocol.V1;

namespace Delivery.EndToEnd.Crash;

/// <summary>A stopped server with one extract that was pulled once as a whole, and what that brought: the measure of every later pull.</summary>
internal sealed class WholeExtract : IAsyncDisposable
{
    // Enough that a stream cannot end in buffers before the server is killed.
    private const int FileRows = 40_000;

    private WholeExtract(RunningServer server, DstRecipient recipient) => (Server, Recipient) = (server, recipient);

    public RunningServer Server { get; }

    public DstRecipient Recipient { get; }

    public Extract Extract { get; private set; } = new();

    /// <summary>SHA-256 of each opened batch.</summary>
    public IReadOnlyList<byte[]> Batches { get; private set; } = [];

    public byte[] RunningDigest { get; private set; } = [];

    public long Rows { get; private set; }

    public static async Task<WholeExtract> MakeAsync(StoreKind store)
    {
        // Small segments and windows make many of both out of few rows. A server that was killed is given up soon.
        var server = await RunningServer.StartNewAsync(
            store, ("Delivery:Storage:SegmentRowsMax", "256"), ("Delivery:Extracts:WindowBatches", "2"), ("Delivery:Database:ReplicaTimeout", "00:00:01"));
        var whole = new WholeExtract(server, new DstRecipient(server));
        await whole.PullAsync();
        await server.StopAsync();
        return whole;
    }

    public async ValueTask DisposeAsync()
    {
        Recipient.Dispose();
        await Server.DisposeAsync();
    }

    private async Task PullAsync()
    {
        var file = await ResultsFile.MakeAsync(FileRows, seed: 7);
        await Server.Channel("stil-intake").ImportAsync("kill", file.Bytes);
        await Recipient.RegisterAsync();
        var approval = SampleApproval.WideOf(Server, "KILL");
        await Server.PushAsync(approval);
        Extract = Assert.Single(await Recipient.ListAsync("KILL"));
        using var stream = await Recipient.PullAsync(Extract);
        (Batches, RunningDigest, Rows) = ([.. stream.Batches.Select(SHA256.HashData)], stream.RunningDigest, stream.Rows);
        Assert.Equal(ExpectedExtract.Of(approval, "NT", file).Rows, (await ArrowRows.ReadAsync(stream.Header.Schema.Memory, stream.Batches)).Rows);
    }
}
