using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Delivery.Client;
using Delivery.Protocol.Log;
using Delivery.Tests.Log;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Tests.Client;

/// <summary>A real gRPC server over mutual TLS on loopback, with services that answer what a test needs.</summary>
public sealed class TestServer : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private readonly ECDsa _rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private X509Certificate2 _root = null!;
    private WebApplication _app = null!;
    private string _knownThumbprint = "";

    public Uri Address { get; private set; } = null!;

    /// <summary>The log it serves.</summary>
    internal SampleLog Log { get; set; } = new(21);

    /// <summary>Which leaves the caller may see.</summary>
    internal Func<long, bool> IsVisible { get; set; } = _ => true;

    /// <summary>Changes the leaves it lists.</summary>
    internal Func<long, byte[], byte[]> BendLeaf { get; set; } = (_, leaf) => leaf;

    /// <summary>What befalls the next imports, in order: <c>cut</c> after two chunks, or the code of a refusal.</summary>
    internal Queue<string> ImportMishaps { get; } = [];

    public async Task InitializeAsync()
    {
        _root = NewRoot("Test root", _rootKey);
        File.WriteAllText(At("roots.pem"), _root.ExportCertificatePem());
        using var strangerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var stranger = NewRoot("Another root", strangerKey);
        File.WriteAllText(At("other-roots.pem"), stranger.ExportCertificatePem());
        _knownThumbprint = Issue("known", "1.3.6.1.5.5.7.3.2");
        Issue("unknown", "1.3.6.1.5.5.7.3.2");
        Issue("server", "1.3.6.1.5.5.7.3.1");
        _app = Build();
        await _app.StartAsync();
        Address = new Uri(_app.Urls.Single().Replace("127.0.0.1", "localhost", StringComparison.Ordinal));
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        Log.Dispose();
        _root.Dispose();
        _rootKey.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>A client; by default one the server knows, that knows the server.</summary>
    internal DeliveryClient Client(string certificate = "known", string roots = "roots.pem", Uri? address = null, TimeProvider? clock = null) => new(new DeliveryClientOptions
    {
        Address = address ?? Address,
        ServerRootsFile = At(roots),
        CertificateFile = At(certificate + ".pem"),
        KeyFile = At(certificate + ".key"),
        CallTimeout = TimeSpan.FromSeconds(30),
        Clock = clock ?? TimeProvider.System,
    });

    internal string At(string name) => Path.Combine(_folder.FullName, name);

    private static X509Certificate2 NewRoot(string name, ECDsa key)
    {
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(Start, Start.AddYears(50));
    }

    private string Issue(string name, string usage)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(_root, Start, Start.AddYears(40), RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(At(name + ".pem"), certificate.ExportCertificatePem());
        File.WriteAllText(At(name + ".key"), key.ExportPkcs8PrivateKeyPem());
        return certificate.Thumbprint;
    }

    private WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.UseHttps(X509Certificate2.CreateFromPemFile(At("server.pem"), At("server.key")), https =>
            {
                https.SslProtocols = SslProtocols.Tls13;
                https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                https.ClientCertificateValidation = (certificate, _, _) => certificate.Thumbprint == _knownThumbprint;
            });
        }));
        builder.Services.AddSingleton(this);
        builder.Services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = 16 << 20);
        var app = builder.Build();
        app.MapGrpcService<Approvals>();
        app.MapGrpcService<Intake>();
        app.MapGrpcService<Extracts>();
        app.MapGrpcService<TransferLog>();
        return app;
    }

    /// <summary>A refusal as the server writes them.</summary>
    private static RpcException Refusal(StatusCode code, params string[] reasons)
    {
        var status = new Google.Rpc.Status { Code = (int)code };
        status.Details.AddRange(reasons.Select(reason => Any.Pack(new ErrorInfo
        {
            Reason = reason,
            Domain = "delivery.v1",
            Metadata = { ["da"] = "Afvist", ["en"] = "Refused", ["remedy_da"] = "Ret det", ["remedy_en"] = "Correct it", ["subject"] = "grades[0]" },
        })));
        return new RpcException(new Grpc.Core.Status(code, "refused"), new Metadata { { "grpc-status-details-bin", status.ToByteArray() } });
    }

    private sealed class Approvals : Wire.ApprovalService.ApprovalServiceBase
    {
        public override Task<Wire.ListProjectsResponse> ListProjects(Wire.ListProjectsRequest request, ServerCallContext context) =>
            Task.FromResult(new Wire.ListProjectsResponse { Projects = { new Wire.Project { ProjectId = "STIL-2026-017", PeriodTo = "2027-12-31" } } });

        public override Task<Wire.GetProjectResponse> GetProject(Wire.GetProjectRequest request, ServerCallContext context) =>
            throw Refusal(StatusCode.InvalidArgument, "A14", "A15");
    }

    private sealed class Intake(TestServer server) : Wire.IntakeService.IntakeServiceBase
    {
        public override async Task<Wire.ImportResultsResponse> ImportResults(
            IAsyncStreamReader<Wire.ImportResultsRequest> requestStream, ServerCallContext context)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await requestStream.MoveNext(context.CancellationToken);
            var header = requestStream.Current.Header;
            if (header.SourceDeliveryId == "refuse-early")
            {
                throw Refusal(StatusCode.FailedPrecondition, "E_IMPORT_CONFLICT");
            }

            var mishap = server.ImportMishaps.TryDequeue(out var next) ? next : "";
            if (mishap == "cut")
            {
                await requestStream.MoveNext(context.CancellationToken);
                await requestStream.MoveNext(context.CancellationToken);
                context.GetHttpContext().Connection.RequestClose();
                context.GetHttpContext().Abort();
            }
            else if (mishap.Length > 0)
            {
                throw Refusal(StatusCode.Aborted, mishap);
            }

            var (length, digest) = (0L, ByteString.Empty);
            while (await requestStream.MoveNext(context.CancellationToken))
            {
                var content = requestStream.Current.Chunk?.Content ?? ByteString.Empty;
                hash.AppendData(content.Span);
                length += content.Length;
                digest = requestStream.Current.Trailer?.Sha256 ?? digest;
            }

            var whole = digest.Span.SequenceEqual(hash.GetHashAndReset()) && length == header.SizeBytes;
            return new Wire.ImportResultsResponse { SourceDeliveryId = header.SourceDeliveryId, AcceptedRowCount = whole ? length : -1 };
        }
    }

    private sealed class Extracts : Wire.ExtractService.ExtractServiceBase
    {
        public override async Task StreamExtract(
            Wire.StreamExtractRequest request, IServerStreamWriter<Wire.StreamExtractResponse> responseStream, ServerCallContext context)
        {
            if (request.ProjectId == "malformed")
            {
                await responseStream.WriteAsync(new Wire.StreamExtractResponse());
                return;
            }

            await responseStream.WriteAsync(new Wire.StreamExtractResponse { Header = new Wire.ExtractHeader { Schema = ByteString.CopyFromUtf8("schema") } });
            await responseStream.WriteAsync(new Wire.StreamExtractResponse
            {
                Batch = new Wire.ExtractBatch { BatchIndex = 7, RowCount = 8, Ciphertext = ByteString.CopyFrom(Enumerable.Repeat((byte)9, 700_000).ToArray()) },
            });
            if (request.ProjectId == "cut")
            {
                context.GetHttpContext().Abort();
                return;
            }

            await responseStream.WriteAsync(new Wire.StreamExtractResponse { Trailer = new Wire.ExtractTrailer() });
        }
    }

    private sealed class TransferLog(TestServer server) : Wire.TransferLogService.TransferLogServiceBase
    {
        public override async Task ListEntries(
            Wire.ListEntriesRequest request, IServerStreamWriter<Wire.ListEntriesResponse> responseStream, ServerCallContext context)
        {
            for (var index = (int)request.FirstIndex; index < server.Log.Head.Size; index++)
            {
                if (server.IsVisible(index))
                {
                    var leaf = server.BendLeaf(index, server.Log[index]);
                    await responseStream.WriteAsync(new Wire.ListEntriesResponse { Index = index, Leaf = ByteString.CopyFrom(leaf) });
                }
            }
        }

        public override Task<Wire.GetCheckpointResponse> GetCheckpoint(Wire.GetCheckpointRequest request, ServerCallContext context) =>
            Task.FromResult(new Wire.GetCheckpointResponse { Checkpoint = ByteString.CopyFrom(server.Log.Note().Encode()) });

        public override Task<Wire.GetProofResponse> GetProof(Wire.GetProofRequest request, ServerCallContext context)
        {
            // The log goes on growing while it is audited.
            server.Log.Grow(1);
            return Task.FromResult(new Wire.GetProofResponse
            {
                Leaf = ByteString.CopyFrom(server.Log[(int)request.Index]),
                Proof = ByteString.CopyFrom(server.Log.Proof(request.Index).Encode()),
            });
        }

        public override Task<Wire.GetConsistencyProofResponse> GetConsistencyProof(Wire.GetConsistencyProofRequest request, ServerCallContext context) =>
            Task.FromResult(new Wire.GetConsistencyProofResponse
            {
                Hashes =
                {
                    ConsistencyProof.Build(request.FirstSize, request.SecondSize, server.Log.Node).Select(hash => ByteString.CopyFrom(hash.ToArray())),
                },
            });
    }
}
