using System.Security.Cryptography;
using System.Text;
using Delivery.Client.Keys;
using Delivery.Client.Refusals;
using Delivery.Protocol.Log;

namespace Delivery.Client.Log;

/// <summary>
/// A witness's key file: PEM, PKCS #8, P-256, mode 0600. Its name is the one the policy gives its public half, because a witness nobody named
/// convinces nobody.
/// </summary>
internal sealed class WitnessKey : IDisposable
{
    private readonly ECDsa _key;

    private WitnessKey(ECDsa key, NoteSigner signer) => (_key, Signer) = (key, signer);

    public NoteSigner Signer { get; }

    /// <exception cref="DeliveryClientException">The file holds no key, or one that the policy names no witness by.</exception>
    public static WitnessKey Read(string file, LogPolicy policy)
    {
        var content = SecretFile.Read(file);
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(Encoding.ASCII.GetString(content));
            var spki = LogHash.Of(key.ExportSubjectPublicKeyInfo());
            var named = policy.Witnesses.FirstOrDefault(witness => witness.SpkiSha256 == spki)
                ?? throw new DeliveryClientException(ClientReasons.WitnessUnknown, Path.GetFileName(file));
            return new WitnessKey(key, new NoteSigner(NoteKeyKind.Witness, named.Name, key));
        }
        catch (Exception cause) when (cause is ArgumentException or CryptographicException or LogFormatException)
        {
            key.Dispose();
            throw new DeliveryClientException(ClientReasons.KeyFile, Path.GetFileName(file), cause);
        }
        catch (DeliveryClientException)
        {
            key.Dispose();
            throw;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }

    public void Dispose() => _key.Dispose();
}

/// <summary>
/// Cosigns the newest head of a log, once: after the log's own signature and the consistency with every head cosigned before were checked. The
/// head is on disk before the signature leaves, so that a crash never lets two histories be cosigned.
/// </summary>
internal sealed class Witness(LogClient log, LogPolicy policy, NoteSigner signer, CheckpointMemory memory, TimeProvider clock)
{
    public async Task<CosignReport> CosignAsync(CancellationToken cancellation)
    {
        // Whether others cosigned is no concern of a witness.
        var heads = new LogHeads(log, memory, new LogPolicy(policy.Origin, policy.LogKeys, policy.Witnesses));
        var believed = await heads.NewestAsync(cancellation);
        heads.Remember(believed);
        var now = clock.GetUtcNow();
        var cosigned = signer.Cosign(SignedNote.Parse(believed.Note), now.ToUnixTimeSeconds());
        await log.SendCosignatureAsync(cosigned.Encode(), cancellation);
        return new CosignReport(believed.Head.Origin, believed.Head.Size, believed.Head.Root.ToString(), signer.Verifier.Name, now, believed.Seen?.Size);
    }
}
