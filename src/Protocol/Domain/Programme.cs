namespace Delivery.Protocol.Domain;

/// <summary>
/// A series of national tests. The two are different instruments and are delivered as two extracts with two schemas.
/// From 2026/27 a third programme follows; a new member makes every switch in the product answer for it.
/// </summary>
public enum Programme
{
    /// <summary>Not given; refused on input.</summary>
    Unspecified = 0,

    /// <summary>De nationale test, 2009/10–2021/22: adaptive, three profile areas.</summary>
    NT = 1,

    /// <summary>Folkeskolens Nationale Overgangstest, 2022/23–2025/26: linear, one overall result.</summary>
    FNO = 2,
}

/// <summary>How the items of a test are chosen.</summary>
public enum TestForm
{
    /// <summary>Not known.</summary>
    Unspecified = 0,

    /// <summary>Item difficulty follows the pupil's answers.</summary>
    Adaptive = 1,

    /// <summary>All pupils of a grade meet the same items.</summary>
    Linear = 2,
}

/// <summary>Codes, labels and form of the programmes.</summary>
public static class Programmes
{
    /// <summary>The programmes that exist, in order of time.</summary>
    public static IReadOnlyList<Programme> All { get; } = [Programme.NT, Programme.FNO];

    /// <summary>The code used in files and test codes, <c>NT</c> or <c>FNO</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">For <see cref="Programme.Unspecified"/>.</exception>
    public static string Code(this Programme programme) => programme switch
    {
        Programme.NT => "NT",
        Programme.FNO => "FNO",
        Programme.Unspecified => throw new ArgumentOutOfRangeException(nameof(programme)),
    };

    /// <summary>The name for people.</summary>
    /// <exception cref="ArgumentOutOfRangeException">For <see cref="Programme.Unspecified"/>.</exception>
    public static Bilingual Label(this Programme programme) => programme switch
    {
        Programme.NT => new("De nationale test", "The National Tests"),
        Programme.FNO => new("Folkeskolens Nationale Overgangstest", "The National Transition Tests"),
        Programme.Unspecified => throw new ArgumentOutOfRangeException(nameof(programme)),
    };

    /// <summary>Adaptive for NT, linear for FNO.</summary>
    public static TestForm Form(this Programme programme) => programme switch
    {
        Programme.NT => TestForm.Adaptive,
        Programme.FNO => TestForm.Linear,
        Programme.Unspecified => TestForm.Unspecified,
    };

    /// <summary>Reads <c>NT</c> or <c>FNO</c>; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> code, out Programme programme)
    {
        programme = code switch { "NT" => Programme.NT, "FNO" => Programme.FNO, _ => Programme.Unspecified };
        return programme != Programme.Unspecified;
    }
}
