using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Delivery.Client.Refusals;
using Delivery.Protocol.Sealing;

namespace Delivery.Client.Keys;

/// <summary>
/// A key that extracts are sealed to: its private half, and the record with which the recipient's organisation vouches for
/// its public half. One JSON file of mode 0600. Threads may share it.
/// </summary>
public sealed class RecipientKeyFile : IDisposable
{
    private RecipientKeyFile(HpkePrivateKey key, RecipientKeyRecord record, byte[] recordBytes, byte[] signature, byte[] signerCertificate) =>
        (Key, Record, RecordBytes, Signature, SignerCertificate) = (key, record, recordBytes, signature, signerCertificate);

    /// <summary>The suite extracts are sealed in.</summary>
    public RecipientKeySuite Suite => SuiteOf(Key.Suite);

    /// <summary>The key's id, lower-case hexadecimal.</summary>
    public string KeyId => Convert.ToHexStringLower(Key.PublicKey.Id.Span);

    /// <summary>The CVR number of the organisation that vouches for it.</summary>
    public string OrganisationCvr => Record.Organisation;

    /// <summary>First instant at which extracts may be sealed to it.</summary>
    public DateTimeOffset NotBefore => Record.NotBefore;

    /// <summary>First instant at which they may no longer.</summary>
    public DateTimeOffset NotAfter => Record.NotAfter;

    internal HpkePrivateKey Key { get; }

    internal RecipientKeyRecord Record { get; }

    internal byte[] RecordBytes { get; }

    internal byte[] Signature { get; }

    internal byte[] SignerCertificate { get; }

    /// <summary>Makes a new key and has the organisation's signing key vouch for it.</summary>
    /// <param name="suite">The suite, for life.</param>
    /// <param name="organisationCvr">The organisation's CVR number, eight digits.</param>
    /// <param name="signerCertificateFile">PEM file of the certificate the server is configured to trust for this.</param>
    /// <param name="signerKeyFile">PEM file of its private key, P-256.</param>
    /// <param name="notBefore">First instant of use; cut to whole seconds.</param>
    /// <param name="notAfter">First instant of no more use; cut to whole seconds.</param>
    /// <param name="ordinal">Counts the organisation's records, from 1.</param>
    /// <exception cref="DeliveryClientException">A file or a value is unusable, or this machine cannot run the suite.</exception>
    public static RecipientKeyFile Generate(
        RecipientKeySuite suite,
        string organisationCvr,
        string signerCertificateFile,
        string signerKeyFile,
        DateTimeOffset notBefore,
        DateTimeOffset notAfter,
        long ordinal = 1)
    {
        var key = NewKey(suite);
        try
        {
            using var signer = X509Certificate2.CreateFromPemFile(signerCertificateFile, signerKeyFile);
            using var signerKey = signer.GetECDsaPrivateKey();
            if (signerKey is null || !SenderKey.IsP256(signerKey))
            {
                throw new DeliveryClientException(ClientReasons.CertificateUnreadable, Path.GetFileName(signerKeyFile));
            }

            var record = new RecipientKeyRecord(
                key.Suite, key.PublicKey.Bytes.ToArray(), organisationCvr, WholeSeconds(notBefore), WholeSeconds(notAfter), checked((uint)ordinal));
            var bytes = record.Encode();
            return new RecipientKeyFile(key, record, bytes, RecipientKeyRecord.Sign(bytes, signerKey), signer.RawData);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or CryptographicException)
        {
            key.Dispose();
            throw new DeliveryClientException(ClientReasons.CertificateUnreadable, Path.GetFileName(signerCertificateFile), cause);
        }
        catch (Exception cause) when (cause is ArgumentException or OverflowException)
        {
            key.Dispose();
            throw new DeliveryClientException(ClientReasons.Settings, "recipient key record", cause);
        }
    }

    /// <summary>Reads a key file and checks that its parts belong together.</summary>
    /// <exception cref="DeliveryClientException">The file cannot be read, is open to others, or holds something else.</exception>
    public static RecipientKeyFile Load(string file)
    {
        var json = SecretFile.Read(file);
        try
        {
            return Read(JsonSerializer.Deserialize(json, RecipientKeyJson.Default.RecipientKeyContent))
                ?? throw new DeliveryClientException(ClientReasons.KeyFile, Path.GetFileName(file));
        }
        catch (Exception cause) when (cause is JsonException or CryptographicException or ArgumentException)
        {
            throw new DeliveryClientException(ClientReasons.KeyFile, Path.GetFileName(file), cause);
        }
        catch (PlatformNotSupportedException cause)
        {
            throw new DeliveryClientException(ClientReasons.SuiteUnsupported, Path.GetFileName(file), cause);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(json);
        }
    }

    /// <summary>Writes the key to a new file of mode 0600.</summary>
    /// <exception cref="DeliveryClientException">The file exists already or cannot be written.</exception>
    public void Save(string file)
    {
        var privateKey = Key.Export();
        var content = new RecipientKeyContent(RecipientKeyContent.NameOf(Key.Suite), privateKey, RecordBytes, Signature, SignerCertificate);
        var json = JsonSerializer.SerializeToUtf8Bytes(content, RecipientKeyJson.Default.RecipientKeyContent);
        SecretFile.Write(file, json);
        CryptographicOperations.ZeroMemory(privateKey);
        CryptographicOperations.ZeroMemory(json);
    }

    /// <summary>Forgets the private key.</summary>
    public void Dispose() => Key.Dispose();

    private static RecipientKeyFile? Read(RecipientKeyContent? content)
    {
        if (content is null || RecipientKeyContent.SuiteOf(content.Suite) is not { } suite
            || !RecipientKeyRecord.TryParse(content.Record, out var record) || record.Suite != suite)
        {
            return null;
        }

        var key = HpkePrivateKey.Import(suite, content.PrivateKey);
        CryptographicOperations.ZeroMemory(content.PrivateKey);
        using var signer = X509CertificateLoader.LoadCertificate(content.SignerCertificate);
        if (key.PublicKey.Bytes.SequenceEqual(record.PublicKey.Span) && RecipientKeyRecord.Verify(content.Record, content.Signature, signer))
        {
            return new RecipientKeyFile(key, record, content.Record, content.Signature, content.SignerCertificate);
        }

        key.Dispose();
        return null;
    }

    private static HpkePrivateKey NewKey(RecipientKeySuite suite)
    {
        try
        {
            return HpkePrivateKey.Generate(suite switch
            {
                RecipientKeySuite.P256 => HpkeSuite.P256,
                RecipientKeySuite.MlKem768P256 => HpkeSuite.MlKem768P256,
            });
        }
        catch (PlatformNotSupportedException cause)
        {
            throw new DeliveryClientException(ClientReasons.SuiteUnsupported, cause: cause);
        }
    }

    private static RecipientKeySuite SuiteOf(HpkeSuite suite) => suite switch
    {
        HpkeSuite.P256 => RecipientKeySuite.P256,
        HpkeSuite.MlKem768P256 => RecipientKeySuite.MlKem768P256,
    };

    private static DateTimeOffset WholeSeconds(DateTimeOffset instant) => DateTimeOffset.FromUnixTimeSeconds(instant.ToUnixTimeSeconds());
}
