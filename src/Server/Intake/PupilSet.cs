using Delivery.Protocol.Domain;

namespace Delivery.Server.Intake;

/// <summary>
/// The pupils met in one partition, in some 16 bytes each: eight million rows are then 130 MB where a set of the library's takes three times that.
/// One thread.
/// </summary>
internal sealed class PupilSet
{
    private const int FirstSlots = 1 << 10;

    // Set in every key, so that 0 marks a free slot.
    private const ulong Taken = 1UL << 63;

    // 2^64 divided by the golden ratio: spreads keys that differ in a few bits only (Knuth, The Art of Computer Programming 3, 6.4).
    private const ulong Spread = 0x9E3779B97F4A7C15;

    private ulong[] _slots = new ulong[FirstSlots];

    public int Count { get; private set; }

    /// <summary>A number as 52 bits: six digits, three characters, one digit. Different numbers have different keys.</summary>
    public static ulong KeyOf(CprNumber number)
    {
        Span<byte> ten = stackalloc byte[CprNumber.Size];
        number.CopyTo(ten);
        var key = 0UL;
        for (var at = 0; at < 6; at++)
        {
            key = (key << 4) | (ten[at] & 0xFu);
        }

        for (var at = 6; at < 9; at++)
        {
            key = (key << 8) | ten[at];
        }

        return Taken | (key << 4) | (ten[9] & 0xFu);
    }

    /// <summary>Adds a pupil; false if it was there already.</summary>
    public bool Add(ulong pupil)
    {
        if (Count >= _slots.Length / 4 * 3)
        {
            Grow();
        }

        if (!Place(_slots, pupil))
        {
            return false;
        }

        Count++;
        return true;
    }

    private void Grow()
    {
        var larger = new ulong[_slots.Length * 2];
        foreach (var pupil in _slots)
        {
            if (pupil != 0)
            {
                Place(larger, pupil);
            }
        }

        _slots = larger;
    }

    private static bool Place(ulong[] slots, ulong pupil)
    {
        var last = slots.Length - 1;
        for (var at = (int)((pupil * Spread) >> 40) & last; ; at = (at + 1) & last)
        {
            if (slots[at] == 0)
            {
                slots[at] = pupil;
                return true;
            }

            if (slots[at] == pupil)
            {
                return false;
            }
        }
    }
}
