using System.Security.Cryptography;
using Delivery.Client.Development;
using Delivery.Client.Refusals;
using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.Log;
using Delivery.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Delivery.EndToEnd.TransferLog;

/// <summary>What a witness signs, what it refuses to sign, and what is taken for its signature.</summary>
public abstract class WitnessTests(StoreKind store) : IAsyncLifetime
{
    private readonly RunningServer _server = WitnessedServer.Create(store);

    public Task InitializeAsync() => _server.StartAsync();

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task Whoever_asks_for_a_witness_is_shown_the_newest_head_it_cosigned()
    {
        var cosigned = await _server.CosignAsync();
        await _server.PushAsync(SampleApproval.Of(_server, "AFTER-WITNESS"));
        using var auditor = _server.Client("auditor");

        var report = await auditor.Log.VerifyAsync(_server.QuorumPolicyFile());
        Assert.Equal((cosigned.LogSize, cosigned.Root, 1), (report.LogSize, report.Root, report.Witnesses));
        Assert.Equal(cosigned.LogSize + 1, (await auditor.Log.VerifyAsync(_server.PolicyFile())).LogSize);

        var proven = await auditor.Log.ProveAsync(_server.QuorumPolicyFile(), 0);
        Assert.Equal(cosigned.LogSize, proven.LogSize);
        var unwitnessed = await Assert.ThrowsAsync<DeliveryRefusedException>(() => auditor.Log.ProveAsync(_server.QuorumPolicyFile(), cosigned.LogSize));
        Assert.Equal("E_LOG_UNWITNESSED", unwitnessed.Code);
    }

    [Fact]
    public async Task A_cosigned_checkpoint_keeps_its_cosignature_after_a_restart()
    {
        var cosigned = await _server.CosignAsync();
        await _server.StopAsync();
        await _server.StartAsync();

        var opening = CheckpointVerifier.Open(LogPolicy.Parse(File.ReadAllText(_server.QuorumPolicyFile())), await CheckpointAsync());
        Assert.Equal((LogProofCode.Proven, cosigned.LogSize), (opening.Code, opening.Checkpoint!.Size));
    }

    [Fact]
    public async Task A_witness_cosigns_what_continues_the_last_and_nothing_else()
    {
        var first = await _server.CosignAsync();
        await _server.PushAsync(SampleApproval.Of(_server, "BETWEEN"));
        var second = await _server.CosignAsync();
        Assert.Equal((null, first.LogSize), (first.PreviousSize, second.PreviousSize));

        // A head of the same size that the log signed, but over other leaves: the witness has been shown a fork.
        using var logKey = ECDsa.Create();
        logKey.ImportFromPem(File.ReadAllText(_server.At("log-signing.key")));
        var other = new NoteSigner(NoteKeyKind.Log, DevelopmentCertificates.LogOrigin, logKey).Sign(new Checkpoint(DevelopmentCertificates.LogOrigin, second.LogSize, LogHash.Of([1])));
        File.WriteAllBytes(_server.At("forked.state"), other.Encode());
        var refused = await Assert.ThrowsAsync<ProofRefusedException>(() => _server.CosignAsync("forked.state"));
        Assert.Equal("E_LOG_FORKED", refused.Code);
        Assert.Equal(other.Encode(), File.ReadAllBytes(_server.At("forked.state")));
    }

    [Fact]
    public async Task A_key_that_the_policy_does_not_name_is_no_witness()
    {
        using var key = _server.NewKey("stranger.key");
        using var client = _server.Client("dst-ingestion");

        var refused = await Assert.ThrowsAsync<DeliveryClientException>(() => client.Log.CosignAsync(_server.PolicyFile(), _server.At("stranger.key"), _server.At("stranger.state")));
        Assert.Equal("E_WITNESS_UNKNOWN", refused.Code);
    }

    [Fact]
    public async Task A_cosignature_by_a_stranger_or_by_nobody_is_refused()
    {
        using var key = _server.NewKey("stranger.key");
        var stranger = new NoteSigner(NoteKeyKind.Witness, DevelopmentCertificates.WitnessName, key);
        var note = SignedNote.Parse(await CheckpointAsync());

        await RefusedCall.ExpectAsync("E_COSIGNATURE", StatusCode.InvalidArgument, () => SendAsync(note));
        await RefusedCall.ExpectAsync("E_COSIGNATURE", StatusCode.InvalidArgument, () => SendAsync(stranger.Cosign(note, 1)));
        await RefusedCall.ExpectAsync("E_COSIGNATURE", StatusCode.InvalidArgument, async () => await Service("dst-ingestion").CosignAsync(new CosignRequest { Checkpoint = ByteString.CopyFromUtf8("no note") }));
    }

    [Fact]
    public async Task A_witness_cannot_vouch_for_a_head_this_log_never_signed()
    {
        using var witness = Witness(out var key);
        var real = Checkpoint.Parse(SignedNote.Parse(await CheckpointAsync()).Text);
        Checkpoint[] unsigned = [new(real.Origin, real.Size, LogHash.Of([1])), new(real.Origin, real.Size + 1, real.Root), new("other.example/log", real.Size, real.Root)];
        foreach (var head in unsigned)
        {
            using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var note = key.Cosign(new NoteSigner(NoteKeyKind.Log, head.Origin, own).Sign(head), 1);
            await RefusedCall.ExpectAsync("E_CHECKPOINT_UNKNOWN", StatusCode.FailedPrecondition, () => SendAsync(note));
        }
    }

    [Fact]
    public async Task Lines_that_a_witness_adds_for_others_are_not_kept()
    {
        using var witness = Witness(out var key);
        var note = SignedNote.Parse(await CheckpointAsync());
        var padded = key.Cosign(note.With(new NoteSignature("unknown.example", 7, [1, 2, 3, 4])), 1);
        await SendAsync(padded);
        await SendAsync(padded);

        Assert.Equal(
            [DevelopmentCertificates.LogOrigin, DevelopmentCertificates.WitnessName],
            SignedNote.Parse(await CheckpointAsync()).Signatures.Select(signature => signature.Name));
    }

    [Fact]
    public async Task Only_the_ingestion_role_brings_cosignatures() => await RefusedCall.ExpectAsync(
        "ROLE_NOT_ALLOWED", StatusCode.PermissionDenied, async () => await Service("auditor").CosignAsync(new CosignRequest()));

    private ECDsa Witness(out NoteSigner signer)
    {
        var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(_server.At("dst-witness.key")));
        signer = new NoteSigner(NoteKeyKind.Witness, DevelopmentCertificates.WitnessName, key);
        return key;
    }

    private async Task<byte[]> CheckpointAsync() => (await Service("auditor").GetCheckpointAsync(new GetCheckpointRequest())).Checkpoint.ToByteArray();

    private async Task SendAsync(SignedNote note) => await Service("dst-ingestion").CosignAsync(new CosignRequest { Checkpoint = ByteString.CopyFrom(note.Encode()) });

    private TransferLogService.TransferLogServiceClient Service(string name) => new(_server.Channel(name));
}

public sealed class WitnessTestsOnSqlite() : WitnessTests(StoreKind.Sqlite);

[NeedsPostgres]
public sealed class WitnessTestsOnPostgres() : WitnessTests(StoreKind.Postgres);
