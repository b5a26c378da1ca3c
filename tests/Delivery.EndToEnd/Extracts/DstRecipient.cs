using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Delivery.Client.Development;
using Delivery.EndToEnd.Running;
using Delivery.Protocol.Sealing;
using Delivery.Protocol.V1;
using Google.Protobuf;
using Grpc.Net.Client;

namespace Delivery.EndToEnd.Extracts;

/// <summary>
/// Danmarks Statistik's side made of the protocol's own parts and nothing of the client library: a recipient key, requests, opened streams,
/// receipts. What it asks for can be changed in every detail.
/// </summary>
internal sealed class DstRecipient : IDisposable
{
    private readonly RunningServer _server;
    private readonly ECDsa _sender = ECDsa.Create();

    public DstRecipient(RunningServer server)
    {
        _server = server;
        Reconnect();
        _sender.ImportFromPem(File.ReadAllText(Path.Combine(server.CertificateFolder, "delivery-signing.pub.pem")));
    }

    public HpkePrivateKey Key { get; } = HpkePrivateKey.Generate(HpkeSuite.P256);

    public GrpcChannel Channel { get; private set; } = null!;

    public ExtractService.ExtractServiceClient Service => new(Channel);

    /// <summary>Takes a new connection, after the server was restarted.</summary>
    public void Reconnect() => Channel = _server.Channel("dst-ingestion");

    public RecipientKeyRecord Record() => new(
        HpkeSuite.P256,
        Key.PublicKey.Bytes.ToArray(),
        DevelopmentCertificates.RecipientOrganisation,
        WholeSecond(_server.Clock.GetUtcNow().AddHours(-1)),
        WholeSecond(_server.Clock.GetUtcNow().AddYears(1)),
        1);

    /// <summary>Registers the key, signed with a certificate of the development folder.</summary>
    public async Task<RegisterRecipientKeyResponse> RegisterAsync(RecipientKeyRecord? record = null, string signer = "dst-recipient-signing")
    {
        using var certificate = _server.Certificate(signer);
        using var key = certificate.GetECDsaPrivateKey()!;
        var bytes = (record ?? Record()).Encode();
        return await Service.RegisterRecipientKeyAsync(new RegisterRecipientKeyRequest
        {
            Record = ByteString.CopyFrom(bytes),
            Signature = ByteString.CopyFrom(RecipientKeyRecord.Sign(bytes, key)),
            SignerCertificate = ByteString.CopyFrom(certificate.RawData),
        });
    }

    public async Task<IReadOnlyList<Extract>> ListAsync(string projectId) =>
        (await Service.ListExtractsAsync(new ListExtractsRequest { ProjectId = projectId })).Extracts;

    /// <summary>Asks for an extract from its beginning.</summary>
    public StreamExtractRequest Ask(Extract extract) => new()
    {
        ProjectId = extract.ProjectId,
        ApprovalVersion = extract.ApprovalVersion,
        ExtractId = extract.ExtractId,
        SchemaFingerprint = extract.SchemaFingerprint,
        CallId = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(SealedStreamRequest.CallIdSize)),
        RecipientKeyId = ByteString.CopyFrom(Key.PublicKey.Id.Span),
        SenderKeyId = ByteString.CopyFrom(SenderKey.IdOf(_sender)),
    };

    /// <summary>Asks for the rest of what another call began.</summary>
    public StreamExtractRequest AskRest(Extract extract, OpenedStream begun)
    {
        var request = Ask(extract);
        request.FirstBatch = begun.NextBatch;
        request.RunningDigest = ByteString.CopyFrom(begun.RunningDigest);
        return request;
    }

    public OpenedStream Open(Extract extract, StreamExtractRequest request, long rowsBefore = 0) =>
        new(new ExtractCall(Channel, request), extract, Key, _sender, rowsBefore);

    /// <summary>Fetches a whole extract.</summary>
    public async Task<OpenedStream> PullAsync(Extract extract)
    {
        var stream = Open(extract, Ask(extract));
        await stream.ReadToEndAsync();
        return stream;
    }

    public void Dispose()
    {
        Key.Dispose();
        _sender.Dispose();
    }

    private static DateTimeOffset WholeSecond(DateTimeOffset instant) => DateTimeOffset.FromUnixTimeSeconds(instant.ToUnixTimeSeconds());
}
