namespace Delivery.Protocol.Domain;

/// <summary>
/// The profile areas of the national tests: three to a test, in the order of the columns profile_area_1 to 3. Source: public notices on the
/// tests; those of mathematics in grade 8 were not found and are not guessed. The transition tests have none that may be delivered
/// (guidelines 2.3.2).
/// </summary>
public static class ProfileAreas
{
    private static readonly Bilingual[] Danish = [new("Sprogforståelse", "Language comprehension"), new("Afkodning", "Decoding"), new("Tekstforståelse", "Text comprehension")];
    private static readonly Bilingual[] English = [new("Læsning", "Reading"), new("Ordforråd", "Vocabulary"), new("Sprog og sprogbrug", "Language and usage")];
    private static readonly Bilingual Numbers = new("Tal og algebra", "Numbers and algebra"), Geometry = new("Geometri", "Geometry");

    /// <summary>The three areas of a test; empty where it has none or they are not known.</summary>
    public static IReadOnlyList<Bilingual> Of(TestCode test) => (test.Programme, test.Subject, test.Grade) switch
    {
        (Programme.NT, Subject.DanishReading, _) => Danish,
        (Programme.NT, Subject.Mathematics, 3) => [Numbers, Geometry, new("Statistik og sandsynlighed", "Statistics and probability")],
        (Programme.NT, Subject.Mathematics, 6) => [Numbers, Geometry, new("Matematik i anvendelse", "Mathematics in use")],
        (Programme.NT, Subject.English, _) => English,
        (Programme.NT, Subject.PhysicsChemistry, _) =>
            [new("Energi og energiomsætning", "Energy and its conversion"), new("Fænomener, stoffer og materialer", "Phenomena, substances and materials"), new("Anvendelser og perspektiver", "Applications and perspectives")],
        (Programme.NT, Subject.Biology, _) =>
            [new("Den levende organisme", "The living organism"), new("Samspil med omgivelser", "Interplay with surroundings"), new("At bruge biologien", "Using biology")],
        (Programme.NT, Subject.Geography, _) =>
            [new("Naturgrundlaget", "The natural basis"), new("Kulturgeografi", "Human geography"), new("At bruge geografien", "Using geography")],
        _ => [],
    };
}
