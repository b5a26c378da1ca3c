using Delivery.Protocol.Domain;

namespace Delivery.Server.Approvals;

/// <summary>What stands behind the steps of one code: who takes them, what for, and what must hold.</summary>
/// <param name="Code">T1 to T14.</param>
/// <param name="Who">Who or what takes the step.</param>
/// <param name="Trigger">What happens.</param>
/// <param name="Guard">What must hold, and what follows.</param>
/// <param name="Section">Where it comes from: section of the guidelines, or <c>house</c>.</param>
internal sealed record LifeCycleRule(string Code, Bilingual Who, Bilingual Trigger, Bilingual Guard, string Section);

/// <summary>The words of the life cycle, T1 to T14. The steps themselves are <see cref="LifeCycle.Steps"/>; T1 makes a project and T9 moves none.</summary>
internal static class LifeCycleRules
{
    private static readonly Bilingual Agency = new("STIL", "STIL");
    private static readonly Bilingual Recipient = new("Danmarks Statistik", "Statistics Denmark");
    private static readonly Bilingual Clock = new("uret", "the clock");
    private static readonly Bilingual Server = new("serveren", "the server");
    private static readonly Bilingual Administrator = new("den dataansvarliges administrator eller STIL's", "an administrator of the controller or of STIL");

    /// <summary>Every rule, T1 to T14.</summary>
    public static IReadOnlyList<LifeCycleRule> All { get; } =
    [
        new("T1", Agency,
            new("godkendelsen registreres", "the approval is pushed"),
            new("alle A-regler undtagen A26; en afvist registrering logges og bliver ikke et projekt", "every A rule but A26; a refused push is logged and makes no project"), "2.3, 5"),
        new("T2", Recipient,
            new("en strøm åbnes", "a stream opens"),
            new("R-reglerne og A26", "the R rules and A26"), "2.3.2, 5"),
        new("T3", Recipient,
            new("kvitteringens rækker og kontrolsum passer", "the receipt's rows and digest match"),
            new("leveringen bliver en databeholdning med sin egen slettefrist; er projektet imens sat i bero, tilbagekaldt eller udløbet, bliver det ved det", "the delivery becomes a holding with its own deletion duty; a project suspended, withdrawn or expired meanwhile stays so"), "4, 5"),
        new("T4", Server,
            new("den sidste åbne strøm afbrydes, eller perioden ender uden kvittering", "the last open stream is cut, or the period ends without a receipt"),
            new("det delvist modtagne kasseres eller genoptages", "what was partly received is discarded or resumed"), "house"),
        new("T5", Agency,
            new("godkendelsen ændres", "the approval is amended"),
            new("samme formål og dataansvarlig; en udvidelse kræver ny underskrift; en indsnævring giver pligt til at slette forskellen; strømme af den tidligere version afbrydes", "same purpose and controller; a widening needs a new signature; a narrowing leaves a duty to delete the difference; streams of the version before are cut"), "4"),
        new("T6", Agency,
            new("projektet sættes i bero eller genoptages", "the project is suspended or resumed"),
            new("begrundelse; åbne strømme afbrydes før næste vindue", "a reason; open streams are cut before their next window"), "house"),
        new("T7", Agency,
            new("godkendelsen tilbagekaldes", "the approval is withdrawn"),
            new("begrundelse; åbne strømme afbrydes før næste vindue; det udleverede slettes senest 30 dage efter", "a reason; open streams are cut before their next window; what was delivered is due for deletion within 30 days"), "4"),
        new("T8", Clock,
            new("perioden ender", "the period ends"),
            new("en åben strøm er afbrudt først (T4)", "an open stream has been cut first (T4)"), "4"),
        new("T9", Clock,
            new("en slettefrist nærmer sig eller er overskredet", "a deletion is due soon or late"),
            new("ændrer ingen tilstand; 90, 30 og 7 dage før fristen og hver 14. dag efter den", "changes no state; 90, 30 and 7 days before the deadline and every 14 days after it"), "house"),
        new("T10", Clock,
            new("slettefristen passeres med en åben databeholdning", "the deletion deadline passes with an open holding"),
            new("STIL advares; overskridelsen bliver stående, også efter en sen bekræftelse", "STIL is alerted; that it was overdue stays on record after a late confirmation"), "4"),
        new("T11", Administrator,
            new("den sidste åbne databeholdning bekræftes slettet eller tilintetgjort", "the last open holding is confirmed deleted or destroyed"),
            new("hver databeholdning med metode, dato og underskriver; ikke før leveringen og ikke i fremtiden; ingen levering venter på kvittering", "every holding with method, date and signer; not before the delivery, not in the future; no delivery awaits its receipt"), "4"),
        new("T12", Administrator,
            new("den sidste åbne databeholdning bekræftes, og mindst én er arkiveret", "the last open holding is confirmed, and at least one is archived"),
            new("som T11, med arkivets navn og kvittering", "as T11, with the archive's name and receipt"), "4"),
        new("T13", new("STIL eller den dataansvarliges administrator", "STIL or an administrator of the controller"),
            new("projektet afsluttes uden levering", "the project is closed without delivery"),
            new("ingen databeholdninger, og ingen levering venter på kvittering", "no holdings, and no delivery awaits its receipt"), "house"),
        new("T14", Recipient,
            new("en tidligere levering overføres til projektet", "an earlier delivery is carried over to the project"),
            new("A23; intet sendes fra STIL; egen databeholdning og egen slettefrist; kildeprojektet er uændret", "A23; no bytes leave STIL; a holding and a deletion duty of its own; the source is unchanged"), "4"),
    ];
}
