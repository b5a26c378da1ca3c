using System.Buffers.Binary;

namespace Delivery.Protocol.Domain;

/// <summary>What kind of number a civil registration number is.</summary>
public enum CprKind
{
    /// <summary>Not known; the value of an empty <see cref="CprNumber"/>.</summary>
    Unspecified = 0,

    /// <summary>An ordinary number.</summary>
    Ordinary = 1,

    /// <summary>A replacement number (erstatningspersonnummer) with 60 added to the day.</summary>
    ReplacementDay60 = 2,

    /// <summary>A replacement number with letters in positions 7–9.</summary>
    ReplacementAlpha = 3,
}

/// <summary>Whose numbers are expected.</summary>
public enum CprPolicy
{
    /// <summary>Real pupils: a day above 60 marks a replacement number.</summary>
    Production = 0,

    /// <summary>
    /// Made-up pupils: every number is written with 60 added to the day, outside the range of the register. 60 is subtracted
    /// and every ordinary rule then applies, the check digit being that of the number as written.
    /// </summary>
    Synthetic = 1,
}

/// <summary>
/// A civil registration number as ten bytes, one per character, without hyphen. Digits and A–Z are ASCII; Æ, Ø and Å, which
/// a replacement number may hold, are their ISO 8859-1 bytes, so that a column of numbers stays ten bytes wide. The number
/// never prints itself: <see cref="ToString"/> gives <c>[CPR]</c>, and only <see cref="CopyTo"/> hands the characters out.
/// </summary>
public readonly struct CprNumber : IEquatable<CprNumber>
{
    /// <summary>Bytes of a number.</summary>
    public const int Size = 10;

    private readonly ulong _head;
    private readonly ushort _tail;

    private CprNumber(ReadOnlySpan<byte> ten)
    {
        _head = BinaryPrimitives.ReadUInt64BigEndian(ten);
        _tail = BinaryPrimitives.ReadUInt16BigEndian(ten[8..]);
    }

    /// <summary>What kind of number it is, read from the number alone.</summary>
    public CprKind Kind
    {
        get
        {
            Span<byte> ten = stackalloc byte[Size];
            CopyTo(ten);
            return CprCheck.KindOf(ten);
        }
    }

    /// <summary>
    /// The date of birth, or null when the number does not tell: a replacement number under production policy, or an
    /// impossible date.
    /// </summary>
    public DateOnly? BirthDate(CprPolicy policy)
    {
        Span<byte> ten = stackalloc byte[Size];
        CopyTo(ten);
        return CprCheck.BirthDate(ten, policy);
    }

    /// <summary>
    /// True when the weighted sum (4 3 2 7 6 5 4 3 2 1) of the digits as written is divisible by 11. False proves nothing:
    /// since 2007 numbers without a check digit are issued and fully valid.
    /// </summary>
    public bool HasCheckDigit
    {
        get
        {
            Span<byte> ten = stackalloc byte[Size];
            CopyTo(ten);
            return CprCheck.KindOf(ten) is CprKind.Ordinary or CprKind.ReplacementDay60 && CprCheck.Modulus11(ten);
        }
    }

    /// <summary>Reads <c>DDMMYY-SSSS</c> or <c>DDMMYYSSSS</c>, the last four digits possibly three capital letters and a digit.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out CprNumber number)
    {
        Span<byte> ten = stackalloc byte[Size];
        number = default;
        if (text.Length is not (10 or 11) || (text.Length == 11 && text[6] != '-'))
        {
            return false;
        }

        for (var i = 0; i < Size; i++)
        {
            var letter = text[i < 6 ? i : i + text.Length - Size];
            if (letter > 0xff)
            {
                return false;
            }

            ten[i] = (byte)letter;
        }

        return TryFromBytes(ten, out number);
    }

    /// <summary>Reads the ten bytes of a stored number; false when they have neither form.</summary>
    public static bool TryFromBytes(ReadOnlySpan<byte> ten, out CprNumber number)
    {
        var known = ten.Length == Size && CprCheck.KindOf(ten) != CprKind.Unspecified;
        number = known ? new CprNumber(ten) : default;
        return known;
    }

    /// <summary>Writes the ten characters, one byte each.</summary>
    public void CopyTo(Span<byte> ten)
    {
        BinaryPrimitives.WriteUInt64BigEndian(ten, _head);
        BinaryPrimitives.WriteUInt16BigEndian(ten[8..], _tail);
    }

    /// <inheritdoc/>
    public bool Equals(CprNumber other) => _head == other._head && _tail == other._tail;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is CprNumber other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_head, _tail);

    /// <summary>Always <c>[CPR]</c>.</summary>
    public override string ToString() => "[CPR]";

    /// <summary>True for the same ten characters.</summary>
    public static bool operator ==(CprNumber left, CprNumber right) => left.Equals(right);

    /// <summary>True for different characters.</summary>
    public static bool operator !=(CprNumber left, CprNumber right) => !left.Equals(right);
}
