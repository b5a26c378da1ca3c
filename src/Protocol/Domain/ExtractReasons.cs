namespace Delivery.Protocol.Domain;

/// <summary>Refusals about extracts, recipient keys and proofs.</summary>
public static class ExtractReasons
{
    /// <summary>Every entry.</summary>
    public static IReadOnlyList<ReasonCode> All { get; } =
    [
        Refuse("E_RESUME_MISMATCH", RefusalStatus.FailedPrecondition,
            new("Genoptagelsen passer ikke til strømmen", "The resumption does not fit the stream"),
            new("Begynd strømmen forfra, og kassér det delvist modtagne", "Begin the stream anew and discard what was partly received")),
        Refuse("E_RESUME_EXPIRED", RefusalStatus.FailedPrecondition,
            new("Strømmen kan ikke længere genoptages", "The stream can no longer be resumed"),
            new("Begynd strømmen forfra", "Begin the stream anew")),
        Refuse("E_RECEIPT_MISMATCH", RefusalStatus.FailedPrecondition,
            new("Kvitteringen stemmer ikke med det afsendte", "The receipt does not match what was sent"),
            new("Kassér det modtagne, og hent udtrækket igen", "Discard what was received and fetch the extract again")),
        Refuse("E_EXTRACT_EMPTY", RefusalStatus.FailedPrecondition,
            new("Udtrækket har ingen rækker", "The extract has no rows"),
            new("Kontrollér godkendelsens afgrænsning og om resultaterne er indlæst", "Check the approval's scope and whether the results are imported")),
        Refuse("RECIPIENT_KEY_UNKNOWN", RefusalStatus.FailedPrecondition,
            new("Modtagernøglen er ikke registreret", "The recipient key is not registered"),
            new("Registrér nøglen, før udtrækket hentes", "Register the key before fetching the extract")),
        Refuse("RECIPIENT_KEY_SIGNATURE", RefusalStatus.PermissionDenied,
            new("Modtagernøglens underskrift kan ikke bekræftes", "The recipient key's signature cannot be verified"),
            new("Underskriv nøglen med den aftalte underskriftsnøgle", "Sign the key with the agreed signing key")),
        Refuse("RECIPIENT_KEY_INVALID", RefusalStatus.InvalidArgument,
            new("Modtagernøglen har en ukendt form", "The recipient key has an unknown form"),
            new("Lav nøglen med værktøjet delivery", "Make the key with the delivery tool")),
        Refuse("E_CHECKPOINT_UNKNOWN", RefusalStatus.FailedPrecondition,
            new("Kontrolpunktet hører ikke til denne log", "The checkpoint does not belong to this log"),
            new("Hent det seneste kontrolpunkt, og meld afvigelsen til STIL", "Fetch the latest checkpoint and report the difference to STIL")),
    ];

    private static ReasonCode Refuse(string code, RefusalStatus status, Bilingual message, Bilingual remedy) =>
        new(code, Severity.Error, status, message, remedy, "house");
}
