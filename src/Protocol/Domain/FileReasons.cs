namespace Delivery.Protocol.Domain;

/// <summary>Refusals about result files and imports as a whole; findings about single rows are <see cref="RowCodes"/>.</summary>
public static class FileReasons
{
    /// <summary>Every entry.</summary>
    public static IReadOnlyList<ReasonCode> All { get; } =
    [
        File("E_CSV_QUOTE", "Et citationstegn i filen er ikke afsluttet eller står forkert", "A quotation mark in the file is not closed or is misplaced",
            "Skriv filen efter RFC 4180", "Write the file by RFC 4180"),
        File("E_CSV_ENCODING", "Filens tegn er ikke skrevet i den angivne tegnkodning", "The file is not written in the encoding given",
            "Angiv den rigtige tegnkodning, eller gem filen som UTF-8", "Give the right encoding, or save the file as UTF-8"),
        File("E_CSV_COLUMNS", "En linje har et andet antal felter end overskriften", "A line has another number of fields than the header",
            "Kontrollér linjen med det angivne nummer", "Check the line with the number given"),
        File("E_CSV_HEADER", "Overskriften mangler, eller en kolonne er ukendt, gentaget eller udeladt", "The header is missing, or a column is unknown, repeated or left out",
            "Brug kolonnenavnene i docs/results-csv.md", "Use the column names of docs/results-csv.md"),
        File("E_CSV_LINE_TOO_LONG", "En linje er længere end tilladt", "A line is longer than allowed",
            "Kontrollér, at linjeskift og citationstegn er rigtige", "Check that line ends and quotation marks are right"),
        File("E_CSV_EMPTY", "Filen har ingen rækker", "The file has no rows",
            "Send en fil med mindst én række", "Send a file with at least one row"),
        File("E_ARROW_FORMAT", "Arrow-filen er beskadiget, afbrudt eller bruger en del af formatet, der ikke læses", "The Arrow file is damaged, cut, or uses a part of the format that is not read",
            "Skriv filen som i docs/results-csv.md, ukomprimeret og med højst 64 MiB i hver record batch", "Write the file as in docs/results-csv.md, uncompressed and with at most 64 MiB in each record batch"),
        File("E_ARROW_TYPE", "En kolonne i Arrow-filen har en type, den ikke kan have", "A column of the Arrow file has a type it cannot have",
            "Brug kolonnetyperne i docs/results-csv.md", "Use the column types of docs/results-csv.md"),
        File("E_FIELD_UNKNOWN", "Et felt er ukendt", "A field is unknown",
            "Fjern feltet, eller brug en nyere version", "Remove the field, or use a newer version"),
        File("E_FIELD_MISSING", "Et felt mangler", "A field is missing",
            "Udfyld det nævnte felt", "Fill in the field named"),
        File("E_FIELD_FORMAT", "Et felt har en forkert form", "A field has a wrong form",
            "Ret det nævnte felt", "Correct the field named"),
        new("E_IMPORT_PARTITION", Severity.Error, RefusalStatus.InvalidArgument,
            new("Indlæsningen gælder en test, der ikke findes i det skoleår", "The import is for a test that does not exist in that school year"),
            new("Vælg en test i testkataloget", "Choose a test of the catalogue"), "2.3.1, 2.3.2"),
        new("E_IMPORT_DIGEST", Severity.Error, RefusalStatus.DataLoss,
            new("Det modtagne stemmer ikke med afsenderens kontrolsum", "What was received does not match the sender's digest"),
            new("Send indlæsningen igen", "Send the import again"), "house"),
        File("E_IMPORT_SIZE", "Filen har en anden længde end meddelt", "The file has another length than announced",
            "Send hele filen med dens rigtige længde", "Send the whole file with its true length"),
        File("E_IMPORT_SEQUENCE", "Indlæsningens dele kommer ikke i rækkefølgen hoved, stykker, afslutning", "The parts of the import do not come in the order header, chunks, trailer",
            "Brug klientbiblioteket, eller følg docs/results-csv.md", "Use the client library, or follow docs/results-csv.md"),
        new("E_IMPORT_CONFLICT", Severity.Error, RefusalStatus.FailedPrecondition,
            new("Samme leverance-id er før brugt til en fil med andet indhold", "The same delivery id was used before for a file with other content"),
            new("Giv den rettede fil et nyt leverance-id", "Give the corrected file a new delivery id"), "house"),
        new("E_IMPORT_IN_PROGRESS", Severity.Error, RefusalStatus.Aborted,
            new("En anden indlæsning er i gang", "Another import is under way"),
            new("Vent, til den er færdig, og prøv igen", "Wait until it has finished and try again"), "house"),
        new("E_CPR_CLEARTEXT", Severity.Error, RefusalStatus.InvalidArgument,
            new("Noget, der ligner et cpr-nummer, står i et felt, der ikke må indeholde det", "Something shaped like a civil registration number stands in a field that must not hold one"),
            new("Fjern det, og send igen; numre hører kun til i resultatrækker", "Remove it and send again; such numbers belong in result rows only"), "domain 3"),
    ];

    private static ReasonCode File(string code, string danish, string english, string danishRemedy, string englishRemedy) =>
        new(code, Severity.Error, RefusalStatus.InvalidArgument, new(danish, english), new(danishRemedy, englishRemedy), "house");
}
