using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Delivery.Protocol.Log;
using Delivery.Protocol.Sealing;
using Delivery.Server.Identity;
using Delivery.Server.Refusals;
using Delivery.Server.Storage;
using Delivery.Server.TransferLog;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Delivery.Server.Extracts;

/// <summary>
/// The keys extracts may be sealed to. A key counts only with a signature that chains to the recipient organisation's own root, checked when it is
/// registered and again each time it is used: neither the connection it came over nor the database it lies in is believed.
/// </summary>
internal sealed class RecipientKeyDesk(Store store, StoreWriter writer, LogAppender log, IOptions<ExtractOptions> options, TimeProvider clock)
{
    private readonly Lazy<X509Certificate2Collection> _roots = new(() =>
    {
        var roots = new X509Certificate2Collection();
        roots.ImportFromPemFile(options.Value.RecipientKeyRootsFile);
        return roots;
    });

    public IReadOnlyList<RecipientKeyRow> List() =>
        store.Read(db => db.Set<RecipientKeyRow>().AsNoTracking().OrderBy(row => row.LogIndex).ToList());

    /// <summary>Registers a key. Registering it again answers with the first leaf.</summary>
    public Task<RecipientKeyRow> RegisterAsync(byte[] record, byte[] signature, byte[] signerCertificate, Caller caller, CancellationToken cancellation)
    {
        var key = Verify(record, signature, signerCertificate);
        if (clock.GetUtcNow() >= key.NotAfter)
        {
            throw RefusedException.By("RECIPIENT_KEY_INVALID", "not_after");
        }

        var keyId = new LogHash(key.KeyId());
        return writer.WriteAsync(
            scope =>
            {
                if (scope.Db.Set<RecipientKeyRow>().Find(keyId.ToString()) is { } known)
                {
                    return known;
                }

                var leaf = log.Append(scope, LeafDraft.RecipientKeyRegistered(caller.Actor, keyId, key.Suite.ToString(), key.NotBefore, key.NotAfter));
                var row = new RecipientKeyRow
                {
                    KeyId = keyId.ToString(), Record = record, Signature = signature, SignerCertificate = signerCertificate, LogIndex = leaf.Index,
                };
                scope.Db.Add(row);
                scope.Db.SaveChanges();
                return row;
            },
            cancellation);
    }

    /// <summary>The key to seal to. Without a registered key that is valid now nothing is sent (R05).</summary>
    public HpkePublicKey Require(DeliveryDb db, ReadOnlySpan<byte> keyId)
    {
        var id = Convert.ToHexStringLower(keyId);
        var row = db.Set<RecipientKeyRow>().AsNoTracking().FirstOrDefault(row => row.KeyId == id) ?? throw RefusedException.By("R05", "unknown");
        var record = Verify(row.Record, row.Signature, row.SignerCertificate);
        return record.IsValidAt(clock.GetUtcNow()) && record.KeyId().AsSpan().SequenceEqual(keyId)
            ? record.ImportPublicKey()
            : throw RefusedException.By("R05", "expired");
    }

    private RecipientKeyRecord Verify(byte[] record, byte[] signature, byte[] signerCertificate)
    {
        if (!RecipientKeyRecord.TryParse(record, out var parsed) || parsed.Organisation != options.Value.RecipientOrganisation)
        {
            throw RefusedException.By("RECIPIENT_KEY_INVALID");
        }

        try
        {
            using var signer = X509CertificateLoader.LoadCertificate(signerCertificate);
            if (!IsOfRecipient(signer) || !RecipientKeyRecord.Verify(record, signature, signer))
            {
                throw RefusedException.By("RECIPIENT_KEY_SIGNATURE");
            }

            parsed.ImportPublicKey();
            return parsed;
        }
        catch (CryptographicException)
        {
            throw RefusedException.By("RECIPIENT_KEY_INVALID");
        }
    }

    private bool IsOfRecipient(X509Certificate2 signer)
    {
        // Judged at signing time it would have to trust the signer's clock; now is stricter.
        using var chain = TrustedChain.To(_roots.Value, clock.GetUtcNow());
        return OrganisationName.CvrOf(signer) == options.Value.RecipientOrganisation && chain.Build(signer);
    }
}
