using Delivery.Protocol.Domain;

namespace Delivery.Client.Synthetic;

/// <summary>
/// Made-up civil registration numbers: 60 added to the day, which the register never does, and a right check digit. A cohort
/// is a birth year; pupil n of it gets birthday n mod 365 and the next unused serial of that day, so no number is given twice.
/// </summary>
internal sealed class SyntheticCpr
{
    private const int Days = 365;

    // A birthday has about 545 serials with a check digit; 540 leaves room in every remainder class.
    private const int PerDayMax = 540;

    // By century (1900s, 2000s) and by the first six digits' weighted sum mod 11: the serials that complete them.
    private readonly ushort[][] _serials = new ushort[22][];

    internal SyntheticCpr(ulong seed)
    {
        for (var remainder = 0; remainder < 11; remainder++)
        {
            _serials[remainder] = Completing(remainder, [0, 1, 2, 3, 4, 9], seed);
            _serials[11 + remainder] = Completing(remainder, [4, 5, 6, 7, 8, 9], seed);
        }
    }

    /// <summary>Most pupils a birth year can hold.</summary>
    internal static int PupilsMax => Days * PerDayMax;

    /// <summary>Pupil <paramref name="pupil"/> of those born in <paramref name="birthYear"/>.</summary>
    internal CprNumber Of(int birthYear, int pupil)
    {
        // 2001 has 365 days, so that 29 February, absent in most years, is nobody's birthday.
        var birthday = new DateOnly(2001, 1, 1).AddDays(pupil % Days);
        Span<byte> ten = stackalloc byte[CprNumber.Size];
        Two(ten, birthday.Day + 60);
        Two(ten[2..], birthday.Month);
        Two(ten[4..], birthYear % 100);
        var sum = (4 * ten[0]) + (3 * ten[1]) + (2 * ten[2]) + (7 * ten[3]) + (6 * ten[4]) + (5 * ten[5]) - (27 * '0');
        var serial = _serials[(birthYear < 2000 ? 0 : 11) + (sum % 11)][pupil / Days];
        Two(ten[6..], serial / 100);
        Two(ten[8..], serial % 100);
        return CprNumber.TryFromBytes(ten, out var number)
            ? number
            : throw new InvalidOperationException("A made-up number came out without the form of one.");
    }

    private static void Two(Span<byte> at, int value)
    {
        at[0] = (byte)('0' + (value / 10));
        at[1] = (byte)('0' + (value % 10));
    }

    private static ushort[] Completing(int remainder, ReadOnlySpan<int> firstDigits, ulong seed)
    {
        var serials = new List<ushort>();
        foreach (var first in firstDigits)
        {
            for (var rest = 0; rest < 1000; rest++)
            {
                var sum = remainder + (4 * first) + (3 * (rest / 100)) + (2 * (rest / 10 % 10)) + (rest % 10);
                if (sum % 11 == 0)
                {
                    serials.Add((ushort)((first * 1000) + rest));
                }
            }
        }

        var draws = new Draws(Draws.Key(seed, (ulong)(0xC9200 + remainder + firstDigits[0])));
        for (var i = serials.Count - 1; i > 0; i--)
        {
            var j = draws.Below(i + 1);
            (serials[i], serials[j]) = (serials[j], serials[i]);
        }

        return [.. serials];
    }
}
