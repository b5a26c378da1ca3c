using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Delivery.Client.Development;

/// <summary>The folder the files go to. Secrets are created with mode 0600, so that no moment exists at which others can read them.</summary>
internal sealed class DevelopmentFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _directory;
    private readonly List<string> _written = [];

    public DevelopmentFolder(string directory)
    {
        _directory = directory;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else
        {
            Directory.CreateDirectory(directory, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    /// <summary>What was written, in order.</summary>
    public IReadOnlyList<string> Written => _written;

    /// <summary>The first of the names that exists, or null.</summary>
    public string? First(IEnumerable<string> names) => names.FirstOrDefault(name => File.Exists(Path.Combine(_directory, name)));

    /// <summary>A certificate as <c>name.pem</c> and its key as <c>name.key</c>.</summary>
    public void Write(string name, X509Certificate2 certificate, ECDsa key)
    {
        WriteText($"{name}.pem", certificate.ExportCertificatePem() + "\n");
        WriteKey($"{name}.key", key);
    }

    public void WriteKey(string name, ECDsa key) => WriteSecret(name, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));

    public void WriteText(string name, string text)
    {
        File.WriteAllText(Path.Combine(_directory, name), text);
        _written.Add(name);
    }

    public void WriteSecret(string name, byte[] content)
    {
        var path = Path.Combine(_directory, name);

        // The mode is given at creation only; a file left from before could have another one.
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using var file = new FileStream(path, options);
        file.Write(content);
        CryptographicOperations.ZeroMemory(content);
        _written.Add(name);
    }
}
