using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Delivery.Benchmarks.Extracts;

/// <summary>
/// The limit: as many bytes over the same kind of connection (TLS 1.3, certificates on both sides, loopback) with nothing before, between
/// or after. Both roles in processes of their own.
/// </summary>
internal static class RawTls
{
    public const string Server = "tls-server";

    public const string Client = "tls-client";

    // What grpc.md's measurements and most copy loops use; smaller ones are slower.
    private const int MessageBytes = 256 * 1024;

    public static async Task ServeAsync(Register register)
    {
        using var certificate = X509Certificate2.CreateFromPemFile(Path.Combine(register.Certs, "server.pem"), Path.Combine(register.Certs, "server.key"));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var message = RandomNumberGenerator.GetBytes(MessageBytes);
        var serving = Task.Run(async () =>
        {
            while (true)
            {
                using var connection = await listener.AcceptTcpClientAsync();
                await SendAsync(connection, certificate, message);
            }
        });
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await Child.ServeAsync(port.ToString(CultureInfo.InvariantCulture), _ => throw new NotSupportedException("A server is asked for its figures only."));
        listener.Stop();
        await serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public static async Task ReceiveAsync(Register register, int port)
    {
        using var certificate = X509Certificate2.CreateFromPemFile(Path.Combine(register.Certs, "dst-ingestion.pem"), Path.Combine(register.Certs, "dst-ingestion.key"));
        await Child.ServeAsync("ready", async words => await ReceiveAsync(certificate, port, long.Parse(words[1], CultureInfo.InvariantCulture)));
    }

    private static async Task SendAsync(TcpClient connection, X509Certificate2 certificate, byte[] message)
    {
        connection.NoDelay = true;
        await using var stream = new SslStream(connection.GetStream());
        await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            ServerCertificate = certificate,
            ClientCertificateRequired = true,
            EnabledSslProtocols = SslProtocols.Tls13,
            RemoteCertificateValidationCallback = (_, client, _, _) => client is not null,
        });
        var wanted = new byte[sizeof(long)];
        await stream.ReadExactlyAsync(wanted);
        for (var left = BitConverter.ToInt64(wanted); left > 0; left -= message.Length)
        {
            await stream.WriteAsync(message.AsMemory(0, (int)Math.Min(left, message.Length)));
        }
    }

    private static async Task<object> ReceiveAsync(X509Certificate2 certificate, int port, long bytes)
    {
        using var connection = new TcpClient { NoDelay = true };
        await connection.ConnectAsync(IPAddress.Loopback, port);
        await using var stream = new SslStream(connection.GetStream());
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            ClientCertificates = [certificate],
            EnabledSslProtocols = SslProtocols.Tls13,
            RemoteCertificateValidationCallback = (_, server, _, _) => server is not null,
        });
        var buffer = new byte[MessageBytes];
        var watch = Stopwatch.StartNew();
        await stream.WriteAsync(BitConverter.GetBytes(bytes));
        for (var left = bytes; left > 0;)
        {
            var read = await stream.ReadAsync(buffer);
            left -= read > 0 ? read : throw new EndOfStreamException();
        }

        return watch.Elapsed.TotalSeconds;
    }
}
