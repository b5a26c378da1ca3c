using System.CommandLine;
using Delivery.Server.Hosting;
using Delivery.Tool.CommandLine;
using Delivery.Tool.Hosting;
using Microsoft.Extensions.Hosting;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery server</c>: a development server on this machine.</summary>
internal static class ServerCommand
{
    private const int DefaultPort = 7443;

    public static Command Create()
    {
        var certs = new Option<string>("--certs")
        {
            Description = "Folder that 'delivery certs init' made. Also: DELIVERY_CERTS.",
            HelpName = "DIR",
            DefaultValueFactory = _ => ConnectionOptions.DefaultCerts(),
        };
        var data = new Option<string>("--data") { Description = "Folder of the store; made when absent.", HelpName = "DIR", DefaultValueFactory = _ => "data" };
        var port = new Option<int>("--port") { Description = "Port on 127.0.0.1; 0 for a free one.", HelpName = "N", DefaultValueFactory = _ => DefaultPort };
        port.Validators.Add(result =>
        {
            if (result.GetValue(port) is not (>= 0 and <= ushort.MaxValue))
            {
                result.AddError("--port is from 0 to 65535");
            }
        });
        var command = new ToolCommand(
            "server",
            "Runs a development server for synthetic data on this machine, until Ctrl+C. Its address is the only line on stdout.",
            ["delivery server", "delivery server --certs certs-dev --data data --port 7443"],
            hasJson: false)
        {
            certs, data, port,
        };
        return command.Runs(async (parse, terminal, cancellation) =>
        {
            var folder = parse.GetRequiredValue(certs);
            if (!File.Exists(Path.Combine(folder, "server.pem")))
            {
                throw new FileNotFoundException($"There is no server certificate in {folder}. Make one: delivery certs init --out {folder}");
            }

            try
            {
                await RunAsync(DevelopmentServer.Settings(folder, parse.GetRequiredValue(data), parse.GetValue(port)), terminal, cancellation);
                return ExitCode.Done;
            }
            catch (Exception wrong) when (wrong is InvalidOperationException or InvalidDataException)
            {
                // A setting is wrong, or the data folder is not this server's; the text says which.
                terminal.Say(wrong.Message);
                return ExitCode.Usage;
            }
        });
    }

    private static async Task RunAsync(Dictionary<string, string?> settings, Terminal terminal, CancellationToken cancellation)
    {
        await using var app = DeliveryServer.Build([], settings);
        await app.StartAsync(cancellation);
        terminal.Answer(app.Urls, app.Urls);
        terminal.Say("Ready for development clients. Ctrl+C ends it.");
        try
        {
            await app.WaitForShutdownAsync(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await app.StopAsync(CancellationToken.None);
        }
    }
}
