namespace Delivery.Protocol.Domain;

/// <summary>Refusals about errata.</summary>
public static class ErratumReasons
{
    /// <summary>Every entry.</summary>
    public static IReadOnlyList<ReasonCode> All { get; } =
    [
        Refuse("E_ERRATUM_ID", RefusalStatus.InvalidArgument,
            new("Fejlmeldingens id har en forkert form", "The erratum's id has a wrong form"),
            new("Brug 1-64 bogstaver, cifre, punktum, understreg eller bindestreg", "Use 1 to 64 letters, digits, full stops, underscores or hyphens")),
        Refuse("E_ERRATUM_SCOPE", RefusalStatus.InvalidArgument,
            new("Fejlmeldingen rammer ingen test, der findes og er indlæst", "The erratum concerns no test that exists and has been imported"),
            new("Kontrollér program, fag, klassetrin, skoleår og hvilke indlæsninger det gælder", "Check programme, subject, grade, school years and which imports it is about")),
        Refuse("E_ERRATUM_COLUMN", RefusalStatus.InvalidArgument,
            new("En kolonne findes ikke i de nævnte test", "A column does not exist in the tests named"),
            new("Vælg kolonner, som 'delivery catalogue variables' viser", "Choose columns that 'delivery catalogue variables' shows")),
        Refuse("E_ERRATUM_TEXT", RefusalStatus.InvalidArgument,
            new("Teksten mangler, er for lang eller nævner en institution ved nummer", "The text is missing, too long, or names an institution by number"),
            new("Skriv 1-2000 tegn på begge sprog; teksten går til alle modtagere", "Write 1 to 2,000 characters in both languages; the text goes to every recipient")),
        Refuse("E_ERRATUM_CONFLICT", RefusalStatus.AlreadyExists,
            new("Samme id er før brugt til noget andet; en fejlmelding ændres ikke", "The same id was used before for something else; an erratum is never changed"),
            new("Giv den nye fejlmelding sit eget id, og træk eventuelt den gamle tilbage", "Give the new erratum an id of its own and, if need be, withdraw the old one")),
        Refuse("E_ERRATUM_UNKNOWN", RefusalStatus.NotFound,
            new("Der er ingen fejlmelding med det id", "There is no erratum with that id"),
            new("Se id'erne med 'delivery erratum list'", "See the ids with 'delivery erratum list'")),
    ];

    private static ReasonCode Refuse(string code, RefusalStatus status, Bilingual message, Bilingual remedy) =>
        new(code, Severity.Error, status, message, remedy, "house");
}
