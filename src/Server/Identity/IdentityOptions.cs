namespace Delivery.Server.Identity;

/// <summary>Who may connect, and as what.</summary>
internal sealed class IdentityOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Delivery:Identity";

    /// <summary>The server's certificate, PEM, with its intermediates.</summary>
    public string ServerCertificateFile { get; set; } = "";

    /// <summary>The server certificate's private key, PEM, mode 0600.</summary>
    public string ServerKeyFile { get; set; } = "";

    /// <summary>Roots that client certificates must chain to, PEM. Nothing is fetched from the network, and the system's roots do not count.</summary>
    public string ClientRootsFile { get; set; } = "";

    /// <summary>Certificate revocation lists, DER or PEM, one file each; a certificate on a list signed by its issuer is refused. Read at start.</summary>
    public IList<string> RevocationListFiles { get; } = [];

    /// <summary>The role table. A certificate gets the roles of all rows it matches; none matched means every call is refused.</summary>
    public IList<RoleGrant> Roles { get; } = [];

    /// <summary>CVR number of STIL, whose administrators may act for every controller. Default 13223459.</summary>
    public string StilCvr { get; set; } = "13223459";

    /// <summary>What is wrong with these settings, or null. A wrong setting stops the start.</summary>
    public string? Problem() =>
        ServerCertificateFile.Length == 0 ? $"{Section}:ServerCertificateFile is empty"
        : ServerKeyFile.Length == 0 ? $"{Section}:ServerKeyFile is empty"
        : ClientRootsFile.Length == 0 ? $"{Section}:ClientRootsFile is empty"
        : Roles.Select(grant => grant.Problem()).FirstOrDefault(problem => problem is not null);
}

/// <summary>One row of the role table: either the issuer and the organisation of a certificate, or exactly one public key.</summary>
internal sealed class RoleGrant
{
    /// <summary>Common name of the issuing authority; with <see cref="OrganizationIdentifier"/>.</summary>
    public string Issuer { get; set; } = "";

    /// <summary><c>NTRDK-</c> and the CVR number, as in OCES certificates; <c>NTRDK-*</c> for any organisation of the issuer.</summary>
    public string OrganizationIdentifier { get; set; } = "";

    /// <summary>Common name of the subject, where one organisation has several systems; empty for any.</summary>
    public string CommonName { get; set; } = "";

    /// <summary>SHA-256 of the public key (SubjectPublicKeyInfo), 64 hexadecimal digits; instead of issuer and organisation.</summary>
    public string SpkiSha256 { get; set; } = "";

    /// <summary>The role granted: stil-approvals, stil-intake, dst-ingestion, administrator or auditor.</summary>
    public string Role { get; set; } = "";

    public string? Problem()
    {
        var byKey = SpkiSha256.Length > 0;
        var byOrganisation = Issuer.Length > 0 && OrganizationIdentifier.Length > 0;
        return byKey == byOrganisation ? $"{IdentityOptions.Section}:Roles: a row names either Issuer and OrganizationIdentifier, or SpkiSha256"
            : byKey && SpkiSha256.Length != 64 ? $"{IdentityOptions.Section}:Roles: SpkiSha256 has 64 hexadecimal digits"
            : RoleNames.Parse(Role) is null ? $"{IdentityOptions.Section}:Roles: there is no role '{Role}'"
            : null;
    }
}
