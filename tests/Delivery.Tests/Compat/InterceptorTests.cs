using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Delivery.Tests.Compat;

/// <summary>Interceptors see every kind of call, in the order stated, on both sides.</summary>
public sealed class InterceptorTests
{
    [Fact]
    public async Task Both_sides_see_every_kind_of_call()
    {
        var atServer = new Notes();
        var atClient = new Notes();
        await using var server = await EchoServer.StartAsync(
            options => options.Interceptors.Add<Witness>(atServer, "server"));
        var client = new EchoClient(server.Channel().Intercept(new Witness(atClient, "client")));

        await client.Reverse([1]);
        client.ReverseBlocking([1]);
        using var join = client.Join();
        await join.RequestStream.CompleteAsync();
        await join.ResponseAsync;
        using var split = client.Split([1]);
        await foreach (var _ in split.ResponseStream.ReadAllAsync())
        {
        }

        using var mirror = client.Mirror();
        await mirror.RequestStream.CompleteAsync();
        Assert.False(await mirror.ResponseStream.MoveNext());

        Assert.Equal(["client Reverse", "client Reverse (blocking)", "client Join", "client Split", "client Mirror"], atClient);
        Assert.Equal(["server Reverse", "server Reverse", "server Join", "server Split", "server Mirror"], atServer);
    }

    [Fact]
    public async Task Within_a_list_the_first_sees_a_call_first_and_a_later_list_comes_before()
    {
        var notes = new Notes();
        await using var server = await EchoServer.StartAsync();
        var invoker = server.Channel()
            .Intercept(new Witness(notes, "third"))
            .Intercept(new Witness(notes, "first"), new Witness(notes, "second"));

        await new EchoClient(invoker).Reverse([1]);

        Assert.Equal(["first Reverse", "second Reverse", "third Reverse"], notes);
    }

    [Fact]
    public async Task A_function_may_add_to_the_headers_of_every_call()
    {
        await using var server = await EchoServer.StartAsync();
        var client = new EchoClient(server.Channel().Intercept(headers =>
        {
            headers.Add("echo-added", "by a function");
            return headers;
        }));

        using var bare = client.Reverse([1]);
        using var full = client.Reverse([1], new CallOptions(new Metadata { { "echo-own", "mine" } }));

        Assert.Equal("by a function", (await bare.ResponseHeadersAsync).GetValue("echo-added"));
        Assert.Equal("by a function", (await full.ResponseHeadersAsync).GetValue("echo-added"));
        Assert.Equal("mine", (await full.ResponseHeadersAsync).GetValue("echo-own"));
    }

    [Fact]
    public async Task An_interceptor_of_the_server_may_refuse_before_the_service_runs()
    {
        await using var server = await EchoServer.StartAsync(options => options.Interceptors.Add<Doorkeeper>());

        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await server.Client().Reverse([1]));

        Assert.Equal(StatusCode.Unauthenticated, refusal.StatusCode);
        Assert.Empty(server.Watch.Sightings);
    }

    [Fact]
    public async Task A_wrapped_call_answers_through_its_wrapping()
    {
        await using var server = await EchoServer.StartAsync();
        var client = new EchoClient(server.Channel().Intercept(new Doubling()));

        using var call = client.Reverse([1, 2], new CallOptions(new Metadata { { "echo-kept", "yes" } }));

        Assert.Equal([2, 1, 2, 1], await call);
        Assert.Equal("yes", (await call.ResponseHeadersAsync).GetValue("echo-kept"));
        Assert.Equal("yes", call.GetTrailers().GetValue("echo-kept"));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    private sealed class Notes : ConcurrentQueue<string>;

    private sealed class Doorkeeper : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
            throw new RpcException(new Status(StatusCode.Unauthenticated, "who are you?"));
    }

    private sealed class Doubling : Interceptor
    {
        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            var call = continuation(request, context);
            return new AsyncUnaryCall<TResponse>(
                Twice(call), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
        }

        private static async Task<TResponse> Twice<TResponse>(AsyncUnaryCall<TResponse> call)
        {
            var bytes = (byte[])(object)(await call)!;
            return (TResponse)(object)(byte[])[.. bytes, .. bytes];
        }
    }

    /// <summary>Notes each call and passes it on.</summary>
    private sealed class Witness(Notes notes, string name) : Interceptor
    {
        public override TResponse BlockingUnaryCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            BlockingUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            notes.Enqueue($"{name} {context.Method.Name} (blocking)");
            return base.BlockingUnaryCall(request, context, continuation);
        }

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            notes.Enqueue($"{name} {context.Method.Name}");
            return base.AsyncUnaryCall(request, context, continuation);
        }

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            notes.Enqueue($"{name} {context.Method.Name}");
            return base.AsyncServerStreamingCall(request, context, continuation);
        }

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            notes.Enqueue($"{name} {context.Method.Name}");
            return base.AsyncClientStreamingCall(context, continuation);
        }

        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            notes.Enqueue($"{name} {context.Method.Name}");
            return base.AsyncDuplexStreamingCall(context, continuation);
        }

        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            NoteAtServer(context);
            return base.UnaryServerHandler(request, context, continuation);
        }

        public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream,
            ServerCallContext context,
            ClientStreamingServerMethod<TRequest, TResponse> continuation)
        {
            NoteAtServer(context);
            return base.ClientStreamingServerHandler(requestStream, context, continuation);
        }

        public override Task ServerStreamingServerHandler<TRequest, TResponse>(
            TRequest request,
            IServerStreamWriter<TResponse> responseStream,
            ServerCallContext context,
            ServerStreamingServerMethod<TRequest, TResponse> continuation)
        {
            NoteAtServer(context);
            return base.ServerStreamingServerHandler(request, responseStream, context, continuation);
        }

        public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream,
            IServerStreamWriter<TResponse> responseStream,
            ServerCallContext context,
            DuplexStreamingServerMethod<TRequest, TResponse> continuation)
        {
            NoteAtServer(context);
            return base.DuplexStreamingServerHandler(requestStream, responseStream, context, continuation);
        }

        private void NoteAtServer(ServerCallContext context) =>
            notes.Enqueue($"{name} {context.Method[(context.Method.LastIndexOf('/') + 1)..]}");
    }
}
