using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Delivery.Benchmarks.Extracts;

/// <summary>
/// An SSH server of this benchmark's own on 127.0.0.1, with throwaway keys in a folder of its own: no account, agent, key or setting of the
/// machine is touched. Disposing it ends it.
/// </summary>
internal sealed class LoopbackSsh : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(10);

    private readonly Process _server;
    private readonly string _options;

    private LoopbackSsh(Process server, string options) => (_server, _options) = (server, options);

    /// <summary><c>ssh</c> with everything but the command it is to run.</summary>
    public string Command => $"ssh {_options} 127.0.0.1";

    /// <summary><c>sftp</c> reading its orders from standard input.</summary>
    public string Sftp => $"sftp -b - {_options} 127.0.0.1";

    /// <summary>Starts it.</summary>
    public static async Task<LoopbackSsh> StartAsync(string folder)
    {
        var sshd = Shell.Find("sshd") ?? throw new InvalidOperationException("There is no sshd here; install OpenSSH's server.");
        Directory.CreateDirectory(folder);
        var port = FreePort();
        await Shell.RunAsync($"cd {folder} && ssh-keygen -q -t ed25519 -N '' -f host && ssh-keygen -q -t ed25519 -N '' -f client && mkdir -p /run/sshd");
        await File.WriteAllTextAsync(Path.Combine(folder, "known"), $"[127.0.0.1]:{port} {await File.ReadAllTextAsync(Path.Combine(folder, "host.pub"))}");
        await File.WriteAllTextAsync(
            Path.Combine(folder, "config"),
            $"""
            ListenAddress 127.0.0.1:{port}
            HostKey {folder}/host
            AuthorizedKeysFile {folder}/client.pub
            PidFile {folder}/pid
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            PermitRootLogin prohibit-password
            Subsystem sftp internal-sftp

            """);
        var server = Process.Start(new ProcessStartInfo(sshd, $"-D -f {folder}/config") { RedirectStandardError = true })!;
        var options = $"-F none -o Port={port.ToString(CultureInfo.InvariantCulture)} -o IdentityFile={folder}/client -o IdentitiesOnly=yes -o IdentityAgent=none -o UserKnownHostsFile={folder}/known -o BatchMode=yes";
        var ssh = new LoopbackSsh(server, options);
        await ssh.AnswersAsync();
        return ssh;
    }

    public async ValueTask DisposeAsync()
    {
        _server.Kill();
        await _server.WaitForExitAsync();
        _server.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // It listens a moment after it was started.
    private async Task AnswersAsync()
    {
        for (var watch = Stopwatch.StartNew(); ;)
        {
            try
            {
                await Shell.RunAsync(Command + " true");
                return;
            }
            catch (InvalidOperationException) when (watch.Elapsed < StartPatience && !_server.HasExited)
            {
                // Not yet; trying takes long enough to be a wait.
            }
        }
    }
}
