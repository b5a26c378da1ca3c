using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.V1;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;

namespace Delivery.EndToEnd;

/// <summary>Who may call what. The table is the test's own copy of what the protos promise, so that widening the server's shows here.</summary>
public abstract class AccessTests(StoreKind store) : IAsyncLifetime
{
    private const string Approvals = "stil-approvals", Intake = "stil-intake", Ingestion = "dst-ingestion", Administrator = "administrator", StilAdministrator = "stil-administrator", Auditor = "auditor";

    private static readonly string[] Everybody = [Approvals, Intake, Ingestion, Administrator, StilAdministrator, Auditor];

    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["/delivery.v1.CatalogueService/ListTests"] = Everybody,
        ["/delivery.v1.CatalogueService/ListVariables"] = Everybody,
        ["/delivery.v1.CatalogueService/ListPublications"] = Everybody,
        ["/delivery.v1.CatalogueService/PublishNationalResults"] = [Approvals],
        ["/delivery.v1.ApprovalService/PushApproval"] = [Approvals],
        ["/delivery.v1.ApprovalService/GetProject"] = [Approvals, Ingestion, Administrator, StilAdministrator, Auditor],
        ["/delivery.v1.ApprovalService/ListProjects"] = [Approvals, Ingestion, Administrator, StilAdministrator, Auditor],
        ["/delivery.v1.ApprovalService/AmendApproval"] = [Approvals],
        ["/delivery.v1.ApprovalService/SuspendProject"] = [Approvals],
        ["/delivery.v1.ApprovalService/ResumeProject"] = [Approvals],
        ["/delivery.v1.ApprovalService/WithdrawApproval"] = [Approvals],
        ["/delivery.v1.ApprovalService/WatchProjects"] = [Approvals, Ingestion, Administrator, StilAdministrator, Auditor],
        ["/delivery.v1.ApprovalService/GetProcessingRecord"] = [Approvals, Administrator, StilAdministrator, Auditor],
        ["/delivery.v1.IntakeService/ImportResults"] = [Intake],
        ["/delivery.v1.IntakeService/GetQualityReport"] = [Approvals, Intake, Auditor],
        ["/delivery.v1.IntakeService/ListRejectedRows"] = [Approvals, Intake, Auditor],
        ["/delivery.v1.IntakeService/GetPartitionHistory"] = [Approvals, Intake, Auditor],
        ["/delivery.v1.ExtractService/ListExtracts"] = [Ingestion],
        ["/delivery.v1.ExtractService/StreamExtract"] = [Ingestion],
        ["/delivery.v1.ExtractService/AcknowledgeExtract"] = [Ingestion],
        ["/delivery.v1.ExtractService/ReportPseudonymised"] = [Ingestion],
        ["/delivery.v1.ExtractService/RegisterRecipientKey"] = [Ingestion],
        ["/delivery.v1.ExtractService/ListRecipientKeys"] = Everybody,
        ["/delivery.v1.ExtractService/GetIncidentReport"] = [Approvals, Auditor],
        ["/delivery.v1.ClosureService/ConfirmDeletion"] = [Administrator, StilAdministrator],
        ["/delivery.v1.ClosureService/ConfirmArchival"] = [Administrator, StilAdministrator],
        ["/delivery.v1.ClosureService/ConfirmPartDeletion"] = [Administrator, StilAdministrator],
        ["/delivery.v1.ClosureService/CloseWithoutData"] = [Approvals, Administrator, StilAdministrator],
        ["/delivery.v1.ClosureService/RegisterReuse"] = [Ingestion],
        ["/delivery.v1.ClosureService/ListDueHoldings"] = [Approvals, Administrator, StilAdministrator, Auditor],
        ["/delivery.v1.ErratumService/RegisterErratum"] = [Approvals],
        ["/delivery.v1.ErratumService/WithdrawErratum"] = [Approvals],
        ["/delivery.v1.ErratumService/ListErrata"] = Everybody,
        ["/delivery.v1.ErratumService/ListAffectedDeliveries"] = [Approvals, Auditor],
        ["/delivery.v1.ErratumService/WatchErrata"] = [Approvals, Ingestion, Auditor],
        ["/delivery.v1.DocumentationService/GetDocumentation"] = [Approvals, Ingestion, Administrator, StilAdministrator, Auditor],
        ["/delivery.v1.DocumentationService/GetNationalFigures"] = Everybody,
        ["/delivery.v1.TransferLogService/ListEntries"] = Everybody,
        ["/delivery.v1.TransferLogService/GetCheckpoint"] = Everybody,
        ["/delivery.v1.TransferLogService/GetProof"] = Everybody,
        ["/delivery.v1.TransferLogService/GetConsistencyProof"] = Everybody,
        ["/delivery.v1.TransferLogService/Cosign"] = [Ingestion],
        ["/grpc.health.v1.Health/Check"] = Everybody,
        ["/grpc.health.v1.Health/Watch"] = Everybody,
    };

    private static readonly Method<byte[], byte[]>[] Methods =
    [
        .. new[]
        {
            CatalogueServiceReflection.Descriptor, ApprovalServiceReflection.Descriptor, IntakeServiceReflection.Descriptor, ExtractServiceReflection.Descriptor,
            ClosureServiceReflection.Descriptor, ErratumServiceReflection.Descriptor, DocumentationServiceReflection.Descriptor, TransferLogServiceReflection.Descriptor, HealthReflection.Descriptor,
        }.SelectMany(file => file.Services).SelectMany(service => service.Methods).Select(Raw),
    ];

    private RunningServer _server = null!;

    public async Task InitializeAsync() => _server = await RunningServer.StartNewAsync(store);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public void Every_method_has_somebody_who_decided_about_it() =>
        Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), Methods.Select(method => method.FullName).Order(StringComparer.Ordinal));

    [Fact]
    public async Task Every_role_reaches_its_own_methods_and_no_other()
    {
        foreach (var name in Everybody)
        {
            var channel = _server.Channel(name);
            foreach (var method in Methods)
            {
                var isRefused = await IsRefusedAsync(channel, method);
                Assert.True(isRefused != Allowed[method.FullName].Contains(name), $"{name} is {(isRefused ? "refused" : "let into")} {method.FullName}.");
            }
        }
    }

    [Fact]
    public async Task A_genuine_certificate_without_a_role_reaches_nothing()
    {
        using var nobody = IssuedCertificates.Issue(_server, "ca", "somebody-else", "13223459", _server.Clock.GetUtcNow());
        var channel = _server.Channel(nobody);
        foreach (var method in Methods)
        {
            Assert.True(await IsRefusedAsync(channel, method), $"Nobody is let into {method.FullName}.");
        }
    }

    [Fact]
    public async Task A_role_belongs_to_the_organisation_and_not_to_the_name()
    {
        // Another organisation calls its system as Danmarks Statistik calls its own.
        using var other = IssuedCertificates.Issue(_server, "ca", Ingestion, "10000009", _server.Clock.GetUtcNow());
        Assert.True(await IsRefusedAsync(_server.Channel(other), Methods.Single(method => method.Name == "StreamExtract")));
    }

    [Fact]
    public async Task Every_refusal_of_a_role_is_a_leaf()
    {
        var before = _server.LogSize();
        await IsRefusedAsync(_server.Channel(Auditor), Methods.Single(method => method.Name == "PushApproval"));
        var leaf = Assert.Single(_server.Leaves(before));
        Assert.Equal(("ROLE_NOT_ALLOWED", "10000017"), (leaf.Text("reason_code"), leaf.Actor.Organisation));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("stranger")]
    [InlineData("recipient-ca")]
    [InlineData("server")]
    [InlineData("expired")]
    [InlineData("early")]
    public async Task Without_a_certificate_that_counts_nobody_gets_through_the_handshake(string kind)
    {
        var now = _server.Clock.GetUtcNow();
        using var certificate = kind switch
        {
            "none" => null,
            "stranger" => IssuedCertificates.IssueByStranger("Delivery Development CA", Approvals, "13223459", now),
            "recipient-ca" => IssuedCertificates.Issue(_server, "recipient-ca", Approvals, "13223459", now),
            "expired" => IssuedCertificates.Issue(_server, "ca", Approvals, "13223459", now.AddDays(-3)),
            "early" => IssuedCertificates.Issue(_server, "ca", Approvals, "13223459", now.AddDays(3)),
            _ => _server.Certificate(kind),
        };
        var before = _server.LogSize();
        var channel = _server.Channel(certificate);
        var failure = await Assert.ThrowsAsync<RpcException>(() => CallAsync(channel, Methods.Single(method => method.Name == "ListTests")));

        // The connection broke; a call that is answered, even with a refusal, has no exception behind it.
        Assert.NotNull(failure.Status.DebugException);
        Assert.Empty(failure.Trailers);
        Assert.Equal(before, _server.LogSize());
    }

    private static Method<byte[], byte[]> Raw(MethodDescriptor method)
    {
        var type = (method.IsClientStreaming, method.IsServerStreaming) switch
        {
            (false, false) => MethodType.Unary,
            (true, false) => MethodType.ClientStreaming,
            (false, true) => MethodType.ServerStreaming,
            (true, true) => MethodType.DuplexStreaming,
        };
        var bytes = Marshallers.Create<byte[]>(content => content, content => content);
        return new Method<byte[], byte[]>(type, method.Service.FullName, method.Name, bytes, bytes);
    }

    private static async Task<bool> IsRefusedAsync(GrpcChannel channel, Method<byte[], byte[]> method)
    {
        try
        {
            await CallAsync(channel, method);
            return false;
        }
        catch (RpcException failure)
        {
            // Whatever else an empty request is answered with, the caller got past the door.
            Assert.Null(failure.Status.DebugException);
            return failure.StatusCode == StatusCode.PermissionDenied && RefusedCall.Of(failure).Codes.Contains("ROLE_NOT_ALLOWED");
        }
    }

    private static async Task CallAsync(GrpcChannel channel, Method<byte[], byte[]> method)
    {
        var invoker = channel.CreateCallInvoker();
        switch (method.Type)
        {
            case MethodType.Unary:
                await invoker.AsyncUnaryCall(method, null, default, []);
                break;
            case MethodType.ClientStreaming:
                using (var call = invoker.AsyncClientStreamingCall(method, null, default))
                {
                    await call.RequestStream.CompleteAsync();
                    await call;
                }

                break;
            case MethodType.ServerStreaming:
                using (var call = invoker.AsyncServerStreamingCall(method, null, default, []))
                {
                    // A stream that watches greets who is let in and never ends by itself; a refusal has its status where the greeting would be.
                    var isGreeted = !(await call.ResponseHeadersAsync).Any(header => header.Key.StartsWith("grpc-status", StringComparison.Ordinal));
                    var isWatch = method.Name.StartsWith("Watch", StringComparison.Ordinal);
                    while (!(isWatch && isGreeted) && await call.ResponseStream.MoveNext(CancellationToken.None))
                    {
                    }
                }

                break;
            case MethodType.DuplexStreaming:
                Assert.Fail("There is no such method; say how to call it.");
                break;
        }
    }
}

public sealed class AccessTestsOnSqlite() : AccessTests(StoreKind.Sqlite);

[NeedsPostgres]
public sealed class AccessTestsOnPostgres() : AccessTests(StoreKind.Postgres);
