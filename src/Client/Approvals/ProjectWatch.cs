using System.Runtime.CompilerServices;
using Delivery.Client.Connection;
using Grpc.Core;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Client.Approvals;

/// <summary>
/// Follows projects across cut connections. Each connection begins with everything, so what was told before and has not changed is left
/// out. One use at a time.
/// </summary>
/// <param name="open">Makes one call; failures come as <see cref="RpcException"/>.</param>
/// <param name="translate">What a failure is to the caller.</param>
/// <param name="clock">Measures the waits.</param>
internal sealed class ProjectWatch(
    Func<CancellationToken, IAsyncEnumerable<Wire.WatchProjectsResponse>> open, Func<RpcException, CancellationToken, Exception> translate, TimeProvider clock)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>Changes until cancelled or refused; a call that is cut or ends is made again.</summary>
    public async IAsyncEnumerable<ProjectChange> RunAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var told = new Dictionary<string, Wire.Project>(StringComparer.Ordinal);
        var wait = FirstWait;
        while (true)
        {
            await using var changes = open(cancellation).GetAsyncEnumerator(cancellation);
            while (await NextAsync(changes, cancellation))
            {
                wait = FirstWait;
                var project = changes.Current.Project;
                if (told.TryGetValue(project.ProjectId, out var before) && before.Equals(project))
                {
                    continue;
                }

                told[project.ProjectId] = project;
                yield return new ProjectChange(ProjectStandings.Read(project), changes.Current.LogSize);
            }

            await Task.Delay(wait, clock, cancellation);
            wait = TimeSpan.FromTicks(Math.Min(wait.Ticks * 2, LongestWait.Ticks));
        }
    }

    private async Task<bool> NextAsync(IAsyncEnumerator<Wire.WatchProjectsResponse> changes, CancellationToken cancellation)
    {
        try
        {
            return await changes.MoveNextAsync();
        }
        catch (RpcException failure) when (RpcFailure.IsCut(failure) && !cancellation.IsCancellationRequested)
        {
            return false;
        }
        catch (RpcException failure)
        {
            throw translate(failure, cancellation);
        }
    }
}
