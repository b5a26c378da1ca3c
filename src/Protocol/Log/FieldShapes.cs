using System.Globalization;
using System.Text.RegularExpressions;
using Delivery.Protocol.Domain;

namespace Delivery.Protocol.Log;

/// <summary>The checks behind <see cref="FieldShape"/>. Pure; safe from any thread.</summary>
internal static partial class FieldShapes
{
    /// <summary>A leaf stays small enough to hash, prove and read; more holdings than this are several leaves.</summary>
    public const int IdSetMax = 256;

    public const string HashPattern = "^[0-9a-f]{64}$";
    public const string CodePattern = "^[A-Z0-9_]{1,64}$";
    public const string IdPattern = "^[A-Za-z0-9._/-]{1,64}$";
    public const string DatePattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";
    public const string SchoolYearPattern = "^[0-9]{4}/[0-9]{4}$";

    // The published patterns are JSON Schema's, where $ is the end; here it would let a line feed follow.
    private const string Whole = "(?!\n)";

    /// <summary>True when the value has the shape. Says nothing about CPR numbers: see <see cref="HoldsCpr"/>.</summary>
    public static bool Fits(FieldShape shape, JsonValue value) => shape switch
    {
        FieldShape.Hash => value is JsonText text && HashRegex().IsMatch(text.Value),
        FieldShape.Code => value is JsonText text && CodeRegex().IsMatch(text.Value),
        FieldShape.Id => value is JsonText text && IdRegex().IsMatch(text.Value),
        FieldShape.IdSet => value is JsonArray array && IsIdSet(array.Items),
        FieldShape.Count or FieldShape.TimeMs => value is JsonInteger { Value: >= 0 and <= CanonicalJson.MaxInteger },
        FieldShape.Date => value is JsonText text && IsDate(text.Value),
        FieldShape.SchoolYear => value is JsonText text && IsSchoolYear(text.Value),
    };

    /// <summary>
    /// True when a field of this shape carries something a CPR number could hide in. Hashes are left out: almost
    /// one 64-digit hash in five holds ten decimal digits in a row by chance.
    /// </summary>
    public static bool HoldsCpr(FieldShape shape, JsonValue value) => shape switch
    {
        FieldShape.Hash or FieldShape.Count or FieldShape.TimeMs => false,
        FieldShape.Code or FieldShape.Id or FieldShape.Date or FieldShape.SchoolYear =>
            value is JsonText text && IsCprShaped(text.Value),
        FieldShape.IdSet => value is JsonArray array && array.Items.Any(item => item is JsonText id && IsCprShaped(id.Value)),
    };

    /// <summary>
    /// True when the text contains six digits, perhaps a hyphen, and four digits; or a date of birth followed by the
    /// three letters and a digit of a replacement number. Whoever mints random identifiers draws again when this
    /// answers true. A text that is exactly one 64-digit lowercase hash is a hash and never CPR-shaped.
    /// </summary>
    public static bool IsCprShaped(string text) => CprRegex().IsMatch(text) && !HashRegex().IsMatch(text);

    private static bool IsIdSet(IReadOnlyList<JsonValue> items)
    {
        if (items.Count is 0 or > IdSetMax)
        {
            return false;
        }

        string? before = null;
        foreach (var item in items)
        {
            if (item is not JsonText id || !IdRegex().IsMatch(id.Value) || string.CompareOrdinal(before, id.Value) >= 0)
            {
                return false;
            }

            before = id.Value;
        }

        return true;
    }

    private static bool IsDate(string text) =>
        IsoDay.TryRead(text, out _);

    private static bool IsSchoolYear(string text) =>
        SchoolYearRegex().IsMatch(text)
        && int.Parse(text.AsSpan(5), CultureInfo.InvariantCulture)
            == int.Parse(text.AsSpan(0, 4), CultureInfo.InvariantCulture) + 1;

    [GeneratedRegex(HashPattern + Whole)]
    private static partial Regex HashRegex();

    [GeneratedRegex(CodePattern + Whole)]
    private static partial Regex CodeRegex();

    [GeneratedRegex(IdPattern + Whole)]
    private static partial Regex IdRegex();

    [GeneratedRegex(SchoolYearPattern + Whole)]
    private static partial Regex SchoolYearRegex();

    [GeneratedRegex("[0-9]{6}-?[0-9]{4}|(0[1-9]|[12][0-9]|3[01]|[67][0-9]|8[0-9]|9[01])(0[1-9]|1[0-2])[0-9]{2}-?[A-Z]{3}[0-9]")]
    private static partial Regex CprRegex();
}
