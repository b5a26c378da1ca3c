using System.Globalization;

namespace Delivery.Protocol.Log;

/// <summary>
/// Bytes that are not their own canonical form, or a value that has none. The text names the fault and the position
/// in bytes, never the content.
/// </summary>
internal sealed class CanonicalJsonException(string code, int position)
    : Exception(string.Create(CultureInfo.InvariantCulture, $"Not restricted canonical JSON: {code} at byte {position}."))
{
    /// <summary>Something other than the one byte the canonical form allows here.</summary>
    public const string NotCanonical = "NOT_CANONICAL";

    /// <summary>Longer than <see cref="CanonicalJson.MaxBytes"/>.</summary>
    public const string TooLong = "TOO_LONG";

    /// <summary>Nested deeper than <see cref="CanonicalJson.MaxDepth"/>.</summary>
    public const string TooDeep = "TOO_DEEP";

    /// <summary>Text outside printable ASCII.</summary>
    public const string NotPrintableAscii = "NOT_PRINTABLE_ASCII";

    /// <summary>An integer of 2^53 or more in magnitude.</summary>
    public const string IntegerRange = "INTEGER_RANGE";

    /// <summary>A name repeated, or out of order.</summary>
    public const string KeyOrder = "KEY_ORDER";

    /// <summary>One of the constants of this class.</summary>
    public string Code { get; } = code;

    /// <summary>Offset in bytes where reading or writing stopped.</summary>
    public int Position { get; } = position;
}
