using Delivery.Protocol.Domain;
using Delivery.Server.Approvals;

namespace Delivery.Tests.Rules;

/// <summary>Holds the pages on rules and the life cycle to the tables, and the tables to the tests.</summary>
public class RulePageTests
{
    [Fact]
    public void The_page_on_the_life_cycle_is_the_one_the_table_writes() => RenderedPage.AssertIs("lifecycle.md", LifeCyclePage.Render());

    [Fact]
    public void The_page_on_rules_is_the_one_the_tables_write() => RenderedPage.AssertIs("rules.md", RulesPage.Render());

    [Fact]
    public void Every_rule_there_should_be_is_in_a_table() => Assert.Equal(
        [
            .. Enumerable.Range(1, 28).Select(number => $"A{number:D2}"),
            .. Enumerable.Range(1, 6).Select(number => $"R{number:D2}"),
            .. Enumerable.Range(1, 14).Select(number => $"T{number}"),
            .. Enumerable.Range(1, 9).Select(number => $"C{number}"),
        ],
        RulesPage.Rules);

    [Fact]
    public void Every_rule_has_a_test_that_proves_it() => Assert.DoesNotContain(RulesPage.Rules, code => !Proofs.Of(code).Any());

    [Fact]
    public void No_test_claims_to_prove_what_is_no_rule()
    {
        var known = RulesPage.Rules.Concat(ReasonCatalogue.All.Select(reason => reason.Code)).ToHashSet();
        Assert.Empty(Proofs.All.SelectMany(proof => proof.Codes.Where(code => !known.Contains(code)).Select(code => $"{proof.Test} {code}")));
    }

    [Fact]
    public void Only_a_test_that_runs_is_a_proof()
    {
        const string source = """
            public sealed class Example
            {
                [Fact]
                [Proves("A01", "T2")]
                public async Task It_runs()
                {
                }

                [Theory]
                [InlineData(1)]
                [Proves(
                    "C3",
                    "R01")]
                public void So_does_this(int number)
                {
                }

                [Proves("A02")]
                public void Nobody_runs_this()
                {
                }
            }
            """;
        Assert.Equal(["Example.It_runs A01 T2", "Example.So_does_this C3 R01"], Proofs.In(source, "x.cs").Select(proof => $"{proof.Test} {string.Join(' ', proof.Codes)}"));
    }

    [Fact]
    public void Every_rule_and_state_speaks_danish_and_english() => Assert.All(
        LifeCycleRules.All.SelectMany(rule => new[] { rule.Who, rule.Trigger, rule.Guard }).Concat(Enum.GetValues<ProjectState>().Select(state => state.Title())),
        text => Assert.False(string.IsNullOrWhiteSpace(text.Danish) || string.IsNullOrWhiteSpace(text.English)));
}
