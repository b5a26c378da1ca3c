using Delivery.Client.Development;
using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.Log;
using Delivery.Protocol.V1;
using Grpc.Core;

namespace Delivery.EndToEnd.TransferLog;

/// <summary>A log whose key changes, that is frozen, or that begins anew after its key was lost.</summary>
public abstract class LogKeyTests(StoreKind store) : IAsyncLifetime
{
    private const string SigningKeyFile = "Delivery:TransferLog:SigningKeyFile";
    private const string NextSigningKeyFile = "Delivery:TransferLog:NextSigningKeyFile";
    private const string PreviousOrigin = "Delivery:TransferLog:PreviousOrigin";
    private const string PreviousCheckpointFile = "Delivery:TransferLog:PreviousCheckpointFile";

    private readonly RunningServer _server = WitnessedServer.Create(store);

    public Task InitializeAsync() => _server.StartAsync();

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task A_planned_change_of_key_is_in_the_log_and_no_one_is_left_without_a_signature()
    {
        using var next = _server.NewKey("next.key");
        var oldPolicy = LogPolicy.Parse(File.ReadAllText(_server.PolicyFile()));
        var newPolicy = WitnessedServer.PolicyOf(next);
        var both = new LogPolicy(oldPolicy.Origin, [.. oldPolicy.LogKeys, .. newPolicy.LogKeys]);

        await RestartAsync((NextSigningKeyFile, _server.At("next.key")));
        await RestartAsync();
        var rotated = Assert.Single(_server.Leaves(), leaf => leaf.Type == LeafType.KeyRotated);
        Assert.Equal((oldPolicy.LogKeys[0].SpkiSha256, newPolicy.LogKeys[0].SpkiSha256), (rotated.Hash("old_key_id"), rotated.Hash("new_key_id")));
        var note = await CheckpointAsync();
        Assert.All([oldPolicy, newPolicy, both], policy => Assert.Equal(LogProofCode.Proven, CheckpointVerifier.Open(policy, note).Code));

        await RestartAsync((SigningKeyFile, _server.At("next.key")), (NextSigningKeyFile, ""));
        await _server.PushAsync(SampleApproval.Of(_server, "AFTER-SWAP"));
        note = await CheckpointAsync();
        Assert.Equal(
            [LogProofCode.SignatureMissing, LogProofCode.Proven, LogProofCode.Proven],
            new[] { oldPolicy, newPolicy, both }.Select(policy => CheckpointVerifier.Open(policy, note).Code));
    }

    [Fact]
    public async Task A_key_nobody_announced_signs_nothing()
    {
        using var other = _server.NewKey("other.key");
        Assert.Contains("NextSigningKeyFile", await RefusedStartAsync((SigningKeyFile, _server.At("other.key"))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_retired_key_never_signs_again()
    {
        using var next = _server.NewKey("next.key");
        var first = _server.Settings[SigningKeyFile]!;
        await RestartAsync((NextSigningKeyFile, _server.At("next.key")));

        Assert.Contains("SigningKeyFile", await RefusedStartAsync((NextSigningKeyFile, "")), StringComparison.Ordinal);
        Assert.Contains("retired", await RefusedStartAsync((SigningKeyFile, _server.At("next.key")), (NextSigningKeyFile, first)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_frozen_log_can_be_proven_and_takes_nothing_more()
    {
        var before = _server.LogSize();
        await RestartAsync(("Delivery:TransferLog:Frozen", "true"));

        await RefusedCall.ExpectAsync("E_LOG_UNAVAILABLE", StatusCode.Unavailable, () => _server.PushAsync(SampleApproval.Of(_server, "FROZEN")));
        using var auditor = _server.Client("auditor");
        var report = await auditor.Log.VerifyAsync(_server.PolicyFile());
        Assert.Equal((before, before, true), (report.LogSize, _server.LogSize(), report.IsWhole));

        await RestartAsync(("Delivery:TransferLog:Frozen", "false"));
        await _server.PushAsync(SampleApproval.Of(_server, "THAWED"));
        Assert.Equal(before + 1, _server.LogSize());
    }

    [Fact]
    public async Task A_log_that_cannot_begin_is_told_so()
    {
        _server.BeginAnew();
        Assert.Contains("Frozen", await RefusedStartAsync(("Delivery:TransferLog:Frozen", "true")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_log_names_the_one_it_continues_and_its_last_checkpoint()
    {
        var note = await CheckpointAsync();
        File.WriteAllBytes(_server.At("last.checkpoint"), note);
        using var key = _server.NewKey("fresh.key");
        _server.BeginAnew();
        await RestartAsync(
            (SigningKeyFile, _server.At("fresh.key")), ("Delivery:TransferLog:Origin", "delivery.example/second"),
            (PreviousOrigin, DevelopmentCertificates.LogOrigin), (PreviousCheckpointFile, _server.At("last.checkpoint")));

        var genesis = _server.Leaves()[0];
        Assert.Equal(
            (DevelopmentCertificates.LogOrigin, LogHash.Of(System.Text.Encoding.UTF8.GetBytes(SignedNote.Parse(note).Text))),
            (genesis.Text("previous_origin"), genesis.Hash("previous_checkpoint_hash")));

        // The settings may stay; another previous log may not take its place.
        await RestartAsync();
        File.WriteAllText(_server.At("last.checkpoint"), "something else");
        Assert.Contains("no checkpoint", await RefusedStartAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_has_begun_cannot_be_made_to_continue_another()
    {
        File.WriteAllBytes(_server.At("last.checkpoint"), await CheckpointAsync());
        var text = File.ReadAllText(_server.At("last.checkpoint")).Replace(DevelopmentCertificates.LogOrigin, "delivery.example/first", StringComparison.Ordinal);
        File.WriteAllText(_server.At("last.checkpoint"), text);

        var told = await RefusedStartAsync((PreviousOrigin, "delivery.example/first"), (PreviousCheckpointFile, _server.At("last.checkpoint")));
        Assert.Contains("has begun already", told, StringComparison.Ordinal);
    }

    private async Task RestartAsync(params (string Key, string Value)[] settings)
    {
        await _server.StopAsync();
        foreach (var (key, value) in settings)
        {
            _server.Settings[key] = value;
        }

        await _server.StartAsync();
    }

    private async Task<string> RefusedStartAsync(params (string Key, string Value)[] settings) =>
        (await Assert.ThrowsAsync<InvalidDataException>(() => RestartAsync(settings))).Message;

    private async Task<byte[]> CheckpointAsync() =>
        (await new TransferLogService.TransferLogServiceClient(_server.Channel("auditor")).GetCheckpointAsync(new GetCheckpointRequest())).Checkpoint.ToByteArray();
}

public sealed class LogKeyTestsOnSqlite() : LogKeyTests(StoreKind.Sqlite);

[NeedsPostgres]
public sealed class LogKeyTestsOnPostgres() : LogKeyTests(StoreKind.Postgres);
