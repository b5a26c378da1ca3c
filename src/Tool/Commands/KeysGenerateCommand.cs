using System.CommandLine;
using System.Globalization;
using Delivery.Client.Development;
using Delivery.Client.Keys;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery keys generate</c>: a key that extracts are sealed to.</summary>
internal static class KeysGenerateCommand
{
    private const int DefaultDays = 90;
    private const int DaysMax = 3650;

    // The machine that checks the record may be a little behind the one that made it.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    public static Command Create(TimeProvider clock)
    {
        var suite = new Option<string>("--suite") { Description = "p256 runs everywhere; hybrid also holds against a quantum computer and needs OpenSSL 3.5.", DefaultValueFactory = _ => "p256" };
        suite.AcceptOnlyFromAmong("p256", "hybrid");
        var file = new Option<string>("--out") { Description = "The key file to write, mode 0600. Whoever has it can open extracts.", HelpName = "FILE", Required = true };
        var days = new Option<int>("--days") { Description = "How long extracts may be sealed to it.", HelpName = "N", DefaultValueFactory = _ => DefaultDays };
        days.Validators.Add(result =>
        {
            if (result.GetValue(days) is < 1 or > DaysMax)
            {
                result.AddError($"--days is from 1 to {DaysMax}");
            }
        });
        var organisation = new Option<string>("--organisation") { Description = "CVR number of the organisation that vouches for it.", HelpName = "CVR", DefaultValueFactory = _ => DevelopmentCertificates.RecipientOrganisation };
        var certs = new Option<string>("--certs") { Description = "Folder of the certificates. Also: DELIVERY_CERTS.", HelpName = "DIR", DefaultValueFactory = _ => ConnectionOptions.DefaultCerts() };
        var signer = new Option<string?>("--signer") { Description = "Certificate that vouches for recipient keys. Default: dst-recipient-signing.pem among the certificates.", HelpName = "PEM" };
        var signerKey = new Option<string?>("--signer-key") { Description = "Its private key. Default: dst-recipient-signing.key among the certificates.", HelpName = "PEM" };
        var command = new ToolCommand(
            "generate",
            "Makes a recipient key and has the organisation's signing key vouch for it. The private half never leaves the file.",
            ["delivery keys generate --out certs-dev/recipient.key", "delivery keys generate --suite hybrid --days 30 --out recipient.key"])
        {
            suite, file, days, organisation, certs, signer, signerKey,
        };
        return command.Runs((parse, terminal, _) =>
        {
            var path = parse.GetRequiredValue(file);
            var folder = parse.GetRequiredValue(certs);
            var from = clock.GetUtcNow() - ClockSkew;
            using var key = RecipientKeyFile.Generate(
                parse.GetRequiredValue(suite) == "hybrid" ? RecipientKeySuite.MlKem768P256 : RecipientKeySuite.P256,
                parse.GetRequiredValue(organisation),
                parse.GetValue(signer) ?? Path.Combine(folder, "dst-recipient-signing.pem"),
                parse.GetValue(signerKey) ?? Path.Combine(folder, "dst-recipient-signing.key"),
                from,
                from.AddDays(parse.GetRequiredValue(days)));
            key.Save(path);
            terminal.Say($"Usable until {key.NotAfter.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}. Register it before the first pull: delivery keys register {path}");
            terminal.Answer(new { File = Path.GetFullPath(path), key.KeyId, key.NotBefore, key.NotAfter }, key.KeyId);
            return Task.FromResult(ExitCode.Done);
        });
    }
}
