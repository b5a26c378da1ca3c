using System.Collections.Frozen;

namespace Delivery.Protocol.Domain.Approvals;

/// <summary>Where the data protection regulation applies: the EU and the other EEA states, by ISO 3166-1 alpha-2 code.</summary>
internal static class Countries
{
    private static readonly FrozenSet<string> Eea = new[]
    {
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT",
        "NL", "PL", "PT", "RO", "SE", "SI", "SK", "IS", "LI", "NO",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>True for two capital letters; whether such a country exists is not asked.</summary>
    internal static bool IsCode(string? text) => text is { Length: 2 } && char.IsAsciiLetterUpper(text[0]) && char.IsAsciiLetterUpper(text[1]);

    /// <summary>True inside the EEA. Greenland and the Faroe Islands are outside.</summary>
    internal static bool IsInEea(string country) => Eea.Contains(country);
}
