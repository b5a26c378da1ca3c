using System.Globalization;

namespace Delivery.Protocol.Domain;

/// <summary>
/// The six-digit code of the institution a pupil attended when tested. Leading zeros belong to the code. Institution numbers
/// of result rows stay out of logs and error text.
/// </summary>
/// <param name="Value">The code as a number, 0 to 999 999.</param>
public readonly record struct InstitutionNumber(int Value) : IComparable<InstitutionNumber>
{
    /// <summary>Characters of a code.</summary>
    public const int Size = 6;

    /// <summary>True for 0 to 999 999.</summary>
    public bool IsValid => Value is >= 0 and <= 999_999;

    /// <summary>Reads exactly six digits.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out InstitutionNumber number)
    {
        number = default;
        if (text.Length != Size || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        number = new InstitutionNumber(value);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(InstitutionNumber other) => Value.CompareTo(other.Value);

    /// <summary>The six digits.</summary>
    public override string ToString() => Value.ToString("D6", CultureInfo.InvariantCulture);
}
