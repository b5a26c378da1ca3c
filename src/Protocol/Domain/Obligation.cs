namespace Delivery.Protocol.Domain;

/// <summary>Whether a pupil had to take the test. Decides what may leave; never leaves itself.</summary>
public enum Obligation
{
    /// <summary>Not given or not known; an error on a row.</summary>
    Unspecified = 0,

    /// <summary>OBLIGATORY.</summary>
    Obligatory = 1,

    /// <summary>OBLIGATORY_SAMPLE_2020: in the representative sample of 2019/20.</summary>
    ObligatorySample2020 = 2,

    /// <summary>OBLIGATORY_LOW20_2020: in a school among the weakest fifth in 2019/20.</summary>
    ObligatoryLow202020 = 3,

    /// <summary>VOLUNTARY: never delivered.</summary>
    Voluntary = 4,
}

/// <summary>Codes of <see cref="Obligation"/> and what may leave.</summary>
public static class Obligations
{
    /// <summary>The code in files.</summary>
    /// <exception cref="ArgumentOutOfRangeException">For <see cref="Obligation.Unspecified"/>.</exception>
    public static string Code(this Obligation obligation) => obligation switch
    {
        Obligation.Obligatory => "OBLIGATORY",
        Obligation.ObligatorySample2020 => "OBLIGATORY_SAMPLE_2020",
        Obligation.ObligatoryLow202020 => "OBLIGATORY_LOW20_2020",
        Obligation.Voluntary => "VOLUNTARY",
        Obligation.Unspecified => throw new ArgumentOutOfRangeException(nameof(obligation)),
    };

    /// <summary>Reads a code from its ASCII bytes; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<byte> code, out Obligation obligation)
    {
        obligation = code.Length switch
        {
            9 when code.SequenceEqual("VOLUNTARY"u8) => Obligation.Voluntary,
            10 when code.SequenceEqual("OBLIGATORY"u8) => Obligation.Obligatory,
            21 when code.SequenceEqual("OBLIGATORY_LOW20_2020"u8) => Obligation.ObligatoryLow202020,
            22 when code.SequenceEqual("OBLIGATORY_SAMPLE_2020"u8) => Obligation.ObligatorySample2020,
            _ => Obligation.Unspecified,
        };
        return obligation != Obligation.Unspecified;
    }

    /// <summary>
    /// True when a row may be delivered. In 2019/20 the tests were obligatory for a sample and the weakest fifth of schools
    /// only, so a row marked plainly obligatory does not leave either.
    /// </summary>
    public static bool MayLeave(Obligation obligation, SchoolYear year) => obligation switch
    {
        Obligation.Obligatory => year.StartYear != 2019,
        Obligation.ObligatorySample2020 or Obligation.ObligatoryLow202020 => year.StartYear == 2019,
        Obligation.Voluntary or Obligation.Unspecified => false,
    };

    /// <summary>
    /// What <see cref="MayLeave"/> answers for every byte a stored obligation can be, for going through whole columns of them. A byte that is no obligation
    /// may not.
    /// </summary>
    public static bool[] Leaving(SchoolYear year) =>
        [.. Enumerable.Range(0, byte.MaxValue + 1).Select(value => Enum.IsDefined((Obligation)value) && MayLeave((Obligation)value, year))];

    /// <summary>
    /// True when a row counts in national figures: obligatory tests, and of 2019/20 the representative sample alone, on which that year's national
    /// results rest.
    /// </summary>
    public static bool CountsNationally(Obligation obligation, SchoolYear year) =>
        MayLeave(obligation, year) && obligation != Obligation.ObligatoryLow202020;

    /// <summary>What <see cref="CountsNationally"/> answers for every byte a stored obligation can be. A byte that is no obligation does not count.</summary>
    public static bool[] Counting(SchoolYear year) =>
        [.. Enumerable.Range(0, byte.MaxValue + 1).Select(value => Enum.IsDefined((Obligation)value) && CountsNationally((Obligation)value, year))];
}
