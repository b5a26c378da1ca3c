using Delivery.Server.Hosting;

try
{
    var app = DeliveryServer.Build(args);
    await app.RunAsync();
    return 0;
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
