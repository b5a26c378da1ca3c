namespace Delivery.Protocol.Domain;

/// <summary>
/// A number in the Danish business register (CVR): eight digits whose weighted sum, weights 2 7 6 5 4 3 2 1, is divisible by 11.
/// </summary>
/// <param name="Value">The text; only <see cref="TryParse"/> checks it.</param>
public readonly record struct Cvr(string Value)
{
    private static ReadOnlySpan<byte> Weights => [2, 7, 6, 5, 4, 3, 2, 1];

    /// <summary>True when the text is eight digits, not starting with zero, with a right check digit.</summary>
    public bool IsValid
    {
        get
        {
            if (Value is not { Length: 8 } || Value[0] == '0')
            {
                return false;
            }

            var sum = 0;
            for (var i = 0; i < 8; i++)
            {
                if (!char.IsAsciiDigit(Value[i]))
                {
                    return false;
                }

                sum += Weights[i] * (Value[i] - '0');
            }

            return sum % 11 == 0;
        }
    }

    /// <summary>Reads a number; false when it is not valid.</summary>
    public static bool TryParse(string? text, out Cvr cvr)
    {
        cvr = new Cvr(text ?? "");
        return cvr.IsValid;
    }

    /// <inheritdoc/>
    public override string ToString() => Value ?? "";
}
