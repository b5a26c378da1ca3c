using System.Data.Common;
using System.Security.Cryptography;
using Delivery.Server.Hosting;
using Delivery.Server.Storage;
using Delivery.Server.TransferLog;

try
{
    var app = DeliveryServer.Build(args);
    var alarm = app.Services.GetRequiredService<LogAlarm>();
    await app.RunAsync();
    // Not 1: a supervisor that tries again after a failed start has nothing to try here.
    return alarm.IsRaised ? 3 : 0;
}
catch (Exception exception) when (
    exception is InvalidOperationException or InvalidDataException or StoreUnavailableException or IOException or UnauthorizedAccessException or CryptographicException or DbException)
{
    await Console.Error.WriteLineAsync($"The server did not start: {exception.Message}");
    if (exception is FileNotFoundException or DirectoryNotFoundException)
    {
        await Console.Error.WriteLineAsync("Development certificates are made by: dotnet run --project src/Tool -- certs init");
    }

    return 1;
}
