using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Delivery.Client.Keys;
using Delivery.Client.Refusals;
using Delivery.Protocol.Sealing;

namespace Delivery.Tests.Client;

public sealed class KeyFileTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    [Fact]
    public void A_recipient_key_is_read_back_as_it_was_made_and_its_record_is_signed()
    {
        using var made = Make();
        made.Save(At("recipient.json"));
        using var read = RecipientKeyFile.Load(At("recipient.json"));

        Assert.Equal((made.KeyId, made.Suite, made.NotAfter), (read.KeyId, read.Suite, read.NotAfter));
        Assert.Equal(made.Key.Export(), read.Key.Export());
        using var signer = X509CertificateLoader.LoadCertificate(read.SignerCertificate);
        Assert.True(RecipientKeyRecord.Verify(read.RecordBytes, read.Signature, signer));
    }

    [Fact]
    public void A_recipient_key_with_a_record_of_another_key_is_refused()
    {
        using var one = Make();
        using var other = Make();
        one.Save(At("one.json"));
        var json = File.ReadAllText(At("one.json"))
            .Replace(Convert.ToBase64String(one.RecordBytes), Convert.ToBase64String(other.RecordBytes), StringComparison.Ordinal)
            .Replace(Convert.ToBase64String(one.Signature), Convert.ToBase64String(other.Signature), StringComparison.Ordinal);
        File.WriteAllText(At("one.json"), json);

        Assert.Equal("E_KEY_FILE", Assert.Throws<DeliveryClientException>(() => RecipientKeyFile.Load(At("one.json"))).Code);
    }

    [Fact]
    public void A_pseudonym_key_is_read_back_as_it_was_made()
    {
        using var made = PseudonymKeyFile.Generate();
        made.Save(At("pseudonyms.key"));
        using var read = PseudonymKeyFile.Load(At("pseudonyms.key"));

        Assert.Equal(made.Master.ToArray(), read.Master.ToArray());
        Assert.Equal(45, new FileInfo(At("pseudonyms.key")).Length);
    }

    [Fact]
    public void Key_files_are_for_their_owner_only_and_are_never_replaced()
    {
        using var key = PseudonymKeyFile.Generate();
        key.Save(At("pseudonyms.key"));
        Assert.Equal("E_FILE", Assert.Throws<DeliveryClientException>(() => key.Save(At("pseudonyms.key"))).Code);
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(At("pseudonyms.key")));
        File.SetUnixFileMode(At("pseudonyms.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Equal("E_KEY_FILE_EXPOSED", Assert.Throws<DeliveryClientException>(() => PseudonymKeyFile.Load(At("pseudonyms.key"))).Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not base64 at all, and not of the right length")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==")]
    public void Something_else_than_a_key_is_refused(string content)
    {
        File.WriteAllText(At("other.key"), content);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(At("other.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        Assert.Equal("E_KEY_FILE", Assert.Throws<DeliveryClientException>(() => PseudonymKeyFile.Load(At("other.key"))).Code);
        Assert.Equal("E_KEY_FILE", Assert.Throws<DeliveryClientException>(() => RecipientKeyFile.Load(At("other.key"))).Code);
    }

    [Fact]
    public void A_record_with_values_it_cannot_have_is_not_made()
    {
        Assert.Equal("E_SETTINGS", Assert.Throws<DeliveryClientException>(() => Make(cvr: "1234")).Code);
        Assert.Equal("E_SETTINGS", Assert.Throws<DeliveryClientException>(() => Make(days: 0)).Code);
        Assert.Equal("E_CERTIFICATE_FILE", Assert.Throws<DeliveryClientException>(() => RecipientKeyFile.Generate(
            RecipientKeySuite.P256, "12345678", At("missing.pem"), At("missing.key"), Start, Start.AddDays(1))).Code);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private RecipientKeyFile Make(string cvr = "17150413", int days = 365)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=Signer", key, HashAlgorithmName.SHA256).CreateSelfSigned(Start, Start.AddYears(5));
        File.WriteAllText(At("signer.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(At("signer.key"), key.ExportPkcs8PrivateKeyPem());
        return RecipientKeyFile.Generate(RecipientKeySuite.P256, cvr, At("signer.pem"), At("signer.key"), Start, Start.AddDays(days));
    }
}
