using System.Security.Cryptography;
using Delivery.Protocol.Log;
using Microsoft.Extensions.Options;

namespace Delivery.Server.TransferLog;

/// <summary>The key that signs checkpoints, and the actor the server is in leaves it writes by itself. One thread at a time signs.</summary>
internal sealed class LogKey : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create();

    public LogKey(IOptions<LogOptions> options)
    {
        _key.ImportFromPem(File.ReadAllText(options.Value.SigningKeyFile));
        Signer = new NoteSigner(NoteKeyKind.Log, options.Value.Origin, _key);
    }

    public NoteSigner Signer { get; }

    /// <summary>Who acts when nobody called: the server itself.</summary>
    public LeafActor System => new("delivery-server", "system", Signer.Verifier.SpkiSha256);

    public void Dispose() => _key.Dispose();
}
