namespace Delivery.Protocol.Domain;

/// <summary>Refusals about a project's state: R01–R06, the release gate, and amendments and confirmations that cannot be.</summary>
public static class ProjectReasons
{
    /// <summary>R01: no approval known to this caller; says nothing about whether one exists.</summary>
    public static ReasonCode NoApproval { get; } = Refuse("R01", RefusalStatus.NotFound,
        new("Ingen gyldig godkendelse", "No valid approval"),
        new("Kontrollér projekt-id, eller spørg STIL om godkendelsen", "Check the project id, or ask STIL about the approval"), "2.3");

    /// <summary>R02: the certificate is not bound to the project's endpoint.</summary>
    public static ReasonCode NotBound { get; } = Refuse("R02", RefusalStatus.PermissionDenied,
        new("Klienten er ikke knyttet til projektet", "Client not bound to project"),
        new("Brug certifikatet for projektets modtager i Danmarks Statistik", "Use the certificate of the project's recipient at Statistics Denmark"), "4");

    /// <summary>R03: today is outside the approved period.</summary>
    public static ReasonCode OutsidePeriod { get; } = Refuse("R03", RefusalStatus.FailedPrecondition,
        new("Uden for godkendt periode", "Outside approved period"),
        new("Søg STIL om forlængelse, eller vent til perioden begynder", "Ask STIL for an extension, or wait until the period begins"), "4");

    /// <summary>R04: something outside the scope was about to leave; the stream is cut and an alarm raised.</summary>
    public static ReasonCode OutsideScope { get; } = Refuse("R04", RefusalStatus.Internal,
        new("Indhold uden for godkendelsen", "Content outside approval"),
        new("Leveringen er stoppet; STIL undersøger fejlen", "The delivery has been stopped; STIL investigates the fault"), "2.3");

    /// <summary>R05: the recipient's key is missing or expired; nothing is ever sent unsealed instead.</summary>
    public static ReasonCode KeyMissing { get; } = Refuse("R05", RefusalStatus.FailedPrecondition,
        new("Danmarks Statistiks nøgle mangler eller er udløbet", "Statistics Denmark's key is missing or expired"),
        new("Registrér en ny modtagernøgle og prøv igen", "Register a new recipient key and try again"), "house");

    /// <summary>R06: the project is suspended, withdrawn, expired, overdue or closed.</summary>
    public static ReasonCode NotActive { get; } = Refuse("R06", RefusalStatus.FailedPrecondition,
        new("Projektet er ikke aktivt", "Project not active"),
        new("Se projektets tilstand, og tal med STIL", "Look up the project's state and talk to STIL"), "4");

    /// <summary>Every entry.</summary>
    public static IReadOnlyList<ReasonCode> All { get; } =
    [
        NoApproval, NotBound, OutsidePeriod, OutsideScope, KeyMissing, NotActive,
        Refuse("E_FNO_NOT_PUBLISHED", RefusalStatus.FailedPrecondition,
            new("Landsresultaterne for skoleåret er ikke offentliggjort", "The national results of the school year are not published"),
            new("Vent, til STIL har registreret offentliggørelsen", "Wait until STIL has entered the publication"), "2.3.2"),
        Refuse("E_STATE", RefusalStatus.FailedPrecondition,
            new("Handlingen er ikke mulig i projektets tilstand", "The act is not possible in the project's state"),
            new("Se projektets tilstand og de handlinger, den tillader", "Look up the project's state and the acts it allows"), "house"),
        Refuse("E_PROJECT_EXISTS", RefusalStatus.AlreadyExists,
            new("Projektet er allerede registreret", "The project is already registered"),
            new("Ændr godkendelsen i stedet for at registrere den igen", "Amend the approval instead of registering it again"), "house"),
        Refuse("E_VERSION_CONFLICT", RefusalStatus.Aborted,
            new("Godkendelsen er ændret i mellemtiden", "The approval has changed meanwhile"),
            new("Hent den seneste version og gentag ændringen", "Read the latest version and repeat the change"), "house"),
        Refuse("E_PURPOSE_CHANGED", RefusalStatus.FailedPrecondition,
            new("Formålet kan ikke ændres", "The purpose cannot be changed"),
            new("Søg om et nyt projekt til et andet formål", "Apply for a new project for another purpose"), "4"),
        Refuse("E_CONTROLLER_CHANGED", RefusalStatus.FailedPrecondition,
            new("Den dataansvarlige kan ikke skiftes", "The controller cannot be changed"),
            new("Søg om et nyt projekt for den nye dataansvarlige", "Apply for a new project of the new controller"), "4"),
        Refuse("E_SIGNATURE_NEEDED", RefusalStatus.FailedPrecondition,
            new("En udvidelse kræver ny underskrift", "A widening needs a new signature"),
            new("Indhent den dataansvarliges underskrift på udvidelsen", "Obtain the controller's signature on the widening"), "4"),
        Refuse("E_REASON_MISSING", RefusalStatus.InvalidArgument,
            new("Begrundelse mangler", "A reason is missing"),
            new("Skriv, hvorfor projektet sættes i bero, genoptages eller trækkes tilbage", "State why the project is suspended, resumed or withdrawn"), "house"),
        Refuse("E_CONFIRMATION_CONTRADICTS", RefusalStatus.FailedPrecondition,
            new("Bekræftelsen modsiger en tidligere bekræftelse", "The confirmation contradicts an earlier one"),
            new("Sammenlign med den registrerede bekræftelse, og tal med STIL", "Compare with the recorded confirmation and talk to STIL"), "4"),
        Refuse("E_CONFIRMATION_INCOMPLETE", RefusalStatus.InvalidArgument,
            new("Bekræftelsen nævner ikke alle databeholdninger, metode, dato og underskriver", "The confirmation does not name every holding, method, date and signer"),
            new("Nævn hver databeholdning med metode, dato og underskriver", "Name each holding with method, date and signer"), "4"),
        Refuse("E_CONFIRMATION_DATE", RefusalStatus.InvalidArgument,
            new("Bekræftelsens dato ligger før leveringen eller i fremtiden", "The confirmation's date lies before the delivery or in the future"),
            new("Angiv den dag, data blev slettet, tilintetgjort eller arkiveret", "Give the day the data were deleted, destroyed or archived"), "4"),
        Refuse("E_HOLDINGS_OPEN", RefusalStatus.FailedPrecondition,
            new("Projektet har databeholdninger, der ikke er afsluttet", "The project has holdings that have not ended"),
            new("Bekræft sletning eller arkivering af hver databeholdning", "Confirm deletion or archiving of each holding"), "4"),
        Refuse("E_PUBLICATION_UNKNOWN", RefusalStatus.InvalidArgument,
            new("Der er ingen landsresultater for det testprogram og skoleår", "There are no national results for that programme and school year"),
            new("Vælg et skoleår i offentliggørelseskalenderen", "Choose a school year of the publication calendar"), "2.3.2"),
        Refuse("E_DATE_IN_FUTURE", RefusalStatus.InvalidArgument,
            new("Datoen ligger i fremtiden", "The date lies in the future"),
            new("Angiv datoen, når den er indtruffet", "Give the date once it has come"), "house"),
    ];

    private static ReasonCode Refuse(string code, RefusalStatus status, Bilingual message, Bilingual remedy, string section) =>
        new(code, Severity.Error, status, message, remedy, section);
}
