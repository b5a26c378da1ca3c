using Delivery.Protocol.Domain;

namespace Delivery.Client.Refusals;

/// <summary>What this side refuses by itself, in both languages.</summary>
internal static class ClientReasons
{
    public static readonly ReasonCode ServerUnreachable = New("E_SERVER_UNREACHABLE",
        "Serveren kan ikke nås, eller forbindelsen blev afbrudt", "The server cannot be reached, or the connection was lost",
        "Kontrollér adressen og netværket, og prøv igen", "Check the address and the network, and try again");

    public static readonly ReasonCode DeadlineExceeded = New("E_DEADLINE",
        "Serveren svarede ikke i tide", "The server did not answer in time",
        "Prøv igen, eller giv kaldet mere tid", "Try again, or give the call more time");

    public static readonly ReasonCode ServerCertificateUntrusted = New("E_SERVER_CERTIFICATE",
        "Serverens certifikat fører ikke til en af de angivne rødder eller har et andet navn", "The server's certificate does not chain to one of the given roots or has another name",
        "Kontrollér adressen og filen med rødder; gå aldrig uden om kontrollen", "Check the address and the roots file; never go around the check");

    public static readonly ReasonCode CertificateUnreadable = New("E_CERTIFICATE_FILE",
        "En fil med certifikat eller nøgle kan ikke læses", "A certificate or key file cannot be read",
        "Angiv PEM-filer, som brugeren må læse, med en P-256-nøgle", "Give PEM files the user may read, with a P-256 key");

    public static readonly ReasonCode Settings = New("E_SETTINGS",
        "En indstilling har en værdi, den ikke kan have", "A setting has a value it cannot have",
        "Ret den nævnte indstilling", "Correct the setting named");

    public static readonly ReasonCode FileUnreadable = New("E_FILE",
        "En fil kan ikke læses eller skrives", "A file cannot be read or written",
        "Kontrollér sti, rettigheder og plads", "Check path, permissions and space");

    public static readonly ReasonCode JsonInvalid = New("E_JSON",
        "Godkendelsen er ikke gyldig JSON", "The approval is not valid JSON",
        "Ret filen på den nævnte linje", "Correct the file at the line named");

    public static readonly ReasonCode OutputExists = New("E_OUTPUT_EXISTS",
        "Resultatfilen findes allerede", "The output file exists already",
        "Flyt filen, eller tillad at den erstattes", "Move the file, or allow it to be replaced");

    public static readonly ReasonCode OutputFormat = New("E_OUTPUT_FORMAT",
        "Resultatfilens endelse er ukendt", "The output file's extension is unknown",
        "Brug .arrow, .arrows eller .csv", "Use .arrow, .arrows or .csv");

    public static readonly ReasonCode PullStateAltered = New("E_PULL_STATE",
        "Det, en afbrudt hentning efterlod ved siden af resultatfilen, er ændret eller skrevet med en anden modtagernøgle", "What an interrupted pull left beside the output file was altered, or was written with another recipient key",
        "Brug den samme modtagernøgle, eller begynd hentningen forfra", "Use the same recipient key, or begin the pull anew");

    public static readonly ReasonCode PullOther = New("E_PULL_OTHER",
        "Det, en afbrudt hentning efterlod, hører til et andet udtræk eller andre pseudonymer", "What an interrupted pull left belongs to another extract or to other pseudonyms",
        "Hent til en anden fil, eller begynd hentningen forfra", "Pull into another file, or begin the pull anew");

    public static readonly ReasonCode PseudonymiserMissing = New("E_PSEUDONYMISER_MISSING",
        "Udtrækket har cpr-numre, og der er ingen nøgle til at pseudonymisere dem med", "The extract has civil registration numbers and there is no key to pseudonymise them with",
        "Angiv nøglen til pseudonymer", "Give the pseudonym key");

    public static readonly ReasonCode KeyFile = New("E_KEY_FILE",
        "En nøglefil har ikke den form, den skal have", "A key file does not have the form it must have",
        "Lav filen med værktøjet delivery, og ret den ikke i hånden", "Make the file with the delivery tool and do not edit it by hand");

    public static readonly ReasonCode KeyFileExposed = New("E_KEY_FILE_EXPOSED",
        "En nøglefil kan læses af andre end dens ejer", "A key file can be read by others than its owner",
        "Giv filen mode 0600, og overvej om nøglen er set af andre", "Give the file mode 0600, and consider whether others saw the key");

    public static readonly ReasonCode SuiteUnsupported = New("E_SUITE_UNSUPPORTED",
        "Denne maskine kan ikke nøglens forseglingsmetode", "This machine cannot run the key's sealing suite",
        "Brug OpenSSL 3.5 eller nyere, eller metoden P-256", "Use OpenSSL 3.5 or later, or the suite P-256");

    public static readonly ReasonCode NoExtract = New("E_NO_EXTRACT",
        "Projektet har intet udtræk af det program", "The project has no extract of that programme",
        "Se projektets udtræk", "List the project's extracts");

    public static readonly ReasonCode SchemaUnexpected = New("E_SCHEMA",
        "Udtrækkets skema er ikke, som det skal være", "The extract's schema is not as it must be",
        "Brug en nyere version, eller meld det til STIL", "Use a newer version, or report it to STIL");

    public static readonly ReasonCode ProtocolBroken = New("E_PROTOCOL",
        "Serveren svarede med noget, der ikke følger protokollen", "The server answered with something that does not follow the protocol",
        "Kassér det modtagne, og meld det til driften", "Discard what was received and report it to operations");

    public static readonly ReasonCode SealRefused = New("E_SEAL_REFUSED",
        "Det forseglede indhold holder ikke; intet af det må bruges", "The sealed content does not hold; nothing of it may be used",
        "Kassér det modtagne, og meld det til STIL", "Discard what was received and report it to STIL");

    public static readonly ReasonCode ProofRefused = New("E_PROOF_REFUSED",
        "Beviset fra overførselsloggen holder ikke", "The proof from the transfer log does not hold",
        "Kassér det modtagne, og meld det til STIL", "Discard what was received and report it to STIL");

    public static readonly ReasonCode LogForked = New("E_LOG_FORKED",
        "Overførselsloggen fortsætter ikke den, der er set før", "The transfer log does not continue the one seen before",
        "Gem kontrolpunktet, og meld det straks til STIL", "Keep the checkpoint and report it to STIL at once");

    public static readonly ReasonCode PolicyUnreadable = New("E_POLICY_FILE",
        "Filen med logpolitik kan ikke læses", "The log policy file cannot be read",
        "Hent politikken fra en kilde, I stoler på", "Get the policy from a source you trust");

    public static readonly ReasonCode WitnessUnknown = New("E_WITNESS_UNKNOWN",
        "Logpolitikken nævner intet vidne med denne nøgle", "The log policy names no witness with this key",
        "Brug vidnets egen nøgle og en politik, der nævner vidnet", "Use the witness's own key and a policy that names the witness");

    public static IReadOnlyList<ReasonCode> All { get; } =
    [
        ServerUnreachable, DeadlineExceeded, ServerCertificateUntrusted, CertificateUnreadable, Settings, FileUnreadable, JsonInvalid,
        OutputExists, OutputFormat, PullStateAltered, PullOther, PseudonymiserMissing, KeyFile, KeyFileExposed, SuiteUnsupported, NoExtract, SchemaUnexpected,
        ProtocolBroken, SealRefused, ProofRefused, LogForked, PolicyUnreadable, WitnessUnknown,
    ];

    private static ReasonCode New(string code, string danish, string english, string danishRemedy, string englishRemedy) =>
        new(code, Severity.Error, RefusalStatus.None, new(danish, english), new(danishRemedy, englishRemedy), "house");
}
