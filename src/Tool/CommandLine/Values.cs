using System.CommandLine;
using System.Globalization;
using Delivery.Protocol.Domain;

namespace Delivery.Tool.CommandLine;

/// <summary>How values are written on a command line.</summary>
internal static class Values
{
    /// <summary>An option that takes a day, ISO 8601.</summary>
    public static Option<DateOnly?> Day(string name, string description, bool required = false) => new(name)
    {
        Description = description,
        HelpName = "DATE",
        Required = required,
        CustomParser = result =>
        {
            if (IsoDay.TryRead(result.Tokens[0].Value, out var day))
            {
                return day;
            }

            result.AddError($"{name} is a day such as 2026-11-22");
            return null;
        },
    };

    /// <summary>Reads <c>2024/25</c>, <c>2024/2025</c> or <c>2024</c>.</summary>
    public static bool TrySchoolYear(string? text, out SchoolYear year)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var start) && start is >= 1900 and <= 2999)
        {
            year = new SchoolYear(start);
            return true;
        }

        return SchoolYear.TryParse(text, out year);
    }

    /// <summary>A day, or a dash where there is none.</summary>
    public static string Text(DateOnly? day) => day?.ToString("O", CultureInfo.InvariantCulture) ?? "–";

    /// <summary>A moment in UTC, to the second.</summary>
    public static string Text(DateTimeOffset moment) => moment.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A programme by its code in either case; the options that take one accept no other text.</summary>
    public static Programme Programme(string text) =>
        Programmes.TryParse(text.ToUpperInvariant(), out var programme) ? programme : throw new ArgumentOutOfRangeException(nameof(text));
}
