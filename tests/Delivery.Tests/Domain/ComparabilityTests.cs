using Delivery.Protocol.Domain;
using static Delivery.Tests.Domain.SampleApproval;

namespace Delivery.Tests.Domain;

public class ComparabilityTests
{
    private static readonly string[] Recalculated = ["recalculated_ability_logit", "recalculated_ability_standard_error"];
    private static readonly string[] Original = ["original_ability_logit", "original_ability_standard_error"];

    public static TheoryData<string, string, string[]> Cases { get; } = new()
    {
        { "NT-DAN-2-2014", "", [] },
        { "NT-DAN-2-2013 NT-DAN-2-2014", "C1", [] },
        { "NT-DAN-2-2009 NT-DAN-2-2013", "", [] },
        { "NT-DAN-2-2014 NT-DAN-2-2021", "C2", Recalculated },
        { "NT-DAN-2-2014 NT-DAN-2-2021", "", [] },
        { "NT-DAN-2-2018 FNO-DAN-2-2022", "C3", [] },
        { "NT-DAN-2-2015", "C4", [.. Recalculated, .. Original] },
        { "NT-DAN-2-2021", "", [.. Recalculated, .. Original] },
        { "NT-DAN-2-2018 NT-DAN-2-2019", "C5 C6", [] },
        { "NT-DAN-2-2018 NT-DAN-2-2020", "C6", [] },
        { "NT-MAT-3-2014 NT-MAT-3-2015", "C7", [] },
        { "NT-MAT-3-2015 NT-MAT-3-2016", "", [] },
        { "FNO-DAN-2-2022 FNO-DAN-2-2023", "C8", [] },
        { "FNO-DAN-2-2023 FNO-DAN-2-2024", "", [] },
        { "NT-DAN-2-2015 NT-DAN-4-2015", "C9", Recalculated },
        { "NT-DAN-2-2015 NT-DAN-4-2015", "", [] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    [Proves("C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "C9")]
    public void A_scope_is_warned_of_what_it_cannot_compare(string partitions, string expected, string[] variables)
    {
        var selections = partitions.Split(' ').Select(text => PartitionKey.TryParse(text, out var key) ? key : throw new ArgumentException(text))
            .Select(key => new Selection(key.Programme, key.Subject, [key.Grade], [key.SchoolYear]));
        var scope = new Scope([.. selections], Ask(["cpr_number", .. variables]), Population.All);
        Assert.Equal(expected, string.Join(' ', ComparabilityRules.For(scope).Select(warning => warning.Code)));
    }

    [Fact]
    public void Nine_rules_speak_both_languages_and_three_must_be_acknowledged()
    {
        Assert.Equal(Enumerable.Range(1, 9).Select(number => $"C{number}"), ComparabilityRules.All.Select(rule => rule.Code));
        Assert.Equal(["C1", "C3", "C4"], ComparabilityRules.All.Where(rule => rule.MustBeAcknowledged).Select(rule => rule.Code));
        Assert.All(ComparabilityRules.All, rule => Assert.False(string.IsNullOrWhiteSpace(rule.Text.Danish) || string.IsNullOrWhiteSpace(rule.Text.English)));
    }
}
