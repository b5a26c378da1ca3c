using System.Globalization;
using Delivery.Client.Development;

namespace Delivery.Tool.Hosting;

/// <summary>The settings of a server that runs on the certificates of <see cref="DevelopmentCertificates"/>, on this machine only.</summary>
internal static class DevelopmentServer
{
    /// <summary>Configuration for <c>DeliveryServer.Build</c>.</summary>
    /// <param name="certs">Folder of the certificates.</param>
    /// <param name="data">Folder of the store; the key-encryption key is made beside the certificates, outside it.</param>
    /// <param name="port">Port on 127.0.0.1; 0 for a free one.</param>
    public static Dictionary<string, string?> Settings(string certs, string data, int port)
    {
        string File(string name) => Path.GetFullPath(Path.Combine(certs, name));
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Delivery:Listen"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"),
            ["Delivery:Storage:DataFolder"] = Path.GetFullPath(data),
            ["Delivery:Storage:KeyEncryptionKeyFile"] = File("key-encryption.key"),
            ["Delivery:Identity:ServerCertificateFile"] = File("server.pem"),
            ["Delivery:Identity:ServerKeyFile"] = File("server.key"),
            ["Delivery:Identity:ClientRootsFile"] = File("ca.pem"),
            ["Delivery:TransferLog:Origin"] = DevelopmentCertificates.LogOrigin,
            ["Delivery:TransferLog:SigningKeyFile"] = File("log-signing.key"),
            ["Delivery:Extracts:SigningKeyFile"] = File("delivery-signing.key"),
            ["Delivery:Extracts:RecipientKeyRootsFile"] = File("recipient-ca.pem"),
            ["Delivery:Extracts:RecipientOrganisation"] = DevelopmentCertificates.RecipientOrganisation,
            ["Delivery:Intake:CprPolicy"] = "Synthetic",

            // A command's stdout is data, also when the server runs inside it.
            ["Logging:Console:LogToStandardErrorThreshold"] = "Trace",
            ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
        };
        var row = 0;
        foreach (var grant in DevelopmentCertificates.Grants)
        {
            var section = string.Create(CultureInfo.InvariantCulture, $"Delivery:Identity:Roles:{row++}:");
            settings[section + "Issuer"] = DevelopmentCertificates.Authority;
            settings[section + "OrganizationIdentifier"] = grant.OrganizationIdentifier;
            settings[section + "CommonName"] = grant.CommonName;
            settings[section + "Role"] = grant.Role;
        }

        return settings;
    }
}
