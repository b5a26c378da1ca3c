using System.Globalization;

namespace Delivery.Benchmarks.Extracts;

/// <summary>What sending so many bytes took.</summary>
internal sealed record RawFigures(double Seconds, double ServerCpuSeconds, double ClientCpuSeconds);

/// <summary>The two processes of <see cref="RawTls"/>.</summary>
internal sealed class RawPair : IAsyncDisposable
{
    private readonly Child _server;
    private readonly Child _client;

    private RawPair(Child server, Child client) => (_server, _client) = (server, client);

    public static async Task<RawPair> StartAsync(Register register)
    {
        var (server, port) = await Child.StartAsync(RawTls.Server, register.Root);
        return new RawPair(server, (await Child.StartAsync(RawTls.Client, register.Root, port)).Child);
    }

    public async Task<RawFigures> SendAsync(long bytes)
    {
        var (server, client) = (await _server.FiguresAsync(), await _client.FiguresAsync());
        var seconds = await _client.AskAsync<double>("receive", bytes.ToString(CultureInfo.InvariantCulture));
        return new RawFigures(
            seconds, (await _server.FiguresAsync()).CpuSeconds - server.CpuSeconds, (await _client.FiguresAsync()).CpuSeconds - client.CpuSeconds);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
    }
}
