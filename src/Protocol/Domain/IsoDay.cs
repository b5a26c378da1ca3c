using System.Globalization;

namespace Delivery.Protocol.Domain;

/// <summary>Days as text: ISO 8601, <c>yyyy-MM-dd</c>, in every culture. The text sorts as the days do.</summary>
public static class IsoDay
{
    private const string Form = "yyyy-MM-dd";

    /// <summary>The text of a day, 10 characters.</summary>
    public static string Text(DateOnly day) => day.ToString(Form, CultureInfo.InvariantCulture);

    /// <summary>Reads a day in exactly this form.</summary>
    public static bool TryRead(string? text, out DateOnly day) => DateOnly.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    /// <summary>Reads a day that <see cref="Text"/> wrote.</summary>
    /// <exception cref="FormatException">It is no such text.</exception>
    public static DateOnly Read(string text) => DateOnly.ParseExact(text, Form, CultureInfo.InvariantCulture);
}
