using System.Collections.Concurrent;
using Delivery.Protocol.V1;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.DependencyInjection;

namespace Delivery.EndToEnd.Running;

/// <summary>
/// Lets a test stand inside the server, right before each frame of an extract is handed to the transport, and do something at exactly that point.
/// Threads may share it.
/// </summary>
internal sealed class FrameHooks : Interceptor
{
    private readonly ConcurrentDictionary<string, Func<int, Task>> _hooks = new(StringComparer.Ordinal);

    public void AddTo(IServiceCollection services) =>
        services.AddSingleton(this).Configure<GrpcServiceOptions>(grpc => grpc.Interceptors.Add<FrameHooks>());

    /// <summary>Runs something before each frame of a project's streams; it is given the frame's number in its call, 0 for the header.</summary>
    public void Before(string projectId, Func<int, Task> act) => _hooks[projectId] = act;

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        continuation(
            request,
            request is StreamExtractRequest extract && _hooks.TryGetValue(extract.ProjectId, out var act) ? new Hooked<TResponse>(responseStream, act) : responseStream,
            context);

    private sealed class Hooked<T>(IServerStreamWriter<T> inner, Func<int, Task> act) : IServerStreamWriter<T>
    {
        private int _frames;

        public WriteOptions? WriteOptions
        {
            get => inner.WriteOptions;
            set => inner.WriteOptions = value;
        }

        public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

        public async Task WriteAsync(T message, CancellationToken cancellationToken)
        {
            await act(_frames++);
            await inner.WriteAsync(message, cancellationToken);
        }
    }
}
