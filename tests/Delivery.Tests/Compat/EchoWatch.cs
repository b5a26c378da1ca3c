using System.Collections.Concurrent;
using Grpc.Core;

namespace Delivery.Tests.Compat;

/// <summary>What the server saw of one call.</summary>
public sealed record Sighting(
    string Method, string Peer, DateTime Deadline, bool Authenticated, string? Encoding, string? Authorization);

/// <summary>Lets a test see the server's side. One per server; threads share it.</summary>
public sealed class EchoWatch
{
    private readonly ConcurrentQueue<Sighting> sightings = new();
    private readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static byte[] EveryByte { get; } = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];

    public IReadOnlyCollection<Sighting> Sightings => sightings;

    /// <summary>Ends when a call has begun to wait.</summary>
    public Task Waiting => started.Task;

    /// <summary>Ends when the service has learned that its call was cancelled.</summary>
    public Task Cancelled => cancelled.Task;

    internal void Saw(ServerCallContext context)
    {
        var headers = context.GetHttpContext().Request.Headers;
        sightings.Enqueue(new Sighting(
            context.Method,
            context.Peer,
            context.Deadline,
            context.AuthContext.IsPeerAuthenticated,
            headers["grpc-encoding"],
            headers.Authorization));
    }

    internal async Task UntilCancelled(CancellationToken cancellation)
    {
        using var registration = cancellation.Register(() => cancelled.TrySetResult());
        started.TrySetResult();
        await cancelled.Task;
        cancellation.ThrowIfCancellationRequested();
    }
}
