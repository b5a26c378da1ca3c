using System.Security.Cryptography;
using Delivery.Client.Extracts;
using Delivery.Client.Keys;
using Delivery.Client.Pseudonyms;
using Delivery.Client.Pulls;
using Delivery.Client.Refusals;
using Delivery.Client.Sinks;

namespace Delivery.Tests.Client;

/// <summary>The promise of a pull: a file stands only if everything held, and only then is it acknowledged.</summary>
public sealed class PullTests : IDisposable
{
    private readonly ScriptedServer _server = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private readonly PseudonymKeyFile _master = PseudonymKeyFile.Generate();

    [Theory]
    [InlineData("results.arrow")]
    [InlineData("results.arrows")]
    [InlineData("results.csv")]
    public async Task A_proven_extract_stands_in_its_file_and_is_acknowledged(string name)
    {
        _server.CutAfter = call => call == 0 ? (2, Grpc.Core.StatusCode.Unavailable) : null;
        var result = await PullAsync(name);

        Assert.Equal((SampleResults.RowCount, 3L, "H-1", true), (result.Rows, result.Batches, result.HoldingId, result.ProofVerified));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(result.OutputFile))), result.OutputSha256);
        Assert.Equal(_server.Acknowledged!.LogIndex, result.LogIndex);
        Assert.Equal(Made(name), _folder.GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal));
        Assert.False(SampleResults.HoldsPupil(File.ReadAllBytes(result.OutputFile)));
    }

    [Fact]
    public async Task An_extract_that_is_not_proven_leaves_no_file_and_no_receipt()
    {
        _server.BendLeaf = (_, _) => Delivery.Tests.Log.SampleLeaves.All[0];

        await Assert.ThrowsAsync<ProofRefusedException>(() => PullAsync("results.arrow"));
        Assert.Empty(_folder.GetFiles());
        Assert.Null(_server.Acknowledged);
    }

    [Fact]
    public async Task A_pull_given_up_leaves_no_file_of_that_name_and_can_be_gone_on_with()
    {
        using var given = new CancellationTokenSource();
        var options = Options("results.csv", progress: new Told(_ => given.Cancel()));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PullAsync(options, given.Token));
        Assert.Equal(["results.csv.partial", "results.csv.state"], _folder.GetFiles().Select(file => file.Name).Order());
        Assert.Null(_server.Acknowledged);
        Assert.Equal(2, (await PullAsync("results.csv")).ResumedRows);
    }

    [Fact]
    public async Task A_batch_that_lies_under_an_honest_seal_leaves_no_file()
    {
        // Every number of the head of the second batch: its lengths, counts and offsets.
        var head = Delivery.Protocol.Arrow.ArrowMessage.ReadWhole(SampleResults.Tables[1].Write()).BodyStart;
        var refused = 0;
        foreach (var value in new[] { int.MaxValue, int.MinValue, -1, 4 })
        {
            for (var at = 0; at < head; at += sizeof(int))
            {
                var place = at;
                _server.BendMessage = (index, message) =>
                {
                    if (index == 1)
                    {
                        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(place), value);
                    }

                    return message;
                };
                refused += await IsRefusedAsync() ? 1 : 0;
            }
        }

        Assert.True(refused > 300, $"Only {refused} altered messages were noticed.");
    }

    [Fact]
    public async Task A_batch_of_more_rows_than_its_bytes_hold_leaves_no_file()
    {
        _server.BendMessage = (index, message) => index == 1 ? SampleResults.Tables[0].Write() : message;
        Assert.True(await IsRefusedAsync());
        _server.BendMessage = (index, message) => index == 1 ? [] : message;
        Assert.True(await IsRefusedAsync());
        Assert.Null(_server.Acknowledged);
    }

    [Fact]
    public void CPR_numbers_without_a_pseudonymiser_are_never_asked_for()
    {
        var options = new PullOptions
        {
            RecipientKey = null!, SenderPublicKeyFile = "", LogPolicyFile = "", OutputFile = Path.Combine(_folder.FullName, "results.arrow"),
        };

        Assert.Equal("E_PSEUDONYMISER_MISSING", Assert.Throws<DeliveryClientException>(() => ExtractPull.Plan(SampleResults.Extract, options, _server.Recipient, false)).Code);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task Progress_counts_rows_batches_and_bytes()
    {
        var told = new List<ExtractProgress>();
        await PullAsync(Options("results.arrow", progress: new Told(told.Add)), default);

        Assert.Equal([2L, 5L, 6L], told.Select(progress => progress.Rows));
        Assert.All(told, progress => Assert.True(progress.SealedBytes > 0));
        Assert.All(told, progress => Assert.Equal((10L, 3L, 0L), (progress.RowsMax, progress.BatchesTotal, progress.ResumedRows)));
        Assert.Equal([1L, 2L, 3L], told.Select(progress => progress.Batches));
        Assert.Equal(TimeSpan.Zero, told[^1].Remaining);
    }

    [Fact]
    public void A_receipt_is_this_text()
    {
        var proof = new ExtractProof(6, 3, 0, new string('a', 64), new string('b', 64), 9, default, default);

        Assert.Equal(
            "{\"approval_version\":3,\"batch_count\":3,\"call_id\":\"" + new string('b', 64)
            + "\",\"extract_id\":\"STIL-2026-017-NT-1\",\"list_digest\":\"" + new string('a', 64)
            + "\",\"project_id\":\"STIL-2026-017\",\"row_count\":6,\"v\":1}",
            System.Text.Encoding.ASCII.GetString(ReceiptDesk.Compose(SampleResults.Extract, proof)));
    }

    /// <summary>The files a finished pull leaves: its output, and beside text what describes it.</summary>
    internal static string[] Made(string output) => output.EndsWith(".csv", StringComparison.Ordinal) ? [output, CsvMetadata.NameFor(output)] : [output];

    public void Dispose()
    {
        _server.Dispose();
        _master.Dispose();
        _folder.Delete(recursive: true);
    }

    private Task<PullResult> PullAsync(string name) => PullAsync(Options(name), default);

    private Task<PullResult> PullAsync(PullOptions options, CancellationToken cancellation) =>
        ExtractPull.Plan(SampleResults.Extract, options, _server.Recipient, isOneOfSeveral: false).RunAsync(_server.OpenAsync, _server, TimeProvider.System, cancellation);

    private async Task<bool> IsRefusedAsync()
    {
        try
        {
            File.Delete((await PullAsync("results.arrow")).OutputFile);
            return false;
        }
        catch (DeliveryClientException refused)
        {
            Assert.Equal("E_SCHEMA", refused.Code);
            Assert.Empty(_folder.GetFiles());
            return true;
        }
    }

    private PullOptions Options(string name, IProgress<ExtractProgress>? progress = null) => new()
    {
        RecipientKey = null!,
        SenderPublicKeyFile = "",
        LogPolicyFile = "",
        OutputFile = Path.Combine(_folder.FullName, name),
        Pseudonymiser = new AesPseudonymiser(_master, SampleResults.ProjectId),
        Progress = progress,
    };

    private sealed class Told(Action<ExtractProgress> tell) : IProgress<ExtractProgress>
    {
        public void Report(ExtractProgress value) => tell(value);
    }
}
