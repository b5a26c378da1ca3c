using static Delivery.Protocol.Domain.VariableId;

namespace Delivery.Protocol.Domain;

/// <summary>A scale results are given on.</summary>
/// <param name="Code">A short name.</param>
/// <param name="Variables">The variables on it.</param>
/// <param name="Label">Its name for people.</param>
/// <param name="Description">What it is and what it can be used for.</param>
/// <param name="Section">Section of the guidelines it is described in.</param>
public sealed record Scale(string Code, VariableSet Variables, Bilingual Label, Bilingual Description, string Section);

/// <summary>The scales of the national tests and the transition tests.</summary>
public static class Scales
{
    private static readonly VariableSet Profile = VariableSet.Of(
        ProfileArea1Logit, ProfileArea1StandardError, ProfileArea2Logit, ProfileArea2StandardError, ProfileArea3Logit, ProfileArea3StandardError);

    /// <summary>Every scale.</summary>
    public static IReadOnlyList<Scale> All { get; } =
    [
        new("ORIGINAL", VariableSet.Of(OriginalAbilityLogit, OriginalAbilityStandardError).Or(Profile),
            new("Oprindelig Rasch-skala", "Original Rasch scale"),
            new("Elevdygtighed i logit, som den blev beregnet i testens eget år, for hele testen og for hvert profilområde til og med 2019/20. Hver test har sin egen skala; standardfejlen hører til det enkelte estimat.",
                "Ability in logits as computed in the test's own year, for the whole test and, until 2019/20, for each profile area. Every test has a scale of its own; the standard error belongs to the single estimate."), "2.3.1"),
        new("RECALCULATED", VariableSet.Of(RecalculatedAbilityLogit, RecalculatedAbilityStandardError),
            new("Genberegnet Rasch-skala", "Recalculated Rasch scale"),
            new("Resultaterne for 2014/15–2019/20 er genberegnet til den skala, der anvendes i 2020/21 og 2021/22, så de kan sammenlignes over tid. Profilområder er ikke genberegnet.",
                "The results of 2014/15–2019/20 were recalculated to the scale used in 2020/21 and 2021/22, so that they can be compared over time. Profile areas were not recalculated."), "2.3.1"),
        new("TRANSITION", VariableSet.Of(AbilityLogit, AbilityStandardError),
            new("Overgangstestens Rasch-skala", "Rasch scale of the transition tests"),
            new("Elevdygtighed i logit med standardfejl; ét samlet resultat pr. test. Kan ikke sammenlignes med de nationale test.",
                "Ability in logits with standard error; one overall result per test. Cannot be compared with the national tests."), "2.3.2"),
        new("POINTS", VariableSet.Of(Points0To50),
            new("0-50 pointskala", "0–50 point scale"),
            new("Elevdygtigheden formidlet som hele point fra 0 til 50.", "The ability reported as whole points from 0 to 50."), "2.3.1"),
        new("CRITERION", VariableSet.Of(CriterionLevel),
            new("Kriteriebaseret skala", "Criterion-referenced scale"),
            new("Elevdygtigheden formidlet som et af seks niveauer. For de nationale test kun dansk, læsning og matematik.",
                "The ability reported as one of six levels. For the national tests in Danish reading and mathematics only."), "2.3.1, 2.3.2"),
    ];

    /// <summary>The scales some columns lie on.</summary>
    public static IReadOnlyList<Scale> Of(VariableSet columns) => [.. All.Where(scale => scale.Variables.And(columns).Count > 0)];
}
