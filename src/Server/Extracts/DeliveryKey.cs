using System.Security.Cryptography;
using Delivery.Protocol.Sealing;
using Microsoft.Extensions.Options;

namespace Delivery.Server.Extracts;

/// <summary>The key that signs sealed streams. Each stream takes a handle of its own, since key objects are not for several threads.</summary>
internal sealed class DeliveryKey
{
    private readonly string _pem;

    public DeliveryKey(IOptions<ExtractOptions> options)
    {
        _pem = File.ReadAllText(options.Value.SigningKeyFile);
        using var key = Open();
        Id = SenderKey.IdOf(key);
    }

    /// <summary>SHA-256 of its public key, 32 bytes.</summary>
    public byte[] Id { get; }

    /// <summary>A handle on the key; the caller disposes it.</summary>
    public ECDsa Open()
    {
        var key = ECDsa.Create();
        key.ImportFromPem(_pem);
        return key;
    }
}
