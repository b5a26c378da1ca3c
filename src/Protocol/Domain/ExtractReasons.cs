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
        Refuse("E_CALL_ID", RefusalStatus.InvalidArgument,
            new("Kaldets id er ikke 32 nye, tilfældige byte", "The call id is not 32 new random bytes"),
            new("Vælg et nyt id for hvert kald", "Choose a new id for each call")),
        Refuse("E_SENDER_KEY", RefusalStatus.FailedPrecondition,
            new("Serveren underskriver med en anden nøgle end den, klienten forventer", "The server signs with another key than the client expects"),
            new("Hent serverens nye leveringsnøgle ad den aftalte vej, og kontrollér den", "Obtain the server's new delivery key by the agreed way and check it")),
        Refuse("E_EXTRACT_CHANGED", RefusalStatus.FailedPrecondition,
            new("Udtrækket er ikke længere det, klienten bad om", "The extract is no longer the one the client asked for"),
            new("Hent listen over udtræk igen", "List the extracts again")),
        Refuse("E_NO_PROGRESS", RefusalStatus.Aborted,
            new("Klienten læste ikke i for lang tid", "The client read nothing for too long"),
            new("Genoptag strømmen", "Resume the stream")),
        Refuse("E_RECEIPT_SIGNATURE", RefusalStatus.InvalidArgument,
            new("Kvitteringens underskrift passer ikke til klientens certifikat", "The receipt's signature does not fit the client's certificate"),
            new("Underskriv kvitteringen med certifikatets nøgle", "Sign the receipt with the certificate's key")),
        Refuse("E_LOG_RANGE", RefusalStatus.InvalidArgument,
            new("Loggen har ikke de blade, der spørges om", "The log has no such range of leaves"),
            new("Brug en størrelse fra et kontrolpunkt", "Use a size from a checkpoint")),
        Refuse("E_LOG_UNWITNESSED", RefusalStatus.FailedPrecondition,
            new("Overførselsloggens nyeste blade er ikke medunderskrevet af et vidne", "No witness has cosigned the transfer log's newest leaves"),
            new("Bed vidnet medunderskrive loggens kontrolpunkt, og prøv igen", "Ask the witness to cosign the log's checkpoint, and try again")),
        Refuse("E_COSIGNATURE", RefusalStatus.InvalidArgument,
            new("Kontrolpunktet har ingen gyldig medunderskrift af et kendt vidne", "The checkpoint has no valid cosignature by a known witness"),
            new("Medunderskriv med den nøgle, driften har registreret for vidnet", "Cosign with the key that operations registered for the witness")),
    ];

    private static ReasonCode Refuse(string code, RefusalStatus status, Bilingual message, Bilingual remedy) =>
        new(code, Severity.Error, status, message, remedy, "house");
}
