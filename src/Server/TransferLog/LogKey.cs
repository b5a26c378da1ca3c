using System.Security.Cryptography;
using Delivery.Protocol.Log;
using Microsoft.Extensions.Options;

namespace Delivery.Server.TransferLog;

/// <summary>
/// The key that signs checkpoints, the one that takes over from it while there is one, and the actor the server is in leaves it writes by
/// itself. One thread at a time signs.
/// </summary>
internal sealed class LogKey : IDisposable
{
    private readonly List<ECDsa> _keys = [];

    public LogKey(IOptions<LogOptions> options)
    {
        var settings = options.Value;
        Signer = Read(settings.Origin, settings.SigningKeyFile);
        Next = settings.NextSigningKeyFile.Length == 0 ? null : Read(settings.Origin, settings.NextSigningKeyFile);
    }

    /// <summary>The key in use.</summary>
    public NoteSigner Signer { get; }

    /// <summary>The key that takes over; null when none does.</summary>
    public NoteSigner? Next { get; }

    /// <summary>Who acts when nobody called: the server itself.</summary>
    public LeafActor System => new("delivery-server", "system", Signer.Verifier.SpkiSha256);

    /// <summary>Signs with every key that is in use, so that those who know the old key and those who know the new one both believe it.</summary>
    public SignedNote Sign(Checkpoint checkpoint) =>
        Next is null ? Signer.Sign(checkpoint) : Signer.Sign(checkpoint).With(Next.Sign(checkpoint).Signatures[0]);

    public void Dispose() => _keys.ForEach(key => key.Dispose());

    private NoteSigner Read(string origin, string file)
    {
        var key = ECDsa.Create();
        _keys.Add(key);
        key.ImportFromPem(File.ReadAllText(file));
        return new NoteSigner(NoteKeyKind.Log, origin, key);
    }
}
