using System.IO.Compression;
using System.Text;
using Grpc.Core;
using Grpc.Net.Compression;

namespace Delivery.Tests.Compat;

/// <summary>Promises of the contract types that no call shows.</summary>
public sealed class ContractTests
{
    [Fact]
    public void A_status_is_a_code_and_a_detail()
    {
        Assert.Equal(StatusCode.OK, Status.DefaultSuccess.StatusCode);
        Assert.Equal("", Status.DefaultSuccess.Detail);
        Assert.Equal(StatusCode.Cancelled, Status.DefaultCancelled.StatusCode);
        Assert.Equal(Enumerable.Range(0, 17), Enum.GetValues<StatusCode>().Select(code => (int)code));
        Assert.Equal("Status(StatusCode=\"NotFound\", Detail=\"gone\")", new Status(StatusCode.NotFound, "gone").ToString());
    }

    [Fact]
    public void An_exception_without_trailers_has_empty_ones()
    {
        var cause = new InvalidOperationException("cause");
        var exception = new RpcException(new Status(StatusCode.Aborted, "again", cause));

        Assert.Empty(exception.Trailers);
        Assert.Equal(exception.Status.ToString(), exception.Message);
        Assert.Same(cause, exception.InnerException);
        Assert.Equal("own words", new RpcException(Status.DefaultCancelled, "own words").Message);
        Assert.Throws<ArgumentNullException>(() => new RpcException(Status.DefaultCancelled, (Metadata)null!));
    }

    [Fact]
    public void A_call_option_changes_a_copy()
    {
        var before = new CallOptions(deadline: DateTime.UnixEpoch);

        var after = before.WithHeaders(new Metadata { { "key", "value" } }).WithWaitForReady();

        Assert.Null(before.Headers);
        Assert.False(before.IsWaitForReady);
        Assert.Equal("value", after.Headers!.GetValue("key"));
        Assert.Equal(DateTime.UnixEpoch, after.Deadline);
        Assert.True(after.IsWaitForReady);
        Assert.False(after.WithWaitForReady(false).IsWaitForReady);
    }

    [Fact]
    public void A_method_has_its_path()
    {
        Assert.Equal("/delivery.tests.Echo/Mirror", EchoContract.Mirror.FullName);
        Assert.Equal(MethodType.DuplexStreaming, EchoContract.Mirror.Type);
    }

    [Fact]
    public void A_marshaller_of_arrays_works_through_contexts_too()
    {
        var marshaller = Marshallers.StringMarshaller;
        var context = new Captured();

        marshaller.ContextualSerializer("æble", context);

        Assert.Equal("æble"u8.ToArray(), context.Payload);
        Assert.Equal("æble", marshaller.ContextualDeserializer(new Given("æble"u8.ToArray())));
        Assert.Equal("æble", marshaller.Deserializer(marshaller.Serializer("æble")));
    }

    [Fact]
    public void A_marshaller_made_for_contexts_has_no_array_form()
    {
        var marshaller = Marshallers.Create<string>(
            (text, context) => context.Complete(Encoding.UTF8.GetBytes(text)),
            context => Encoding.UTF8.GetString(context.PayloadAsNewBuffer()));

        Assert.Throws<NotImplementedException>(() => marshaller.Serializer("text"));
        Assert.Throws<NotImplementedException>(() => marshaller.Deserializer([]));
    }

    [Fact]
    public void A_definition_takes_each_method_once()
    {
        var builder = ServerServiceDefinition.CreateBuilder()
            .AddMethod(EchoContract.Reverse, (request, _) => Task.FromResult(request));

        Assert.Throws<ArgumentException>(
            () => builder.AddMethod(EchoContract.Reverse, (request, _) => Task.FromResult(request)));
    }

    [Fact]
    public void A_client_without_a_channel_calls_nobody() =>
        Assert.Throws<NotImplementedException>(() => new EchoClient().Reverse([1]));

    [Fact]
    public void A_client_with_a_host_puts_it_over_its_calls()
    {
        var invoker = new HostRecorder();
        var client = new EchoClient(invoker);

        client.WithHost("elsewhere.example").ReverseBlocking([1]);
        client.ReverseBlocking([1]);

        Assert.Equal(["elsewhere.example", null], invoker.Hosts);
    }

    [Fact]
    public async Task An_old_writer_refuses_a_token_that_could_be_cancelled()
    {
        IAsyncStreamWriter<string> writer = new OldWriter();
        using var cancellation = new CancellationTokenSource();

        await writer.WriteAsync("text", CancellationToken.None);
        await Assert.ThrowsAsync<NotSupportedException>(() => writer.WriteAsync("text", cancellation.Token));
    }

    [Theory]
    [InlineData("gzip", new byte[] { 0x1f, 0x8b })]
    [InlineData("deflate", new byte[] { 0x78 })]
    public void Compression_is_in_the_format_others_read_and_leaves_the_stream_open(string encoding, byte[] signature)
    {
        ICompressionProvider[] providers =
            [new GzipCompressionProvider(CompressionLevel.Optimal), new DeflateCompressionProvider(CompressionLevel.Optimal)];
        var provider = providers.Single(provider => provider.EncodingName == encoding);
        using var compressed = new MemoryStream();

        using (var writer = provider.CreateCompressionStream(compressed, null))
        {
            writer.Write(EchoWatch.EveryByte);
        }

        Assert.Equal(signature, compressed.ToArray()[..signature.Length]);
        compressed.Position = 0;
        using var plain = new MemoryStream();
        provider.CreateDecompressionStream(compressed).CopyTo(plain);
        Assert.Equal(EchoWatch.EveryByte, plain.ToArray());
    }

    [Fact]
    public void A_peers_properties_are_found_by_name()
    {
        var subject = AuthProperty.Create("subject", "CN=stil"u8.ToArray());
        var context = new AuthContext("subject", new() { ["subject"] = [subject] });

        Assert.True(context.IsPeerAuthenticated);
        Assert.Equal("CN=stil", Assert.Single(context.PeerIdentity).Value);
        Assert.Empty(context.FindPropertiesByName("other"));
        Assert.False(new AuthContext(null, []).IsPeerAuthenticated);
        Assert.Empty(new AuthContext(null, []).PeerIdentity);
    }

    private sealed class Captured : SerializationContext
    {
        public byte[]? Payload { get; private set; }

        public override void Complete(byte[] payload) => Payload = payload;
    }

    private sealed class Given(byte[] payload) : DeserializationContext
    {
        public override int PayloadLength => payload.Length;

        public override byte[] PayloadAsNewBuffer() => payload;
    }

    private sealed class OldWriter : IAsyncStreamWriter<string>
    {
        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(string message) => Task.CompletedTask;
    }
}
