using Delivery.Protocol.Domain;
using Areas = Delivery.Protocol.Domain.ProfileAreas;

namespace Delivery.Protocol.Documentation;

/// <summary>What documentation says of types, forms, windows and profile areas.</summary>
internal static class TestTexts
{
    /// <summary>The name of a type.</summary>
    public static Bilingual Label(this VariableType type) => type switch
    {
        VariableType.Text => new("tekst", "text"),
        VariableType.WholeNumber => new("heltal", "whole number"),
        VariableType.Real => new("decimaltal", "decimal number"),
        VariableType.LocalTime => new("dato og tid", "date and time"),
        VariableType.Code => new("kode", "code"),
        VariableType.Unspecified => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>How the items of a programme's tests are chosen.</summary>
    public static Bilingual Form(Programme programme) => programme.Form() switch
    {
        TestForm.Adaptive => new("adaptiv: sværhedsgraden følger elevens svar", "adaptive: difficulty follows the pupil's answers"),
        TestForm.Linear => new("lineær: alle elever på et klassetrin stilles de samme opgaver", "linear: all pupils of a grade meet the same items"),
        TestForm.Unspecified => throw new ArgumentOutOfRangeException(nameof(programme)),
    };

    /// <summary>The profile areas of a test in their columns' order, or why there are none.</summary>
    public static Bilingual ProfileAreas(TestCode test)
    {
        var areas = Areas.Of(test);
        return areas.Count > 0 ? new(
                $"{string.Join("; ", areas.Select((area, index) => $"{index + 1} {area.Danish}"))} (til og med 2019/20)",
                $"{string.Join("; ", areas.Select((area, index) => $"{index + 1} {area.English}"))} (until 2019/20)")
            : test.Programme == Programme.FNO ? new("ingen; ét samlet resultat", "none; one overall result")
            : new("tre; navnene er ikke kendt", "three; their names are not known");
    }

    /// <summary>When tests were taken in a school year, as far as it is known.</summary>
    public static Bilingual Window(SchoolYear year)
    {
        var spans = TestWindow.For(year).Spans;
        return new(
            string.Join("; ", spans.Select(span => $"{Days(span)} ({(span.Source == "guidelines" ? "retningslinjerne" : "offentliggjort")})")),
            string.Join("; ", spans.Select(span => $"{Days(span)} ({(span.Source == "guidelines" ? "guidelines" : "published")})")));
    }

    private static string Days(DateSpan span) => $"{IsoDay.Text(span.From)} – {IsoDay.Text(span.To)}";
}
