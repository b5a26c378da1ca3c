using System.Security.Cryptography;
using Delivery.Client.Keys;
using Delivery.Client.Log;
using Delivery.Client.Refusals;
using Delivery.Protocol.Log;
using Delivery.Protocol.Sealing;

namespace Delivery.Client.Extracts;

/// <summary>The keys an extract is opened and believed with. Owned by one run; the recipient key stays the caller's.</summary>
internal sealed class ExtractTrust : IDisposable
{
    private ExtractTrust(HpkePrivateKey recipient, ECDsa sender, LogPolicy policy) =>
        (Recipient, Sender, SenderKeyId, Policy) = (recipient, sender, SenderKey.IdOf(sender), policy);

    public HpkePrivateKey Recipient { get; }

    public ECDsa Sender { get; }

    public byte[] SenderKeyId { get; }

    public LogPolicy Policy { get; }

    /// <exception cref="DeliveryClientException">A file is unusable.</exception>
    public static ExtractTrust Load(ExtractReadOptions options) =>
        Of(options.RecipientKey.Key, SenderKeyFile.Read(options.SenderPublicKeyFile), PolicyFile.Read(options.LogPolicyFile));

    /// <summary>Takes over the sender key.</summary>
    public static ExtractTrust Of(HpkePrivateKey recipient, ECDsa sender, LogPolicy policy) => new(recipient, sender, policy);

    public void Dispose() => Sender.Dispose();
}
