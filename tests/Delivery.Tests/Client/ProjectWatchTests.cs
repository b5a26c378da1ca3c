using System.Runtime.CompilerServices;
using Delivery.Client.Approvals;
using Grpc.Core;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Tests.Client;

public sealed class ProjectWatchTests
{
    private static readonly RpcException Cut = new(new Status(StatusCode.Unavailable, "The connection broke."));

    [Fact]
    public async Task A_project_is_told_again_only_when_it_has_changed()
    {
        var watch = Watch(out _, [Stands("P-1", "APPROVED"), Stands("P-1", "APPROVED"), Stands("P-2", "APPROVED"), Stands("P-1", "DELIVERING"), Stands("P-1", "APPROVED")]);

        Assert.Equal(["P-1 APPROVED", "P-2 APPROVED", "P-1 DELIVERING", "P-1 APPROVED"], await TakeAsync(watch, 4));
    }

    [Fact]
    public async Task After_a_cut_only_what_changed_meanwhile_is_told()
    {
        var watch = Watch(out var clock, [Stands("P-1", "APPROVED"), Stands("P-2", "APPROVED")], [Stands("P-1", "APPROVED"), Stands("P-2", "SUSPENDED")]);

        Assert.Equal(["P-1 APPROVED", "P-2 APPROVED", "P-2 SUSPENDED"], await TakeAsync(watch, 3));
        Assert.Equal([0.5], clock.Waits);
    }

    [Fact]
    public async Task The_waits_double_to_half_a_minute_and_begin_anew_once_something_came()
    {
        var watch = Watch(out var clock, [Stands("P-1", "APPROVED")], [], [], [], [], [], [], [], [Stands("P-1", "APPROVED")], [Stands("P-1", "EXPIRED")]);

        Assert.Equal(["P-1 APPROVED", "P-1 EXPIRED"], await TakeAsync(watch, 2));
        Assert.Equal([0.5, 1, 2, 4, 8, 16, 30, 30, 0.5], clock.Waits);
    }

    [Fact]
    public async Task A_refusal_ends_the_watch()
    {
        var refused = new RpcException(new Status(StatusCode.PermissionDenied, "no"));
        var watch = new ProjectWatch(cancellation => Call([], refused, cancellation), (failure, _) => new InvalidOperationException(failure.Status.Detail), new HastyClock());

        Assert.Equal("no", (await Assert.ThrowsAsync<InvalidOperationException>(() => TakeAsync(watch, 1))).Message);
    }

    [Fact]
    public async Task Cancelling_ends_the_watch_also_while_it_waits()
    {
        using var ending = new CancellationTokenSource();
        var watch = new ProjectWatch(cancellation => Call([], Cut, cancellation), (failure, _) => failure, new HastyClock(onWait: ending.Cancel));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TakeAsync(watch, 1, ending.Token));
    }

    // Each call ends cut, after what it brings.
    private static ProjectWatch Watch(out HastyClock clock, params Wire.WatchProjectsResponse[][] calls)
    {
        var next = 0;
        return new ProjectWatch(cancellation => Call(calls[next++], Cut, cancellation), (failure, _) => failure, clock = new HastyClock());
    }

    private static async IAsyncEnumerable<Wire.WatchProjectsResponse> Call(
        Wire.WatchProjectsResponse[] answers, RpcException end, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var answer in answers)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return answer;
        }

        await Task.CompletedTask;
        throw end;
    }

    private static async Task<List<string>> TakeAsync(ProjectWatch watch, int count, CancellationToken cancellation = default) =>
        await watch.RunAsync(cancellation).Take(count).Select(change => $"{change.Project.ProjectId} {change.Project.State}").ToListAsync(cancellation);

    private static Wire.WatchProjectsResponse Stands(string id, string state) => new() { Project = new Wire.Project { ProjectId = id, State = state }, LogSize = 1 };

    /// <summary>Lets every wait pass at once, or never where something happens in it, and remembers how long it should have been, in seconds.</summary>
    private sealed class HastyClock(Action? onWait = null) : TimeProvider
    {
        public List<double> Waits { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waits.Add(dueTime.TotalSeconds);
            onWait?.Invoke();
            return System.CreateTimer(callback, state, onWait is null ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
