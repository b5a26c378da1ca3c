using Delivery.Client.Extracts;
using Delivery.Client.Keys;
using Delivery.Client.Pseudonyms;
using Delivery.Client.Pulls;
using Delivery.Client.Refusals;
using Delivery.Protocol.Domain;
using Grpc.Core;

namespace Delivery.Tests.Client;

/// <summary>A pull that was interrupted: the next one ends with the same bytes, or refuses to go on.</summary>
public sealed class PullResumeTests : IDisposable
{
    private readonly ScriptedServer _server = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private readonly PseudonymKeyFile _master = PseudonymKeyFile.Generate();

    public static TheoryData<string, int> Cuts
    {
        get
        {
            var cuts = new TheoryData<string, int>();
            foreach (var name in new[] { "results.arrow", "results.arrows", "results.csv" })
            {
                for (var batches = 0; batches <= SampleResults.Tables.Count; batches++)
                {
                    cuts.Add(name, batches);
                }
            }

            return cuts;
        }
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task A_pull_gone_on_with_gives_the_bytes_of_one_in_one_go(string name, int batches)
    {
        var whole = await File.ReadAllBytesAsync((await PullAsync("whole-" + name)).OutputFile);
        await CutAsync(name, batches);
        Assert.Equal(batches > 0, File.Exists(At(name + ".state")));
        Assert.False(File.Exists(At(name)));

        // What a killed process had written past its last saved state is cut off again.
        if (batches > 0)
        {
            await File.AppendAllBytesAsync(At(name + ".partial"), [1, 2, 3]);
        }

        var asked = _server.Requests.Count;
        var result = await PullAsync(name);
        Assert.Equal(batches, _server.Requests[asked].FirstBatch);
        Assert.Equal(SampleResults.Tables.Take(batches).Sum(table => table.RowCount), result.ResumedRows);
        Assert.Equal((SampleResults.RowCount, 3L), (result.Rows, result.Batches));
        Assert.Equal(whole, await File.ReadAllBytesAsync(result.OutputFile));
        Assert.Equal(["C1"], result.Warnings.Select(warning => warning.Code));
        Assert.Equal([.. PullTests.Made(name), .. PullTests.Made("whole-" + name)], _folder.GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_state_tells_no_pupil_no_key_and_no_salt()
    {
        await CutAsync("results.csv", 2);
        var state = await File.ReadAllTextAsync(At("results.csv.state"));
        Assert.False(SampleResults.HoldsPupil(System.Text.Encoding.ASCII.GetBytes(state)));
        Assert.Equal(
            ["approval_version", "call_id", "extract_id", "log_index", "mapping_id", "next_batch", "output_bytes", "output_sha256", "project_id", "rows",
                "running_digest", "schema_fingerprint", "sealed_bytes", "v", "warnings"],
            System.Text.Json.JsonDocument.Parse(state.Split('\n')[0]).RootElement.EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task Every_altered_byte_of_a_state_is_noticed()
    {
        await CutAsync("results.csv", 2);
        var state = await File.ReadAllBytesAsync(At("results.csv.state"));
        for (var at = 0; at < state.Length; at++)
        {
            state[at] ^= 1;
            await File.WriteAllBytesAsync(At("results.csv.state"), state);
            Assert.Equal("E_PULL_STATE", (await RefusedAsync("results.csv")).Code);
            state[at] ^= 1;
        }

        foreach (var length in new[] { 0, 1, state.Length - 1 })
        {
            await File.WriteAllBytesAsync(At("results.csv.state"), state[..length]);
            Assert.Equal("E_PULL_STATE", (await RefusedAsync("results.csv")).Code);
        }

        await File.WriteAllBytesAsync(At("results.csv.state"), state);
        Assert.True((await PullAsync("results.csv")).ResumedRows > 0);
    }

    [Theory]
    [InlineData("results.arrow")]
    [InlineData("results.arrows")]
    [InlineData("results.csv")]
    public async Task An_altered_output_is_not_gone_on_with(string name)
    {
        await CutAsync(name, 2);
        var partial = await File.ReadAllBytesAsync(At(name + ".partial"));
        partial[partial.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(At(name + ".partial"), partial);
        Assert.Equal("E_PULL_STATE", (await RefusedAsync(name)).Code);

        await File.WriteAllBytesAsync(At(name + ".partial"), partial[..^1]);
        Assert.Equal("E_PULL_STATE", (await RefusedAsync(name)).Code);

        File.Delete(At(name + ".partial"));
        Assert.Equal("E_PULL_STATE", (await RefusedAsync(name)).Code);
        Assert.False(File.Exists(At(name)));
    }

    [Fact]
    public async Task What_an_interrupted_pull_left_is_discarded_when_that_is_asked_for()
    {
        await CutAsync("results.csv", 2);
        await File.WriteAllTextAsync(At("results.csv.state"), "edited");

        Assert.Equal(0, (await PullAsync("results.csv", options => options.Restart = true)).ResumedRows);
        Assert.Equal(PullTests.Made("results.csv"), _folder.GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_state_belongs_to_one_extract_and_one_set_of_pseudonyms()
    {
        await CutAsync("results.csv", 1);
        var extract = SampleResults.Extract;
        Assert.Equal("extract", (await RefusedAsync("results.csv", extract.As("STIL-2026-017-NT-2", 3))).Violations[0].Subject);
        Assert.Equal("extract", (await RefusedAsync("results.csv", extract.As(extract.ExtractId, 4))).Violations[0].Subject);
        Assert.Equal("project", (await RefusedAsync("results.csv", Elsewhere())).Violations[0].Subject);

        using var other = PseudonymKeyFile.Generate();
        var refused = await RefusedAsync("results.csv", options: options => options.Pseudonymiser = new AesPseudonymiser(other, SampleResults.ProjectId));
        Assert.Equal(("E_PULL_OTHER", "pseudonyms"), (refused.Code, refused.Violations[0].Subject));
    }

    [Fact]
    public async Task A_proven_output_gets_its_receipt_even_if_the_process_died_before()
    {
        var whole = await File.ReadAllBytesAsync((await PullAsync("whole.arrow")).OutputFile);
        _server.Acknowledging = () => throw new InvalidOperationException("died");
        await Assert.ThrowsAsync<InvalidOperationException>(() => PullAsync("results.arrow"));
        Assert.True(File.Exists(At("results.arrow")));
        _server.Acknowledging = () => { };

        // Whether it died before the file had its name or after, and whatever extract is on offer by now.
        foreach (var isNamed in new[] { false, true })
        {
            if (!isNamed)
            {
                File.Move(At("results.arrow"), At("results.arrow.partial"));
            }

            var state = await File.ReadAllBytesAsync(At("results.arrow.state"));
            var asked = _server.Requests.Count;
            var result = await PullAsync("results.arrow", extract: SampleResults.Extract.As("STIL-2026-017-NT-2", 3));
            Assert.Equal((SampleResults.ExtractId, asked), (result.ExtractId, _server.Requests.Count));
            Assert.Equal(whole, await File.ReadAllBytesAsync(result.OutputFile));
            Assert.Equal(result.LogIndex, _server.Acknowledged!.LogIndex);
            Assert.False(File.Exists(At("results.arrow.state")));
            await File.WriteAllBytesAsync(At("results.arrow.state"), state);
        }

        await File.AppendAllTextAsync(At("results.arrow"), "x");
        Assert.Equal("E_PULL_STATE", (await RefusedAsync("results.arrow")).Code);
    }

    [Fact]
    public async Task Two_pulls_never_write_one_file()
    {
        DeliveryClientException? second = null;
        await PullAsync("results.csv", options => options.Told = _ => second ??= RefusedAsync("results.csv").GetAwaiter().GetResult());
        Assert.Equal("E_FILE", second!.Code);
    }

    [Theory]
    [InlineData("R06", "WITHDRAWN", false)]
    [InlineData("R06", "SUSPENDED", true)]
    [InlineData("R03", "", false)]
    [InlineData("E_EXTRACT_CHANGED", "", false)]
    [InlineData("E_RESUME_MISMATCH", "", false)]
    [InlineData("E_TOO_MANY_STREAMS", "", true)]
    [InlineData("E_STORE_FULL", "", true)]
    public void Unfinished_pseudonyms_stay_only_while_the_rest_may_come(string code, string subject, bool stays) =>
        Assert.Equal(stays, PullRemains.AreKept(new DeliveryRefusedException("FailedPrecondition", [Violation.Of(ReasonCatalogue.Get(code), subject)], null)));

    [Fact]
    public async Task A_seal_that_does_not_hold_ends_an_interrupted_pull_for_good()
    {
        await CutAsync("results.csv", 1);
        _server.Bend = (_, frames) => [frames[0], frames[2]];
        await Assert.ThrowsAsync<ProofRefusedException>(() => PullAsync("results.csv"));
        Assert.Empty(_folder.GetFiles());
    }

    public void Dispose()
    {
        _server.Dispose();
        _master.Dispose();
        _folder.Delete(recursive: true);
    }

    private static ExtractInfo Elsewhere() => new(SampleResults.Extract.Schema)
    {
        ProjectId = "STIL-2026-018", ApprovalVersion = 3, ExtractId = SampleResults.ExtractId, Programme = Programme.NT, RowsMax = 10, Batches = 3, IsPinned = true,
    };

    /// <summary>A pull that brings so many batches and then finds the server gone for good.</summary>
    private async Task CutAsync(string name, int batches)
    {
        var first = _server.Requests.Count;
        _server.CutAfter = call => call == first ? (batches + 1, StatusCode.Unavailable) : (0, StatusCode.Unavailable);
        Assert.Equal("E_SERVER_UNREACHABLE", (await RefusedAsync(name)).Code);
        _server.CutAfter = _ => null;
    }

    private Task<DeliveryClientException> RefusedAsync(string name, ExtractInfo? extract = null, Action<Choices>? options = null) =>
        Assert.ThrowsAsync<DeliveryClientException>(() => PullAsync(name, options, extract));

    private async Task<PullResult> PullAsync(string name, Action<Choices>? change = null, ExtractInfo? extract = null)
    {
        var choices = new Choices { Pseudonymiser = new AesPseudonymiser(_master, SampleResults.ProjectId) };
        change?.Invoke(choices);
        var options = new PullOptions
        {
            RecipientKey = null!,
            SenderPublicKeyFile = "",
            LogPolicyFile = "",
            OutputFile = At(name),
            Pseudonymiser = choices.Pseudonymiser,
            Restart = choices.Restart,
            SaveInterval = TimeSpan.Zero,
            Progress = choices,
        };
        return await ExtractPull.Plan(extract ?? SampleResults.Extract, options, _server.Recipient, isOneOfSeveral: false)
            .RunAsync(_server.OpenAsync, _server, TimeProvider.System, default);
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private sealed class Choices : IProgress<ExtractProgress>
    {
        public required IPseudonymiser Pseudonymiser { get; set; }

        public bool Restart { get; set; }

        public Action<ExtractProgress> Told { get; set; } = _ => { };

        public void Report(ExtractProgress value) => Told(value);
    }
}
