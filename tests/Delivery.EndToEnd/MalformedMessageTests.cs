using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.Log;
using Grpc.Core;

namespace Delivery.EndToEnd;

/// <summary>Bytes that are no message at all.</summary>
public abstract class MalformedMessageTests(StoreKind store) : IAsyncLifetime
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create<byte[]>(content => content, content => content);

    private RunningServer _server = null!;

    public async Task InitializeAsync() => _server = await RunningServer.StartNewAsync(store);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("delivery.v1.ApprovalService", "PushApproval", MethodType.Unary, "stil-approvals")]
    [InlineData("delivery.v1.ClosureService", "ConfirmDeletion", MethodType.Unary, "administrator")]
    [InlineData("delivery.v1.ExtractService", "AcknowledgeExtract", MethodType.Unary, "dst-ingestion")]
    [InlineData("delivery.v1.ExtractService", "StreamExtract", MethodType.ServerStreaming, "dst-ingestion")]
    [InlineData("delivery.v1.IntakeService", "ImportResults", MethodType.ClientStreaming, "stil-intake")]
    public async Task Bytes_that_are_no_message_are_refused_by_name(string service, string name, MethodType type, string caller)
    {
        var (before, size) = (StoreState.Of(_server), _server.LogSize());
        await RefusedCall.ExpectAsync("E_MESSAGE_MALFORMED", StatusCode.InvalidArgument, () => SendAsync(new Method<byte[], byte[]>(type, service, name, Bytes, Bytes), caller, [0xff, 0xff, 0xff]));
        Assert.Equal(before, StoreState.Of(_server));
        Assert.Equal("E_MESSAGE_MALFORMED", Assert.Single(_server.Leaves(size), leaf => leaf.Type == LeafType.AccessRefused).Text("reason_code"));
    }

    private async Task SendAsync(Method<byte[], byte[]> method, string caller, byte[] bytes)
    {
        var invoker = _server.Channel(caller).CreateCallInvoker();
        if (method.Type == MethodType.Unary)
        {
            await invoker.AsyncUnaryCall(method, null, default, bytes);
            return;
        }

        if (method.Type == MethodType.ServerStreaming)
        {
            using var stream = invoker.AsyncServerStreamingCall(method, null, default, bytes);
            await stream.ResponseStream.MoveNext(CancellationToken.None);
            return;
        }

        using var upload = invoker.AsyncClientStreamingCall(method, null, default);
        await upload.RequestStream.WriteAsync(bytes);
        await upload.RequestStream.CompleteAsync();
        await upload;
    }
}

public sealed class MalformedMessageTestsOnSqlite() : MalformedMessageTests(StoreKind.Sqlite);

[NeedsPostgres]
public sealed class MalformedMessageTestsOnPostgres() : MalformedMessageTests(StoreKind.Postgres);
