namespace Delivery.Protocol.Domain;

/// <summary>Refusals of a call as such: who calls, what they may, and what the server can do now.</summary>
public static class CallReasons
{
    /// <summary>Every entry.</summary>
    public static IReadOnlyList<ReasonCode> All { get; } =
    [
        Refuse("CLIENT_CERTIFICATE_MISSING", RefusalStatus.Unauthenticated,
            new("Klientcertifikat mangler", "Client certificate missing"),
            new("Forbind med et klientcertifikat", "Connect with a client certificate")),
        Refuse("CLIENT_CERTIFICATE_UNKNOWN", RefusalStatus.Unauthenticated,
            new("Klientcertifikatet er ikke registreret", "The client certificate is not registered"),
            new("Bed driften registrere certifikatets fingeraftryk og rolle", "Ask operations to register the certificate's fingerprint and role")),
        Refuse("CLIENT_CERTIFICATE_EXPIRED", RefusalStatus.Unauthenticated,
            new("Klientcertifikatet er udløbet eller endnu ikke gyldigt", "The client certificate has expired or is not valid yet"),
            new("Forny certifikatet og registrér det nye", "Renew the certificate and register the new one")),
        Refuse("CLIENT_CERTIFICATE_REVOKED", RefusalStatus.Unauthenticated,
            new("Klientcertifikatet er spærret", "The client certificate is revoked"),
            new("Brug et nyt certifikat", "Use a new certificate")),
        Refuse("ROLE_NOT_ALLOWED", RefusalStatus.PermissionDenied,
            new("Rollen må ikke bruge dette kald", "The role may not use this call"),
            new("Brug certifikatet for den rolle, kaldet er til", "Use the certificate of the role the call is for")),
        Refuse("E_NOT_FOUND", RefusalStatus.NotFound,
            new("Findes ikke", "Not found"),
            new("Kontrollér id'et, og at det hører til jeres projekt", "Check the id and that it belongs to your project")),
        Refuse("E_MESSAGE_MALFORMED", RefusalStatus.InvalidArgument,
            new("Kaldets indhold kan ikke læses", "The content of the call cannot be read"),
            new("Brug klientbiblioteket, eller send den besked, protokollen beskriver", "Use the client library, or send the message the protocol describes")),
        Refuse("E_REQUEST_TOO_LARGE", RefusalStatus.ResourceExhausted,
            new("Kaldet er større end tilladt", "The request is larger than allowed"),
            new("Del det i mindre dele", "Split it into smaller parts")),
        Refuse("E_TOO_MANY_STREAMS", RefusalStatus.ResourceExhausted,
            new("For mange samtidige strømme", "Too many streams at once"),
            new("Vent, til en strøm er færdig, og prøv igen", "Wait until a stream has finished and try again")),
        Refuse("E_RATE_LIMITED", RefusalStatus.ResourceExhausted,
            new("For mange kald på kort tid", "Too many calls in a short time"),
            new("Vent lidt, og prøv igen", "Wait a little and try again")),
        Refuse("E_STORE_FULL", RefusalStatus.ResourceExhausted,
            new("Der er ikke plads i lageret", "The store has no room"),
            new("Bed driften om mere plads; det allerede gemte er intakt", "Ask operations for more room; what is stored already is intact")),
        Refuse("E_STORE_UNAVAILABLE", RefusalStatus.Unavailable,
            new("Lageret svarer ikke", "The store does not answer"),
            new("Prøv igen om lidt", "Try again in a little while")),
        Refuse("E_LOG_UNAVAILABLE", RefusalStatus.Unavailable,
            new("Overførselsloggen kan ikke skrives, så intet overføres", "The transfer log cannot be written, so nothing is transferred"),
            new("Prøv igen, når driften har genoprettet loggen", "Try again when operations have restored the log")),
        Refuse("E_LOG_ALTERED", RefusalStatus.Unavailable,
            new("Overførselsloggen er ændret uden om serveren, så intet besvares", "The transfer log was altered beneath the server, so nothing is answered"),
            new("Vent på besked fra driften", "Wait for word from operations")),
        Refuse("E_CHECKPOINT_OLD", RefusalStatus.Unavailable,
            new("Overførselsloggens nyeste del har for længe ikke kunnet underskrives", "The newest part of the transfer log could not be signed for too long"),
            new("Prøv igen, når driften har genoprettet loggen", "Try again when operations have restored the log")),
        Refuse("E_SHUTTING_DOWN", RefusalStatus.Unavailable,
            new("Serveren er ved at lukke ned", "The server is shutting down"),
            new("Forbind igen; en strøm kan genoptages", "Connect again; a stream can be resumed")),
        Refuse("E_INTERNAL", RefusalStatus.Internal,
            new("Uventet fejl i serveren", "Unexpected fault in the server"),
            new("Prøv igen, og giv driften sporings-id'et, hvis fejlen fortsætter", "Try again, and give operations the trace id if it persists")),
    ];

    private static ReasonCode Refuse(string code, RefusalStatus status, Bilingual message, Bilingual remedy) =>
        new(code, Severity.Error, status, message, remedy, "house");
}
