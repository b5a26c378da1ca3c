using Delivery.Client;
using Delivery.Client.Closure;
using Delivery.Client.Log;
using Delivery.Client.Refusals;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.EndToEnd.TransferLog;

namespace Delivery.EndToEnd.Rules;

/// <summary>An answer that was lost can be had again: the same document, which proves itself, and no second leaf. What says something else is refused.</summary>
public abstract class RepeatedConfirmationTests(RuleServer rules) : IDisposable
{
    private readonly RunningServer _server = rules.Server;
    private readonly Acts _acts = rules.Acts;
    private readonly DeliveryClient _administrator = rules.Server.Client("administrator");

    public void Dispose() => _administrator.Dispose();

    [Fact]
    [Proves("T11")]
    public async Task Whichever_holding_of_a_confirmation_is_named_again_the_whole_confirmation_comes_back()
    {
        var holdings = await TwoHoldingsAsync("ONE-STEP");
        var first = Proven(await DeleteAsync("ONE-STEP"));
        var size = _server.LogSize();
        foreach (var named in new string[][] { [], [holdings[0]], [holdings[1]], [.. holdings] })
        {
            var again = Proven(await DeleteAsync("ONE-STEP", named));
            Assert.Equal(first.Document.ToArray(), again.Document.ToArray());
            Assert.Equal(holdings.Order(), again.HoldingIds.Order());
        }

        Assert.Equal(size, _server.LogSize());
    }

    [Fact]
    [Proves("T11", "E_CONFIRMATION_CONTRADICTS")]
    public async Task Two_steps_stay_two_confirmations_and_each_keeps_what_it_said()
    {
        var holdings = await TwoHoldingsAsync("TWO-STEPS");
        var first = Proven(await DeleteAsync("TWO-STEPS", holdings[0]));
        var last = Proven(await DeleteAsync("TWO-STEPS"));
        Assert.Equal(("DELIVERED", "CLOSED_DELETED"), (first.ProjectState, last.ProjectState));

        Assert.Equal(first.Document.ToArray(), Proven(await DeleteAsync("TWO-STEPS", holdings[0])).Document.ToArray());
        Assert.Equal(last.Document.ToArray(), Proven(await DeleteAsync("TWO-STEPS", holdings[1])).Document.ToArray());
        // Without names: the last one, whose answer may be the one that was lost.
        Assert.Equal(last.Document.ToArray(), Proven(await DeleteAsync("TWO-STEPS")).Document.ToArray());
        await RefusedAsync("E_CONFIRMATION_CONTRADICTS", () => DeleteAsync("TWO-STEPS", [.. holdings]));
    }

    [Fact]
    [Proves("T5", "E_CONFIRMATION_CONTRADICTS")]
    public async Task A_part_deletion_is_answered_again_even_after_the_holding_has_ended()
    {
        var approval = await _acts.ApproveAsync("PART-AGAIN");
        await _acts.DeliverAsync("PART-AGAIN");
        await RefusedAsync("E_STATE", () => DeletePartAsync("PART-AGAIN"));
        await _acts.AmendAsync(approval, next => next.Scope.Variables.RemoveAt(5));
        var first = Proven(await DeletePartAsync("PART-AGAIN"));
        Assert.Equal("OPEN", Assert.Single(first.Holdings).State);

        var size = _server.LogSize();
        Assert.Equal(first.Document.ToArray(), Proven(await DeletePartAsync("PART-AGAIN")).Document.ToArray());
        Assert.Equal(size, _server.LogSize());
        await RefusedAsync("E_CONFIRMATION_CONTRADICTS", () => DeletePartAsync("PART-AGAIN", signer: "En anden"));

        Proven(await DeleteAsync("PART-AGAIN"));
        Assert.Equal(first.Document.ToArray(), Proven(await DeletePartAsync("PART-AGAIN")).Document.ToArray());
    }

    private ConfirmationDocument Proven(ConfirmationDocument confirmation)
    {
        var outcome = ConfirmationVerification.Verify(confirmation, Path.Combine(_server.CertificateFolder, "delivery-signing.pub.pem"), _server.PolicyFile());
        Assert.Equal((LogVerdict.Proven, "Proven"), (outcome.Verdict, outcome.Reason));
        return confirmation;
    }

    private Task<ConfirmationDocument> DeleteAsync(string project, params string[] holdings) =>
        _administrator.Closure.ConfirmDeletionAsync(project, holdings, DeletionMethod.Deleted, _server.Clock.Today, "Institutleder");

    private Task<ConfirmationDocument> DeletePartAsync(string project, string signer = "Institutleder") =>
        _administrator.Closure.ConfirmPartDeletionAsync(project, null, _server.Clock.Today, signer);

    private static async Task RefusedAsync(string code, Func<Task> act) => Assert.Equal(code, (await Assert.ThrowsAsync<DeliveryRefusedException>(act)).Code);

    private async Task<IReadOnlyList<string>> TwoHoldingsAsync(string project)
    {
        await _acts.ApproveAsync(project);
        return [.. await _acts.DeliverAsync(project), .. await _acts.DeliverAsync(project)];
    }
}

[Collection(RulesOnSqlite.Name)]
public sealed class RepeatedConfirmationTestsOnSqlite(RuleServerOnSqlite rules) : RepeatedConfirmationTests(rules);

[NeedsPostgres]
[Collection(RulesOnPostgres.Name)]
public sealed class RepeatedConfirmationTestsOnPostgres(RuleServerOnPostgres rules) : RepeatedConfirmationTests(rules);
