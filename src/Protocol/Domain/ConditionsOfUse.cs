namespace Delivery.Protocol.Domain;

/// <summary>A condition on which results were disclosed, or a rule on publishing from them.</summary>
/// <param name="Text">The words.</param>
/// <param name="Section">Section of the guidelines for research use it comes from.</param>
public sealed record Condition(Bilingual Text, string Section);

/// <summary>
/// Conditions of use and of publication. Source: the guidelines for use of data from the national tests and the transition tests for statistical
/// and scientific studies, sections 3, 4 and 6.
/// </summary>
public static class ConditionsOfUse
{
    /// <summary>That results are confidential, and by which law.</summary>
    public static Condition Confidentiality { get; } = new(
        new("Testresultater for den enkelte elev, grupper af elever, hold, klasser, skoler, kommuner og regioner m.v. er fortrolige efter folkeskolelovens § 55 b, også i anonymiseret eller aggregeret form. Kun opgørelser på landsplan er det ikke.",
            "Results of single pupils, groups of pupils, classes, schools, municipalities, regions and the like are confidential under section 55 b of the Danish Folkeskole Act, in anonymised or aggregated form too. Only national figures are not."), "3");

    /// <summary>What holds for whoever uses the data.</summary>
    public static IReadOnlyList<Condition> Use { get; } =
    [
        Confidentiality,
        new(new("Data må alene bruges i statistisk eller videnskabeligt øjemed, heller ikke senere til andet, og ikke som grundlag for afgørelser eller foranstaltninger over for enkeltpersoner.",
            "The data are used for statistical or scientific purposes only, at no later time for others, and not as a basis for decisions about or measures towards individuals."), "4"),
        new(new("Data må ikke uden ministeriets skriftlige samtykke videregives til tredjemand. Egne databehandlere er ikke tredjemand.",
            "The data are not disclosed to third parties without the ministry's written consent. One's own processors are not third parties."), "4"),
        new(new("Godkendelsen gælder ét forskningsprojekt. Overførsel til et andet projekt kræver en ny godkendelse, samme institution og et tilpasset datasæt.",
            "The approval is for one research project. Carrying data over to another needs a new approval, the same institution and an adapted dataset."), "4"),
        new(new("Data må ikke behandles uden for databeskyttelsesforordningens territoriale anvendelsesområde uden forudgående skriftlig tilladelse fra ministeriet.",
            "The data are not processed outside the territorial scope of the GDPR without the ministry's prior written permission."), "4"),
        new(new("Data skal ved undersøgelsens afslutning slettes eller tilintetgøres, eller overføres til opbevaring i arkiv efter arkivlovgivningen.",
            "At the end of the study the data are deleted or destroyed, or transferred to an archive under the Archives Act."), "4"),
        new(new("Datatilsynets betingelser for behandling af persondata i statistiske og videnskabelige undersøgelser og de tilhørende sikkerhedsforskrifter skal overholdes.",
            "The conditions of the Danish Data Protection Agency for statistical and scientific studies, and its security rules, are observed."), "4"),
    ];

    /// <summary>What holds for whoever publishes from them.</summary>
    public static IReadOnlyList<Condition> Publication { get; } =
    [
        new(new("Resultater formidles, så testresultater for enkeltpersoner, hold, klasser, skoler, kommuner og regioner ikke kan identificeres, og så de ikke kan danne grundlag for rangordning. Det gælder alle geografiske afgrænsninger.",
            "Results are presented so that those of persons, classes, schools, municipalities and regions cannot be identified and cannot serve as a ranking. That holds for every geographical division."), "4, 6"),
        new(new("Bygger undersøgelsen på hele landet eller på en ikke-identificerbar gruppe, kan der fx offentliggøres resultater for drenge og piger, fødselsmåneder, undervisningsindsatser, klassestørrelser og socioøkonomiske grupper.",
            "A study of the whole country, or of a group that cannot be identified, can publish, for example, results by sex, month of birth, teaching measure, class size and socio-economic group."), "6"),
        new(new("Bygger undersøgelsen på navngivne eller identificerbare skoler eller kommuner, må der ikke offentliggøres nogen testresultater, heller ikke for elevgrupper; resultaterne beskrives i kvalitative formuleringer.",
            "A study of named or identifiable schools or municipalities publishes no test results at all, nor those of groups of pupils; its findings are described in qualitative words."), "6"),
    ];
}
