using Delivery.Server.Hosting;
using Delivery.Server.TransferLog;

try
{
    var app = DeliveryServer.Build(args);
    var patrol = app.Services.GetServices<IHostedService>().OfType<LogPatrol>().Single();
    await app.RunAsync();
    // Not 1: a supervisor that tries again after a failed start has nothing to try here.
    return patrol.HasFound ? 3 : 0;
}
catch (Exception exception) when (exception is InvalidOperationException or InvalidDataException or FileNotFoundException or DirectoryNotFoundException)
{
    await Console.Error.WriteLineAsync($"The server did not start: {exception.Message}");
    if (exception is FileNotFoundException or DirectoryNotFoundException)
    {
        await Console.Error.WriteLineAsync("Development certificates are made by: dotnet run --project src/Tool -- certs init");
    }

    return 1;
}
