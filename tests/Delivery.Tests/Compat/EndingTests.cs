using Grpc.Core;

namespace Delivery.Tests.Compat;

/// <summary>How calls end other than well: refused, late, cancelled, or broken.</summary>
public sealed class EndingTests
{
    [Fact]
    public async Task A_refusal_brings_its_code_detail_and_trailers()
    {
        await using var server = await EchoServer.StartAsync();
        using var call = server.Client().Reverse([1], Acting("refuse"));

        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await call);

        Assert.Equal(StatusCode.PermissionDenied, refusal.StatusCode);
        Assert.Equal("Not yours to read: æøå.", refusal.Status.Detail);
        Assert.Equal("no approval", refusal.Trailers.GetValue("reason"));
        Assert.Equal(EchoWatch.EveryByte, refusal.Trailers.GetValueBytes("reason-bin"));
        Assert.Equal(StatusCode.PermissionDenied, call.GetStatus().StatusCode);
        Assert.Equal("no approval", call.GetTrailers().GetValue("reason"));
    }

    [Fact]
    public async Task A_refused_stream_throws_from_the_reader()
    {
        await using var server = await EchoServer.StartAsync();
        using var call = server.Client().Split([1], Acting("refuse"));

        var refusal = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());

        Assert.Equal(StatusCode.PermissionDenied, refusal.StatusCode);
        Assert.Equal("no approval", refusal.Trailers.GetValue("reason"));
    }

    [Fact]
    public async Task A_status_set_by_the_service_ends_the_call()
    {
        await using var server = await EchoServer.StartAsync();

        var ending = await Assert.ThrowsAsync<RpcException>(
            async () => await server.Client().Reverse([1], Acting("set-status")));

        Assert.Equal(StatusCode.FailedPrecondition, ending.StatusCode);
        Assert.Equal("not sealed", ending.Status.Detail);
    }

    [Fact]
    public async Task A_fault_inside_the_service_tells_the_caller_nothing()
    {
        await using var server = await EchoServer.StartAsync();

        var ending = await Assert.ThrowsAsync<RpcException>(async () => await server.Client().Reverse([1], Acting("break")));

        Assert.Equal(StatusCode.Unknown, ending.StatusCode);
        Assert.DoesNotContain("inside", ending.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deadline_that_has_passed_ends_the_call_at_once()
    {
        await using var server = await EchoServer.StartAsync();

        var late = await Assert.ThrowsAsync<RpcException>(
            async () => await server.Client().Reverse([1], new CallOptions(deadline: DateTime.UnixEpoch)));

        Assert.Equal(StatusCode.DeadlineExceeded, late.StatusCode);
        Assert.Empty(server.Watch.Sightings);
    }

    [Fact]
    public async Task A_deadline_reaches_the_service()
    {
        await using var server = await EchoServer.StartAsync();
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;

        await server.Client().Reverse([1], new CallOptions(deadline: now.AddHours(1)));

        Assert.InRange(Assert.Single(server.Watch.Sightings).Deadline, now.AddMinutes(30), now.AddMinutes(90));
    }

    [Fact]
    public async Task A_deadline_ends_a_call_that_the_service_leaves_open()
    {
        await using var server = await EchoServer.StartAsync();
        var deadline = TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(200);

        var late = await Assert.ThrowsAsync<RpcException>(
            async () => await server.Client().Reverse([1], Acting("wait").WithDeadline(deadline)));

        // Whether the call had reached the service by then is up to the machine.
        Assert.Equal(StatusCode.DeadlineExceeded, late.StatusCode);
    }

    [Fact]
    public async Task A_call_without_a_deadline_says_so_to_the_service()
    {
        await using var server = await EchoServer.StartAsync();

        await server.Client().Reverse([1]);

        var sighting = Assert.Single(server.Watch.Sightings);
        Assert.Equal(DateTime.MaxValue, sighting.Deadline);
        Assert.Equal("/delivery.tests.Echo/Reverse", sighting.Method);
        Assert.StartsWith("ipv4:127.0.0.1:", sighting.Peer, StringComparison.Ordinal);
        Assert.False(sighting.Authenticated);
    }

    [Fact]
    public async Task Cancelling_a_call_reaches_the_service()
    {
        await using var server = await EchoServer.StartAsync();
        using var cancellation = new CancellationTokenSource();
        using var call = server.Client().Reverse([1], Acting("wait").WithCancellationToken(cancellation.Token));
        await server.Watch.Waiting;

        await cancellation.CancelAsync();

        var ending = await Assert.ThrowsAsync<RpcException>(async () => await call);
        Assert.Equal(StatusCode.Cancelled, ending.StatusCode);
        await server.Watch.Cancelled;
    }

    [Fact]
    public async Task Disposing_a_call_cancels_it()
    {
        await using var server = await EchoServer.StartAsync();
        var call = server.Client().Mirror(Acting("wait"));
        await server.Watch.Waiting;

        call.Dispose();
        call.Dispose();

        await server.Watch.Cancelled;
        Assert.Equal(StatusCode.Cancelled, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task The_status_of_a_running_call_is_not_to_be_had()
    {
        await using var server = await EchoServer.StartAsync();
        using var call = server.Client().Mirror();

        Assert.Throws<InvalidOperationException>(() => call.GetStatus());
        Assert.Throws<InvalidOperationException>(() => call.GetTrailers());
    }

    private static CallOptions Acting(string act) => new(new Metadata { { "act", act } });
}
