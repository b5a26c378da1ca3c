using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Delivery.Server.Identity;

/// <summary>The organisation a certificate was issued to: its <c>organizationIdentifier</c> (OID 2.5.4.97), as OCES certificates have it.</summary>
internal static class OrganisationName
{
    /// <summary>What stands before the CVR number of a Danish organisation.</summary>
    public const string CvrPrefix = "NTRDK-";

    private const string OrganizationIdentifierOid = "2.5.4.97";

    /// <summary>The identifier as it stands in the subject; empty if there is none.</summary>
    public static string IdentifierOf(X509Certificate2 certificate)
    {
        foreach (var part in certificate.SubjectName.EnumerateRelativeDistinguishedNames(reversed: false))
        {
            if (!part.HasMultipleElements && part.GetSingleElementType().Value == OrganizationIdentifierOid)
            {
                return Value(part);
            }
        }

        return "";
    }

    /// <summary>The CVR number in the identifier; empty if it names no Danish organisation.</summary>
    public static string CvrOf(X509Certificate2 certificate) =>
        IdentifierOf(certificate) is var identifier && identifier.StartsWith(CvrPrefix, StringComparison.Ordinal) ? identifier[CvrPrefix.Length..] : "";

    private static string Value(X500RelativeDistinguishedName part)
    {
        try
        {
            return part.GetSingleElementValue() ?? "";
        }
        catch (Exception exception) when (exception is CryptographicException or AsnContentException or InvalidOperationException)
        {
            // A value that is no text names nobody.
            return "";
        }
    }
}
