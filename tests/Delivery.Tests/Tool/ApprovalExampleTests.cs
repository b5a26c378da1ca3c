using Delivery.Client.Approvals;
using Delivery.Protocol.Domain;
using Delivery.Protocol.Domain.Approvals;
using Delivery.Server.Approvals;
using Delivery.Tool.Demonstration;

namespace Delivery.Tests.Tool;

public sealed class ApprovalExampleTests
{
    private static readonly DateTimeOffset ApprovedAt = new(2026, 11, 2, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_example_in_the_documentation_is_what_the_demonstration_pushes()
    {
        var example = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "examples", "approval.json"));

        Assert.Equal(DemoApproval.Write("UNI-2026-017", DemoScope.Usual, ApprovedAt).ReplaceLineEndings("\n"), example.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void The_usual_project_keeps_every_rule() => Assert.Empty(Check(DemoScope.Usual));

    [Fact]
    public void The_widest_project_keeps_every_rule_and_asks_for_all_there_is()
    {
        Assert.Empty(Check(DemoScope.Widest));
        Assert.Equal(TestCatalogue.Partitions, DemoScope.Widest.Partitions());
        Assert.Equal(VariableCatalogue.All.Count, DemoScope.Widest.Variables.Count);
    }

    [Fact]
    public void Three_tests_over_five_years_with_eight_variables_make_the_usual_project()
    {
        Assert.Equal(15, DemoScope.Usual.Partitions().Count);
        Assert.Equal(["NT-DAN-4", "NT-DAN-6", "NT-MAT-6"], DemoScope.Usual.Partitions().Select(key => key.TestCode.ToString()).Distinct().Order());
        Assert.Equal(8, DemoScope.Usual.Variables.Count);
    }

    private static IReadOnlyList<ApprovalFinding> Check(Scope scope)
    {
        var approval = ApprovalMessages.Read(ApprovalJson.Read(DemoApproval.Write("UNI-2026-017", scope, ApprovedAt)));
        var calendar = new PublicationCalendar(Publication.Defaults);
        return ApprovalRules.Check(approval, new ApprovalContext(DateOnly.FromDateTime(ApprovedAt.Date), calendar, PushedByStil: true));
    }
}
