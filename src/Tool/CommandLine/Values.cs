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

    /// <summary>An option that takes school years, each as <see cref="TrySchoolYear"/> reads it.</summary>
    public static Option<string[]> SchoolYears(string name, string description, bool required)
    {
        var option = new Option<string[]>(name) { Description = description, HelpName = "YEAR", Required = required };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => !TrySchoolYear(token.Value, out _)))
            {
                result.AddError($"{name} is a school year such as 2014/15, or the calendar year it began in");
            }
        });
        return option;
    }

    /// <summary>The school years of texts that were accepted.</summary>
    public static IReadOnlyList<SchoolYear> SchoolYears(string[]? accepted) =>
        [.. (accepted ?? []).Select(text => TrySchoolYear(text, out var year) ? year : throw new ArgumentOutOfRangeException(nameof(accepted)))];

    /// <summary>A subject by its code; the options that take one accept no other text.</summary>
    public static Subject Subject(string code) => Subjects.TryParse(code, out var subject) ? subject : throw new ArgumentOutOfRangeException(nameof(code));

    /// <summary>A day, or a dash where there is none.</summary>
    public static string Text(DateOnly? day) => day?.ToString("O", CultureInfo.InvariantCulture) ?? "–";

    /// <summary>A moment in UTC, to the second.</summary>
    public static string Text(DateTimeOffset moment) => moment.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A programme by its code in either case; the options that take one accept no other text.</summary>
    public static Programme Programme(string text) =>
        Programmes.TryParse(text.ToUpperInvariant(), out var programme) ? programme : throw new ArgumentOutOfRangeException(nameof(text));
}
