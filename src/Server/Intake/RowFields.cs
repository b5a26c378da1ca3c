using System.Globalization;
using System.Text;
using Delivery.Protocol.Domain;

namespace Delivery.Server.Intake;

/// <summary>Reads the fields of a row as values. What cannot be read is told by false, never by an exception, and never quoted.</summary>
internal static class RowFields
{
    private const NumberStyles Number = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    // So many digits, and so many of them decimals, fit a double exactly; a quotient of two exact numbers is rounded once, as reading the text would.
    private const int ExactDigitsMax = 15;

    private static readonly double[] PowersOfTen = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    public static bool TryCpr(ReadOnlySpan<byte> field, CsvText text, out CprNumber number)
    {
        Span<byte> ten = stackalloc byte[CprNumber.Size];
        if (field.Length == CprNumber.Size + 1 && field[6] == '-')
        {
            field[..6].CopyTo(ten);
            field[7..].CopyTo(ten[6..]);
            return CprNumber.TryFromBytes(ten, out number);
        }

        // In UTF-8 the letters Æ, Ø and Å are two bytes each, and a replacement number has three at the most, perhaps with a hyphen.
        if (text == CsvText.Utf8 && field.Length is > CprNumber.Size and <= CprNumber.Size + 4)
        {
            Span<char> characters = stackalloc char[CprNumber.Size + 4];
            return CprNumber.TryParse(characters[..Encoding.UTF8.GetChars(field, characters)], out number);
        }

        return CprNumber.TryFromBytes(field, out number);
    }

    public static bool TryInstitution(ReadOnlySpan<byte> field, out InstitutionNumber number)
    {
        var value = field.Length == InstitutionNumber.Size ? Digits(field) : -1;
        number = new InstitutionNumber(Math.Max(0, value));
        return value >= 0;
    }

    /// <summary>Reads yyyy-MM-ddTHH:mm:ss and nothing else; the library's parser costs a third of the whole row.</summary>
    public static bool TryTime(ReadOnlySpan<byte> text, out DateTime time)
    {
        time = default;
        if (text.Length != 19 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':')
        {
            return false;
        }

        var (year, month, day) = (Digits(text[..4]), Digits(text[5..7]), Digits(text[8..10]));
        var (hour, minute, second) = (Digits(text[11..13]), Digits(text[14..16]), Digits(text[17..19]));
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour is < 0 or > 23 || minute is < 0 or > 59 || second is < 0 or > 59)
        {
            return false;
        }

        time = new DateTime(year, month, day, hour, minute, second);
        return true;
    }

    /// <summary>Reads a decimal number; an empty field is an absent value.</summary>
    public static bool TryDecimal(ReadOnlySpan<byte> text, out double? value)
    {
        if (text.IsEmpty)
        {
            value = null;
            return true;
        }

        if (TryPlain(text, out var number) || double.TryParse(text, Number, CultureInfo.InvariantCulture, out number))
        {
            value = number;
            return true;
        }

        value = null;
        return false;
    }

    /// <summary>Reads a whole number; an empty field is an absent value.</summary>
    public static bool TryWhole(ReadOnlySpan<byte> text, out int? value)
    {
        value = null;
        if (text.IsEmpty)
        {
            return true;
        }

        // One or two digits are what a sound file has.
        if (text.Length <= 2 && Digits(text) is >= 0 and var small)
        {
            value = small;
            return true;
        }

        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            value = number;
            return true;
        }

        return false;
    }

    // Digits with at most one point among them; everything else is left to the library.
    private static bool TryPlain(ReadOnlySpan<byte> text, out double number)
    {
        number = 0;
        var isNegative = text[0] == '-';
        var (mantissa, digits, point) = (0L, 0, -1);
        for (var at = isNegative ? 1 : 0; at < text.Length; at++)
        {
            var digit = (uint)(text[at] - '0');
            if (digit <= 9)
            {
                mantissa = (mantissa * 10) + digit;
                digits++;
            }
            else if (text[at] == '.' && point < 0)
            {
                point = digits;
            }
            else
            {
                return false;
            }
        }

        if (digits is 0 or > ExactDigitsMax)
        {
            return false;
        }

        number = mantissa / PowersOfTen[point < 0 ? 0 : digits - point];
        number = isNegative ? -number : number;
        return true;
    }

    // The number the digits write, or -1.
    private static int Digits(ReadOnlySpan<byte> digits)
    {
        var number = 0;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return -1;
            }

            number = (number * 10) + (digit - '0');
        }

        return number;
    }
}
