using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;

namespace Delivery.Tests.Compat;

/// <summary>What a channel does by itself: try again, hedge, and add credentials.</summary>
public sealed class ChannelTests
{
    private static readonly TimeSpan Instantly = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task A_retry_policy_tries_until_the_service_answers()
    {
        await using var server = await EchoServer.StartAsync();
        var client = server.Client(With(new MethodConfig
        {
            Names = { MethodName.Default },
            RetryPolicy = new RetryPolicy
            {
                MaxAttempts = 3,
                InitialBackoff = Instantly,
                MaxBackoff = Instantly,
                BackoffMultiplier = 1,
                RetryableStatusCodes = { StatusCode.Unavailable },
            },
        }));

        Assert.Equal([2, 1], await client.Reverse([1, 2], Failing));
        Assert.Equal(3, server.Watch.Sightings.Count);
    }

    [Fact]
    public async Task Without_a_policy_the_first_failure_is_the_answer()
    {
        await using var server = await EchoServer.StartAsync();

        var failure = await Assert.ThrowsAsync<RpcException>(async () => await server.Client().Reverse([1, 2], Failing));

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Single(server.Watch.Sightings);
    }

    [Fact]
    public async Task A_hedging_policy_sends_more_attempts_until_one_succeeds()
    {
        await using var server = await EchoServer.StartAsync();
        var client = server.Client(With(new MethodConfig
        {
            Names = { MethodName.Default },
            HedgingPolicy = new HedgingPolicy
            {
                MaxAttempts = 3,
                HedgingDelay = TimeSpan.Zero,
                NonFatalStatusCodes = { StatusCode.Unavailable },
            },
        }));

        Assert.Equal([2, 1], await client.Reverse([1, 2], Failing));
    }

    [Fact]
    public async Task Call_credentials_add_their_headers_in_the_order_composed()
    {
        await using var server = await EchoServer.StartAsync();
        var client = server.Client(new GrpcChannelOptions { UnsafeUseInsecureChannelCallCredentials = true });
        var credentials = CallCredentials.Compose(
            CallCredentials.FromInterceptor((context, headers) =>
            {
                headers.Add("echo-order", "first");
                headers.Add("echo-url", context.ServiceUrl);
                return Task.CompletedTask;
            }),
            CallCredentials.FromInterceptor(async (context, headers) =>
            {
                await Task.Yield();
                headers.Add("echo-order", "second");
                headers.Add("authorization", $"Bearer {context.MethodName}");
            }));

        using var call = client.Reverse([1], new CallOptions(credentials: credentials));
        var echoed = await call.ResponseHeadersAsync;

        Assert.Equal("Bearer Reverse", Assert.Single(server.Watch.Sightings).Authorization);
        Assert.Equal("first, second", echoed.GetValue("echo-order"));
        Assert.EndsWith("/" + EchoContract.Service, echoed.GetValue("echo-url"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_credentials_do_not_ride_on_an_insecure_channel()
    {
        await using var server = await EchoServer.StartAsync();
        var secret = CallCredentials.FromInterceptor((_, headers) =>
        {
            headers.Add("authorization", "secret");
            return Task.CompletedTask;
        });

        await server.Client().Reverse([1], new CallOptions(credentials: secret));

        Assert.Null(Assert.Single(server.Watch.Sightings).Authorization);
        Assert.Throws<ArgumentException>(() => ChannelCredentials.Create(ChannelCredentials.Insecure, secret));
    }

    [Fact]
    public void A_channel_takes_its_security_from_its_credentials()
    {
        var secret = CallCredentials.FromInterceptor((_, _) => Task.CompletedTask);
        var composed = ChannelCredentials.Create(ChannelCredentials.SecureSsl, secret);

        using var secure = GrpcChannel.ForAddress("https://localhost", new GrpcChannelOptions { Credentials = composed });

        Assert.Equal("localhost", secure.Target.Split(':')[0]);
        Assert.Throws<InvalidOperationException>(() => GrpcChannel.ForAddress(
            "http://localhost", new GrpcChannelOptions { Credentials = ChannelCredentials.SecureSsl }));
        Assert.Throws<InvalidOperationException>(() => GrpcChannel.ForAddress(
            "https://localhost", new GrpcChannelOptions { Credentials = new SslCredentials("roots") }));
    }

    [Fact]
    public void Composing_takes_two_or_more()
    {
        var one = CallCredentials.FromInterceptor((_, _) => Task.CompletedTask);

        Assert.Throws<ArgumentException>(() => CallCredentials.Compose(one));
        Assert.Throws<ArgumentException>(() => CallCredentials.Compose());
    }

    // The service fails a call until it has seen two attempts before.
    private static CallOptions Failing => new(new Metadata { { "act", "fail-twice" } });

    private static GrpcChannelOptions With(MethodConfig method) =>
        new() { ServiceConfig = new ServiceConfig { MethodConfigs = { method } } };
}
