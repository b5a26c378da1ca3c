using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Delivery.Client.Approvals;
using Delivery.Client.Development;
using Delivery.Protocol.Domain;
using Delivery.Protocol.Log;
using Delivery.Protocol.Sealing;
using Delivery.Server.Approvals;
using Delivery.Server.Extracts;
using Delivery.Server.Identity;
using Delivery.Server.Storage;
using Delivery.Server.TransferLog;
using Delivery.Tool.Demonstration;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Delivery.Tests.Simulation;

/// <summary>
/// What every simulated life begins with, made once: keys, a registered recipient, fifteen segments of results, projects, and a log just
/// short of its first full tile, so that a life crosses it.
/// </summary>
public sealed class SimulatedWorld : IAsyncLifetime
{
    internal const int Projects = 3;

    // The tile of 256 leaves fills in the middle of a life.
    private const int LeavesAtTheStart = 236;

    private const int RowsOfASegment = 100;
    private const int SegmentsOfAPartition = 3;

    // Five partitions: enough batches for several windows, few enough that planning costs little.
    private static readonly Scope Wanted = DemoScope.Usual with { Selections = [DemoScope.Usual.Selections[^1]] };

    internal static DateTimeOffset Start { get; } = new(2026, 11, 2, 9, 0, 0, TimeSpan.Zero);

    // A clock that jumps back must not find keys and approvals that do not count yet.
    private static DateTimeOffset LongAgo { get; } = Start.AddDays(-20);

    internal static Caller Stil { get; } = CallerOf("13223459", Role.StilApprovals);

    internal static Caller Recipient { get; } = CallerOf(DevelopmentCertificates.RecipientOrganisation, Role.DstIngestion);

    internal string Folder { get; } = DataFolder.Make();

    /// <summary>The data folder a life gets a copy of.</summary>
    internal string Template => Path.Combine(Folder, "template");

    internal byte[] RecipientKeyId { get; private set; } = [];

    /// <summary>Public half of the key that signs checkpoints, SubjectPublicKeyInfo.</summary>
    internal byte[] LogPublicKey { get; private set; } = [];

    private string Certificates => Path.Combine(Folder, "certificates");

    public async Task InitializeAsync()
    {
        var clock = new SimulatedClock(LongAgo);
        DevelopmentCertificates.Create(Certificates, clock);
        using (var key = ECDsa.Create())
        {
            key.ImportFromPem(await File.ReadAllTextAsync(Path.Combine(Certificates, "log-signing.key")));
            LogPublicKey = key.ExportSubjectPublicKeyInfo();
        }

        await using var server = new SimulatedServer(this, Template, clock, () => { });
        // The key-encryption key is made for a new database only.
        server.Get<PartitionKeys>();
        await server.StartAsync();
        await RegisterRecipientAsync(server);
        await server.Get<StoreWriter>().WriteAsync(scope => StoreResults(server, scope), CancellationToken.None);
        for (var project = 0; project < Projects; project++)
        {
            await PushAsync(server, $"LIFE-{project}", LongAgo);
        }

        await server.Get<StoreWriter>().WriteAsync(scope => Fill(server, scope), CancellationToken.None);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return Task.CompletedTask;
    }

    internal static Task<RegisteredApproval> PushAsync(SimulatedServer server, string projectId, DateTimeOffset approvedAt)
    {
        var approval = ApprovalJson.Read(DemoApproval.Write(projectId, Wanted, approvedAt));
        return server.Get<ApprovalDesk>().PushAsync(ApprovalMessages.Read(approval), approval.ToByteArray(), Stil, CancellationToken.None);
    }

    internal void AddOptions(IServiceCollection services, string dataFolder)
    {
        services.AddSingleton(Options.Create(new StorageOptions { DataFolder = dataFolder, KeyEncryptionKeyFile = Path.Combine(Folder, "kek") }));
        services.AddSingleton(Options.Create(new LogOptions
        {
            Origin = DevelopmentCertificates.LogOrigin, SigningKeyFile = Path.Combine(Certificates, "log-signing.key"),
        }));
        services.AddSingleton(Options.Create(new ExtractOptions
        {
            SigningKeyFile = Path.Combine(Certificates, "delivery-signing.key"), RecipientKeyRootsFile = Path.Combine(Certificates, "recipient-ca.pem"),
        }));
        services.AddSingleton(Options.Create(new IdentityOptions
        {
            ServerCertificateFile = Path.Combine(Certificates, "server.pem"), ServerKeyFile = Path.Combine(Certificates, "server.key"),
        }));
    }

    private static Caller CallerOf(string cvr, Role role) => new(cvr, role, LogHash.Of(System.Text.Encoding.ASCII.GetBytes(cvr)), []);

    private async Task RegisterRecipientAsync(SimulatedServer server)
    {
        using var recipient = HpkePrivateKey.Generate(HpkeSuite.P256);
        using var signer = X509Certificate2.CreateFromPemFile(
            Path.Combine(Certificates, "dst-recipient-signing.pem"), Path.Combine(Certificates, "dst-recipient-signing.key"));
        using var key = signer.GetECDsaPrivateKey()!;
        var record = new RecipientKeyRecord(
            HpkeSuite.P256, recipient.PublicKey.Bytes.ToArray(), DevelopmentCertificates.RecipientOrganisation, LongAgo.AddHours(-1), LongAgo.AddYears(1), 1).Encode();
        await server.Get<RecipientKeyDesk>().RegisterAsync(record, RecipientKeyRecord.Sign(record, key), signer.RawData, Recipient, CancellationToken.None);
        RecipientKeyId = recipient.PublicKey.Id.ToArray();
    }

    private static void StoreResults(SimulatedServer server, WriteScope scope)
    {
        server.Get<PartitionStore>().RequireAll(scope);
        foreach (var partition in Wanted.PartitionsOf(Programme.NT))
        {
            scope.Execute("UPDATE result_partition SET current_generation = 1 WHERE partition_id = $1", partition.Id);
            scope.Db.Add(new GenerationRow
            {
                PartitionId = partition.Id, Generation = 1, State = GenerationState.Current, Rows = SegmentsOfAPartition * RowsOfASegment, QualityDigest = new byte[SHA256.HashSizeInBytes],
            });
            for (var ordinal = 0; ordinal < SegmentsOfAPartition; ordinal++)
            {
                PartitionStore.Insert(scope, new SegmentPlace(0, partition, 1, ordinal, RowsOfASegment, 0, 0), []);
            }
        }

        scope.Db.SaveChanges();
    }

    private static void Fill(SimulatedServer server, WriteScope scope)
    {
        var log = server.Get<LogAppender>();
        while (log.Append(scope, Refusal()).Index < LeavesAtTheStart - 1)
        {
        }
    }

    /// <summary>A leaf that changes nothing else.</summary>
    internal static LeafDraft Refusal() => LeafDraft.AccessRefused(Recipient.Actor, "ROLE_NOT_ALLOWED", "delivery.v1.CatalogueService/ListTests", Recipient.SpkiSha256, count: 1);
}
