using System.IO.Compression;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Compression;

namespace Delivery.Tests.Compat;

/// <summary>Calls of each kind through the real client, a real Kestrel and the real server.</summary>
public sealed class CallTests
{
    private const CompressionLevel Level = CompressionLevel.Fastest;

    [Fact]
    public async Task A_unary_call_brings_its_answer()
    {
        await using var server = await EchoServer.StartAsync();

        Assert.Equal([3, 2, 1], await server.Client().Reverse([1, 2, 3]));
        Assert.Equal([3, 2, 1], server.Client().ReverseBlocking([1, 2, 3]));
        Assert.Empty(await server.Client().Reverse([]));
    }

    [Fact]
    public async Task A_large_message_arrives_whole()
    {
        await using var server = await EchoServer.StartAsync();
        byte[] large = [.. Enumerable.Range(0, 3_000_000).Select(index => (byte)(index % 251))];

        var answer = await server.Client().Reverse(large);

        Assert.Equal(large.Reverse(), answer);
    }

    [Fact]
    public async Task A_stream_of_requests_is_joined_into_one_answer()
    {
        await using var server = await EchoServer.StartAsync();
        using var call = server.Client().Join();

        foreach (var part in new byte[] { 1, 2, 3 })
        {
            await call.RequestStream.WriteAsync([part, part]);
        }

        await call.RequestStream.CompleteAsync();
        Assert.Equal([1, 1, 2, 2, 3, 3], await call.ResponseAsync);
    }

    [Fact]
    public async Task A_stream_of_answers_ends_when_the_service_ends()
    {
        await using var server = await EchoServer.StartAsync();
        using var call = server.Client().Split([7, 8, 9]);

        var parts = new List<byte>();
        await foreach (var part in call.ResponseStream.ReadAllAsync())
        {
            parts.AddRange(part);
        }

        Assert.Equal([7, 8, 9], parts);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task A_duplex_call_answers_each_request_before_the_next_is_sent()
    {
        await using var server = await EchoServer.StartAsync();
        using var call = server.Client().Mirror();

        for (byte part = 0; part < 5; part++)
        {
            await call.RequestStream.WriteAsync([part]);
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal([part], call.ResponseStream.Current);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
    }

    [Fact]
    public async Task A_ready_made_service_definition_is_served_with_its_own_handlers()
    {
        var definition = ServerServiceDefinition.CreateBuilder()
            .AddMethod(EchoContract.Reverse, (request, _) => Task.FromResult<byte[]>([.. request, 42]))
            .Build();
        await using var server = await EchoServer.StartAsync(definition: definition);

        Assert.Equal([1, 42], await server.Client().Reverse([1]));
        var missing = await Assert.ThrowsAsync<RpcException>(async () => await server.Client().Join().ResponseAsync);
        Assert.Equal(StatusCode.Unimplemented, missing.StatusCode);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Messages_travel_compressed_when_asked(string encoding)
    {
        await using var server = await EchoServer.StartAsync(options =>
        {
            options.CompressionProviders = [new GzipCompressionProvider(Level), new DeflateCompressionProvider(Level)];
            options.ResponseCompressionAlgorithm = encoding;
        });
        var headers = new Metadata { { "grpc-internal-encoding-request", encoding } };

        using var noting = new EncodingNotingHandler();
        var client = server.Client(new GrpcChannelOptions { HttpHandler = noting });

        Assert.Equal(new byte[10_000], await client.Reverse(new byte[10_000], new CallOptions(headers)));
        Assert.Equal([encoding], noting.ResponseEncodings);
        Assert.Equal(encoding, Assert.Single(server.Watch.Sightings).Encoding);
    }

    private sealed class EncodingNotingHandler() : DelegatingHandler(new SocketsHttpHandler())
    {
        public List<string> ResponseEncodings { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            ResponseEncodings.AddRange(response.Headers.GetValues("grpc-encoding"));
            return response;
        }
    }
}
