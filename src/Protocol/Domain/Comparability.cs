namespace Delivery.Protocol.Domain;

/// <summary>What may be said when two kinds of results stand side by side.</summary>
public enum ComparabilityVerdict
{
    /// <summary>Not given.</summary>
    Unspecified = 0,

    /// <summary>They can be compared.</summary>
    Comparable = 1,

    /// <summary>They can be compared with care.</summary>
    Caution = 2,

    /// <summary>They cannot be compared directly; use only with the reservation.</summary>
    NotDirectly = 3,

    /// <summary>They cannot be compared.</summary>
    NotComparable = 4,
}

/// <summary>A warning that follows the data: in stream headers, documentation files and receipts.</summary>
/// <param name="Code">C1 to C9.</param>
/// <param name="Verdict">What may be said.</param>
/// <param name="Text">The words.</param>
/// <param name="MustBeAcknowledged">True when an approval must name the code among its acknowledged warnings (rule A28).</param>
/// <param name="Section">Where the rule comes from: section of the guidelines, <c>public notice</c>, or <c>house</c>.</param>
public sealed record ComparabilityWarning(string Code, ComparabilityVerdict Verdict, Bilingual Text, bool MustBeAcknowledged, string Section);

/// <summary>The rules C1–C9 on what can be compared. The source stands on each.</summary>
public static class ComparabilityRules
{
    private static readonly (ComparabilityWarning Warning, Func<Seen, bool> Applies)[] Rules =
    [
        (new("C1", ComparabilityVerdict.NotDirectly, new(
                "Nationale test 2009/10–2013/14 kan ikke umiddelbart sammenlignes med senere nationale test og må kun anvendes med dette forbehold.",
                "NT results of 2009/10–2013/14 cannot be compared directly with later NT results and are used with this reservation only."), true, "2.3.1"),
            seen => seen.Nt.Any(key => key.SchoolYear.StartYear < 2014) && seen.Nt.Any(key => key.SchoolYear.StartYear >= 2014)),
        (new("C2", ComparabilityVerdict.Comparable, new(
                "Genberegnede elevdygtigheder 2014/15–2021/22 kan sammenlignes over tid.",
                "Recalculated abilities of 2014/15–2021/22 can be compared over time."), false, "2.3.1"),
            seen => seen.Recalculated && Several(seen.Nt.Where(key => key.SchoolYear.StartYear >= 2014).Select(key => key.SchoolYear))),
        (new("C3", ComparabilityVerdict.NotComparable, new(
                "Nationale test og Folkeskolens Nationale Overgangstest kan ikke sammenlignes: princip, periode og indhold er forskellige.",
                "NT and FNO cannot be compared: principle, period and content differ."), true, "2.3.2"),
            seen => seen.Nt.Count > 0 && seen.Fno.Count > 0),
        (new("C4", ComparabilityVerdict.NotComparable, new(
                "Oprindelige og genberegnede elevdygtigheder ligger på hver sin skala og kan ikke sammenlignes.",
                "Original and recalculated abilities lie on different scales and cannot be compared."), true, "2.3.1"),
            seen => seen.Original && seen.Recalculated),
        (new("C5", ComparabilityVerdict.Caution, new(
                "2019/20 dækker en stikprøve og frivilligt deltagende skoler; landsresultater bygger alene på stikprøven.",
                "2019/20 covers a sample and self-selected schools; national results rest on the sample only."), false, "public notice"),
            seen => seen.NtYear(2019) && Several(seen.Nt.Select(key => key.SchoolYear))),
        (new("C6", ComparabilityVerdict.Caution, new(
                "I 2019/20 og 2020/21 blev testene taget senere på skoleåret end ellers.",
                "In 2019/20 and 2020/21 the tests were taken later in the school year than otherwise."), false, "public notice"),
            seen => (seen.NtYear(2019) || seen.NtYear(2020)) && Several(seen.Nt.Select(key => key.SchoolYear))),
        (new("C7", ComparabilityVerdict.Caution, new(
                "I matematik i 3. klasse blev et profilområde udskiftet fra 2015/16.",
                "In grade 3 mathematics one profile area was replaced from 2015/16."), false, "public notice"),
            seen => seen.Mathematics3.Any(year => year < 2015) && seen.Mathematics3.Any(year => year >= 2015)),
        (new("C8", ComparabilityVerdict.Caution, new(
                "Overgangstesten i 2023/24 lå omkring ti uger tidligere på skoleåret end i 2022/23.",
                "The FNO tests of 2023/24 were held about ten weeks earlier in the school year than those of 2022/23."), false, "public notice"),
            seen => seen.FnoYear(2022) && seen.FnoYear(2023)),
        (new("C9", ComparabilityVerdict.Caution, new(
                "Logitværdier fra forskellige test må ikke sammenlignes, medmindre STIL's dokumentation siger det.",
                "Logits of different tests are not compared unless STIL's documentation says so."), false, "house"),
            seen => seen.Logits && Several(seen.Nt.Concat(seen.Fno).Select(key => key.TestCode))),
    ];

    /// <summary>Every rule, C1 to C9.</summary>
    public static IReadOnlyList<ComparabilityWarning> All { get; } = [.. Rules.Select(rule => rule.Warning)];

    /// <summary>The warnings a scope calls for, in code order.</summary>
    public static IReadOnlyList<ComparabilityWarning> For(Scope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        var seen = new Seen(scope);
        return [.. Rules.Where(rule => rule.Applies(seen)).Select(rule => rule.Warning)];
    }

    private static bool Several<T>(IEnumerable<T> values) => values.Distinct().Skip(1).Any();

    private sealed class Seen(Scope scope)
    {
        private readonly VariableSet _variables = scope.VariableSet;

        internal IReadOnlyList<PartitionKey> Nt { get; } = scope.PartitionsOf(Programme.NT);

        internal IReadOnlyList<PartitionKey> Fno { get; } = scope.PartitionsOf(Programme.FNO);

        internal bool Original => Has(VariableId.OriginalAbilityLogit);

        internal bool Recalculated => Has(VariableId.RecalculatedAbilityLogit);

        internal bool Logits => _variables.ToList().Any(variable => variable.IsLogit);

        internal IEnumerable<int> Mathematics3 =>
            Nt.Where(key => key is { Subject: Subject.Mathematics, Grade: 3 }).Select(key => key.SchoolYear.StartYear);

        internal bool NtYear(int startYear) => Nt.Any(key => key.SchoolYear.StartYear == startYear);

        internal bool FnoYear(int startYear) => Fno.Any(key => key.SchoolYear.StartYear == startYear);

        // A scale counts as present only where some selected partition can deliver it.
        private bool Has(VariableId id) =>
            _variables.Contains(id) && Nt.Any(key => VariableAvailability.Of(id, key) >= Availability.AbsentAllowed);
    }
}
