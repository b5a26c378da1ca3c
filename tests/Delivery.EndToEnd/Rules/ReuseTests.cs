using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.Log;
using Delivery.Protocol.V1;
using Grpc.Core;
using Subject = Delivery.Protocol.V1.Subject;

namespace Delivery.EndToEnd.Rules;

/// <summary>An earlier delivery carried over to another project of the same controller (guidelines section 4).</summary>
public abstract class ReuseTests(RuleServer rules)
{
    private readonly RunningServer _server = rules.Server;
    private readonly Acts _acts = rules.Acts;

    [Fact]
    [Proves("A23", "T14")]
    public async Task A_narrower_project_of_the_same_controller_gets_a_holding_and_a_duty_of_its_own()
    {
        var source = await SourceAsync("SOURCE");
        await _acts.ApproveAsync("REUSE", approval => Narrow(approval, "SOURCE", source));
        var size = _server.LogSize();
        var answer = await RegisterAsync("REUSE", 1);
        var leaf = Assert.Single(_server.Leaves(size));
        Assert.Equal((LeafType.ReuseRegistered, source, answer.HoldingId), (leaf.Type, leaf.Text("source_holding_id"), leaf.Text("holding_id")));

        var project = await _acts.ProjectAsync("REUSE");
        var holding = Assert.Single(project.Holdings);
        Assert.Equal(("DELIVERED", "OPEN", 1, project.DeletionDue), (project.State, holding.State, holding.RowCount, holding.DeletionDue));
        Assert.Equal(("DELIVERED", "OPEN"), (await _acts.StateAsync("SOURCE"), Assert.Single((await _acts.ProjectAsync("SOURCE")).Holdings).State));

        Assert.Equal("CLOSED_DELETED", (await _acts.DeletedAsync("SOURCE")).ProjectState);
        Assert.Equal("DELIVERED", await _acts.StateAsync("REUSE"));
        Assert.Equal("CLOSED_DELETED", (await _acts.DeletedAsync("REUSE")).ProjectState);
    }

    [Theory]
    [InlineData("SAME", "scope")]
    [InlineData("WIDER", "scope")]
    [InlineData("OTHER-CONTROLLER", "controller.cvr")]
    [InlineData("UNKNOWN", "transfer.source_holding")]
    [InlineData("BY-OTHERS", "transfer.executed_by_dst")]
    [Proves("A23")]
    public async Task Nothing_else_is_approved_as_a_reuse(string what, string field)
    {
        var source = await SourceAsync("OF-" + what);
        var refused = await RefusedCall.ExpectAsync("A23", StatusCode.FailedPrecondition, () => _acts.ApproveAsync("R-" + what, approval =>
        {
            Narrow(approval, "OF-" + what, source);
            switch (what)
            {
                case "SAME":
                    approval.Scope.Selections[0].Grades.Add(4);
                    break;
                case "WIDER":
                    approval.Scope.Variables.Add(SampleApproval.Ask("points_0_50"));
                    break;
                case "OTHER-CONTROLLER":
                    approval.Controller.Cvr = approval.Signature.Cvr = "20000007";
                    break;
                case "UNKNOWN":
                    approval.Transfer.SourceHoldingId = "H-NOWHERE";
                    break;
                default:
                    approval.Transfer.ExecutedByDst = false;
                    break;
            }
        }));
        Assert.Equal(field, Assert.Single(refused.Violations).Metadata["subject"]);
    }

    [Fact]
    [Proves("A23")]
    public async Task What_the_source_no_longer_holds_cannot_be_carried_over()
    {
        var source = await SourceAsync("GONE");
        await _acts.ApproveAsync("FROM-GONE", approval => Narrow(approval, "GONE", source));
        await RefusedCall.ExpectAsync("A23", StatusCode.FailedPrecondition, () => RegisterAsync("FROM-GONE", 100_000));
        await RefusedCall.ExpectAsync("A23", StatusCode.FailedPrecondition, () => RegisterAsync("FROM-GONE", 0));
        await _acts.DeletedAsync("GONE");
        await RefusedCall.ExpectAsync("A23", StatusCode.FailedPrecondition, () => RegisterAsync("FROM-GONE", 1));
        Assert.Equal("APPROVED", await _acts.StateAsync("FROM-GONE"));
    }

    [Fact]
    [Proves("A23")]
    public async Task A_holding_of_one_programme_holds_nothing_of_the_other()
    {
        await _acts.ApproveAsync("BOTH", both =>
        {
            both.Scope.Selections.Add(SampleApproval.Select(Programme.Fno, Subject.DanishReading, [2], [2023]));
            both.Scope.Variables.Add(SampleApproval.Ask("ability_logit", "ability_standard_error"));
            both.AcknowledgedWarnings.Add("C3");
        });
        var national = (await _acts.DeliverAsync("BOTH")).Single(holding => holding.Contains("-NT-", StringComparison.Ordinal));
        await RefusedCall.ExpectAsync("A23", StatusCode.FailedPrecondition, () => _acts.ApproveAsync("TRANSITION-OF-NT", approval =>
        {
            approval.Scope = SampleApproval.TransitionOf(_server, "X", 2023).Scope;
            approval.Transfer = new Transfer { SourceProjectId = "BOTH", SourceHoldingId = national, ExecutedByDst = true };
        }));
    }

    [Fact]
    [Proves("T14", "R01")]
    public async Task A_reuse_is_registered_once_and_only_where_one_was_approved()
    {
        var source = await SourceAsync("ONCE");
        await _acts.ApproveAsync("REUSED-ONCE", approval => Narrow(approval, "ONCE", source));
        await RegisterAsync("REUSED-ONCE", 1);
        await RefusedCall.ExpectAsync("E_STATE", StatusCode.FailedPrecondition, () => RegisterAsync("REUSED-ONCE", 1));
        await RefusedCall.ExpectAsync("R01", StatusCode.NotFound, () => RegisterAsync("NOWHERE", 1));
        await _acts.ApproveAsync("NO-REUSE");
        await RefusedCall.ExpectAsync("A23", StatusCode.FailedPrecondition, () => RegisterAsync("NO-REUSE", 1));
    }

    private async Task<string> SourceAsync(string project)
    {
        await _acts.ApproveAsync(project);
        return Assert.Single(await _acts.DeliverAsync(project));
    }

    private static void Narrow(ProjectApproval approval, string sourceProject, string sourceHolding)
    {
        approval.Scope.Selections[0].Grades.Remove(4);
        approval.Transfer = new Transfer { SourceProjectId = sourceProject, SourceHoldingId = sourceHolding, ExecutedByDst = true };
    }

    private async Task<RegisterReuseResponse> RegisterAsync(string project, long rows) =>
        await _acts.Recipient.RegisterReuseAsync(new RegisterReuseRequest { ProjectId = project, RowCount = rows });
}

[Collection(RulesOnSqlite.Name)]
public sealed class ReuseTestsOnSqlite(RuleServerOnSqlite rules) : ReuseTests(rules);

[NeedsPostgres]
[Collection(RulesOnPostgres.Name)]
public sealed class ReuseTestsOnPostgres(RuleServerOnPostgres rules) : ReuseTests(rules);
