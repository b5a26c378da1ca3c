namespace Delivery.Protocol.Domain;

/// <summary>A school subject with a national test.</summary>
public enum Subject
{
    /// <summary>Not given; refused on input.</summary>
    Unspecified = 0,

    /// <summary>Dansk, læsning; code DAN.</summary>
    DanishReading = 1,

    /// <summary>Matematik; code MAT.</summary>
    Mathematics = 2,

    /// <summary>Engelsk; code ENG.</summary>
    English = 3,

    /// <summary>Fysik/kemi; code FYK.</summary>
    PhysicsChemistry = 4,

    /// <summary>Geografi; code GEO.</summary>
    Geography = 5,

    /// <summary>Biologi; code BIO.</summary>
    Biology = 6,
}

/// <summary>Codes and labels of the subjects.</summary>
public static class Subjects
{
    /// <summary>Every subject, in the order of their numbers.</summary>
    public static IReadOnlyList<Subject> All { get; } =
    [
        Subject.DanishReading, Subject.Mathematics, Subject.English, Subject.PhysicsChemistry, Subject.Geography, Subject.Biology,
    ];

    /// <summary>The three-letter code, for example <c>DAN</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">For <see cref="Subject.Unspecified"/>.</exception>
    public static string Code(this Subject subject) => subject switch
    {
        Subject.DanishReading => "DAN",
        Subject.Mathematics => "MAT",
        Subject.English => "ENG",
        Subject.PhysicsChemistry => "FYK",
        Subject.Geography => "GEO",
        Subject.Biology => "BIO",
        Subject.Unspecified => throw new ArgumentOutOfRangeException(nameof(subject)),
    };

    /// <summary>The name for people.</summary>
    /// <exception cref="ArgumentOutOfRangeException">For <see cref="Subject.Unspecified"/>.</exception>
    public static Bilingual Label(this Subject subject) => subject switch
    {
        Subject.DanishReading => new("Dansk, læsning", "Danish, reading"),
        Subject.Mathematics => new("Matematik", "Mathematics"),
        Subject.English => new("Engelsk", "English"),
        Subject.PhysicsChemistry => new("Fysik/kemi", "Physics and chemistry"),
        Subject.Geography => new("Geografi", "Geography"),
        Subject.Biology => new("Biologi", "Biology"),
        Subject.Unspecified => throw new ArgumentOutOfRangeException(nameof(subject)),
    };

    /// <summary>Reads a three-letter code; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> code, out Subject subject)
    {
        subject = code switch
        {
            "DAN" => Subject.DanishReading,
            "MAT" => Subject.Mathematics,
            "ENG" => Subject.English,
            "FYK" => Subject.PhysicsChemistry,
            "GEO" => Subject.Geography,
            "BIO" => Subject.Biology,
            _ => Subject.Unspecified,
        };
        return subject != Subject.Unspecified;
    }
}
