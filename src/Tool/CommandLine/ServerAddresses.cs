namespace Delivery.Tool.CommandLine;

/// <summary>Addresses of a server as they are typed: <c>one.example:7443,https://two.example:7443</c>.</summary>
internal static class ServerAddresses
{
    private const string Scheme = "https://";

    /// <summary>The addresses in their order, at least one; null when one of them is none, or none with TLS.</summary>
    public static IReadOnlyList<Uri>? Read(string text)
    {
        var addresses = new List<Uri>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var url = part.Contains("://", StringComparison.Ordinal) ? part : Scheme + part;
            if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttps || address.PathAndQuery != "/" || address.UserInfo.Length > 0)
            {
                return null;
            }

            addresses.Add(address);
        }

        return addresses;
    }
}
