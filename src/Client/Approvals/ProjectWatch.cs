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
    private readonly ReopenedStream<Wire.WatchProjectsResponse> _answers = new(open, translate, clock);

    /// <summary>Changes until cancelled or refused.</summary>
    public async IAsyncEnumerable<ProjectChange> RunAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var told = new Dictionary<string, Wire.Project>(StringComparer.Ordinal);
        await foreach (var answer in _answers.ReadAsync(cancellation))
        {
            var project = answer.Project;
            if (told.TryGetValue(project.ProjectId, out var before) && before.Equals(project))
            {
                continue;
            }

            told[project.ProjectId] = project;
            yield return new ProjectChange(ProjectStandings.Read(project), answer.LogSize);
        }
    }
}
