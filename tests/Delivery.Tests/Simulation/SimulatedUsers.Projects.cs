using Delivery.Server.Approvals;

namespace Delivery.Tests.Simulation;

/// <summary>What the agency does to its projects.</summary>
internal sealed partial class SimulatedUsers
{
    private async Task StepAsync(Func<ProjectDesk, string, Task<ProjectStep>> step, string type)
    {
        var project = Project();
        var (isTaken, taken) = await AskAsync(() => step(_server.Get<ProjectDesk>(), project));
        if (isTaken)
        {
            Changed(taken!.LogIndex, type);
        }
    }

    private async Task PushAsync()
    {
        var name = $"LIFE-{_projects.Count}-{random.Next(100_000)}";
        var (isPushed, approval) = await AskAsync(() => SimulatedWorld.PushAsync(_server, name, clock.GetUtcNow()));
        if (isPushed)
        {
            lock (_lock)
            {
                _projects.Add(name);
            }

            Changed(approval!.Row.LogIndex, "approval.pushed");
        }
    }

    private void Changed(long index, string type)
    {
        lock (_lock)
        {
            Outside.Changes.Add((index, type));
        }
    }
}
