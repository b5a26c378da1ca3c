namespace Delivery.Benchmarks.Extracts;

/// <summary>A server and a client process on one register, and what they used for what was asked of them.</summary>
internal sealed class Pair : IAsyncDisposable
{
    private Pair(Child server, Child client, Uri address) => (Server, Client, Address) = (server, client, address);

    public Child Server { get; }

    public Child Client { get; }

    public Uri Address { get; }

    public static async Task<Pair> StartAsync(Register register)
    {
        var (server, address) = await Child.StartAsync(ExtractRoles.Server, register.Root);
        var (client, _) = await Child.StartAsync(ExtractRoles.Client, register.Root, address);
        return new Pair(server, client, new Uri(address));
    }

    /// <summary>Pulls a project.</summary>
    public async Task<Pulled> PullAsync(string project)
    {
        var (server, client) = (await Server.FiguresAsync(), await Client.FiguresAsync());
        var pull = await Client.AskAsync<PullFigures>("pull", project);
        var (serverAfter, clientAfter) = (await Server.FiguresAsync(), await Client.FiguresAsync());
        return new Pulled(
            pull,
            serverAfter with { CpuSeconds = serverAfter.CpuSeconds - server.CpuSeconds },
            clientAfter with { CpuSeconds = clientAfter.CpuSeconds - client.CpuSeconds });
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Server.DisposeAsync();
    }
}

/// <summary>A pull with the memory and processor time both sides used.</summary>
internal sealed record Pulled(PullFigures Pull, ProcessFigures Server, ProcessFigures Client);
