using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Extracts;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.Domain;
using Delivery.Protocol.Log;
using Delivery.Protocol.V1;
using Delivery.Server.Storage;
using Grpc.Core;
using Programme = Delivery.Protocol.V1.Programme;
using Subject = Delivery.Protocol.V1.Subject;

namespace Delivery.EndToEnd.Rules;

/// <summary>What is asked again when data are about to leave, where only a stranger or an altered database could break it.</summary>
public abstract class RunTimeRuleTests(RuleServer rules)
{
    private readonly RunningServer _server = rules.Server;
    private readonly Acts _acts = rules.Acts;

    [Fact]
    [Proves("R01", "R02")]
    public async Task Another_organisation_with_the_recipients_role_gets_nothing()
    {
        await _acts.ApproveAsync("NOT-BOUND");
        var extract = Assert.Single(await rules.Recipient.ListAsync("NOT-BOUND"));
        using var certificate = IssuedCertificates.Issue(_server, "ca", "dst-ingestion", "20000007", _server.Clock.GetUtcNow());
        var channel = _server.Channel(certificate);
        var service = new ExtractService.ExtractServiceClient(channel);
        await RefusedCall.ExpectAsync("R02", StatusCode.PermissionDenied, async () => await service.ListExtractsAsync(new ListExtractsRequest { ProjectId = "NOT-BOUND" }));
        await RefusedCall.ExpectAsync("R01", StatusCode.NotFound, async () => await service.ListExtractsAsync(new ListExtractsRequest { ProjectId = "NOWHERE" }));
        using var call = new ExtractCall(channel, rules.Recipient.Ask(extract));
        await RefusedCall.ExpectAsync("R02", StatusCode.PermissionDenied, call.NextAsync);
        Assert.Empty(call.Frames);

        await RefusedCall.ExpectAsync("R02", StatusCode.PermissionDenied, async () =>
            await new ClosureService.ClosureServiceClient(channel).RegisterReuseAsync(new RegisterReuseRequest { ProjectId = "NOT-BOUND", RowCount = 1 }));
    }

    [Fact]
    [Proves("R04", "A25")]
    public async Task A_voluntary_row_is_stopped_even_where_the_database_says_there_is_none()
    {
        await _acts.ApproveAsync("ALTERED", approval =>
        {
            approval.Scope.Selections.Clear();
            approval.Scope.Selections.Add(SampleApproval.Select(Programme.Nt, Subject.English, [7], [2012]));
            approval.Scope.Variables.Clear();
            approval.Scope.Variables.Add(SampleApproval.Ask("cpr_number"));
        });
        Assert.True(PartitionKey.TryParse("NT-ENG-7-2012", out var partition));
        var withheld = await ForgetWithheldAsync(partition);
        Assert.True(withheld > 0, "The file should hold voluntary rows of this test.");

        var extract = Assert.Single(await rules.Recipient.ListAsync("ALTERED"));
        using var stream = rules.Recipient.Open(extract, rules.Recipient.Ask(extract));
        await RefusedCall.ExpectAsync("R04", StatusCode.Internal, stream.ReadToEndAsync);
        Assert.Empty(stream.Batches);
        var leaves = _server.LeavesOfCall(stream.Call.Request.CallId.Memory);
        Assert.Equal([LeafType.ExtractOpened, LeafType.ExtractAborted], leaves.Select(leaf => leaf.Type));
        Assert.Equal("R04", leaves[^1].Text("reason_code"));
        Assert.Contains(_server.Log.Lines, line => line.StartsWith("Critical ", StringComparison.Ordinal) && line.Contains(extract.ExtractId, StringComparison.Ordinal));
    }

    private Task<long> ForgetWithheldAsync(PartitionKey partition) => _server.Get<StoreWriter>().WriteAsync(
        scope =>
        {
            using var count = scope.Command("SELECT SUM(withheld_row_count) FROM segment WHERE partition_id = $1", partition.Id);
            var withheld = (long)count.ExecuteScalar()!;
            scope.Execute("UPDATE segment SET withheld_row_count = 0 WHERE partition_id = $1", partition.Id);
            return withheld;
        },
        CancellationToken.None);
}

[Collection(RulesOnSqlite.Name)]
public sealed class RunTimeRuleTestsOnSqlite(RuleServerOnSqlite rules) : RunTimeRuleTests(rules);

[NeedsPostgres]
[Collection(RulesOnPostgres.Name)]
public sealed class RunTimeRuleTestsOnPostgres(RuleServerOnPostgres rules) : RunTimeRuleTests(rules);
