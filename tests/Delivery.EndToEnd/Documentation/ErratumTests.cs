using System.Security.Cryptography;
using System.Text;
using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Extracts;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.Log;
using Delivery.Protocol.V1;
using Subject = Delivery.Protocol.V1.Subject;

namespace Delivery.EndToEnd.Documentation;

/// <summary>A caveat or a fault travels with what it concerns, and finds whoever received that before.</summary>
public abstract class ErratumTests(ServedResults served)
{
    private readonly RunningServer _server = served.Server;
    private readonly DstRecipient _recipient = served.Recipient;
    private readonly Errata _errata = new(served.Server);

    [Fact]
    public async Task From_its_registration_an_erratum_travels_with_every_delivery_and_names_those_before()
    {
        await _errata.ApproveAsync("TRAVELS");
        var before = Assert.Single(await _errata.DeliverAsync(_recipient, "TRAVELS"));
        Assert.DoesNotContain("E-TRAVELS", Errata.Carried(before.Schema));

        var erratum = await _errata.RegisterAsync(Errata.About("E-TRAVELS"));
        var affected = Assert.Single(await _errata.AffectedAsync("E-TRAVELS", "TRAVELS"));
        Assert.Equal(("TRAVELS", before.Holding, "OPEN", false), (affected.ProjectId, affected.HoldingId, affected.State, affected.IsCarried));
        var partition = Assert.Single(affected.Partitions);
        Assert.Equal(("NT-DAN-2-2014", 1L, "criterion_level"), (partition.Partition, partition.Generation, Assert.Single(partition.Columns)));

        var after = Assert.Single(await _errata.DeliverAsync(_recipient, "TRAVELS"));
        Assert.Contains("E-TRAVELS", Errata.Carried(after.Schema));
        Assert.Equal(["criterion_level"], after.Schema.Fields.Where(field => field.Metadata.Find("errata")?.Contains("E-TRAVELS", StringComparison.Ordinal) == true).Select(field => field.Name));
        Assert.Equal([false, true], (await _errata.AffectedAsync("E-TRAVELS", "TRAVELS")).Select(delivery => delivery.IsCarried));

        // The text that arrived is the one the log vouches for.
        var leaf = _server.Leaves().Single(leaf => leaf.Type == LeafType.ErratumRegistered && leaf.Text("erratum_id") == "E-TRAVELS");
        var arrived = Encoding.UTF8.GetBytes(after.Schema.Metadata.Find("delivery:erratum:E-TRAVELS")!);
        Assert.Equal((erratum.LogIndex, new LogHash(SHA256.HashData(arrived))), (leaf.Index, leaf.Hash("document_digest")));
    }

    [Fact]
    public async Task Another_test_year_or_column_is_not_concerned()
    {
        await _errata.ApproveAsync("OUT-COLUMN", approval => approval.Scope.Variables.Remove(approval.Scope.Variables.Single(variable => variable.Code == "criterion_level")));
        await _errata.ApproveAsync("OUT-YEAR", approval => approval.Scope.Selections[0].SchoolYears.Remove(2015));
        await _errata.ApproveAsync("OUT-GRADE", approval => approval.Scope.Selections[0].Grades.Remove(2));
        await _errata.ApproveAsync("OUT-PROGRAMME", approval => approval.Scope = SampleApproval.TransitionOf(_server, "X", 2023).Scope);
        await _errata.ApproveAsync("INSIDE");
        string[] outside = ["OUT-COLUMN", "OUT-YEAR", "OUT-GRADE", "OUT-PROGRAMME"];
        foreach (var project in outside.Append("INSIDE"))
        {
            await _errata.DeliverAsync(_recipient, project);
        }

        await _errata.RegisterAsync(Errata.About("E-OUTSIDE", 2015));
        Assert.Equal("INSIDE", Assert.Single(await _errata.AffectedAsync("E-OUTSIDE", [.. outside, "INSIDE"])).ProjectId);
        foreach (var project in outside)
        {
            Assert.All(await _errata.DeliverAsync(_recipient, project), delivery => Assert.DoesNotContain("E-OUTSIDE", Errata.Carried(delivery.Schema)));
        }

        Assert.Contains("E-OUTSIDE", Errata.Carried(Assert.Single(await _errata.DeliverAsync(_recipient, "INSIDE")).Schema));
    }

    [Fact]
    public async Task A_stream_that_is_resumed_after_a_registration_brings_the_same_bytes_and_the_erratum_at_its_end()
    {
        await _errata.ApproveAsync("RESUMED", approval => approval.Scope = SampleApproval.WideOf(_server, "X").Scope, ["C1", "C4"]);
        var extract = Assert.Single(await _recipient.ListAsync("RESUMED"));
        using var whole = await _recipient.PullAsync(extract);
        using var cut = _recipient.Open(extract, _recipient.Ask(extract));
        await cut.ReadBatchesAsync(3);
        cut.Call.Cut();

        await _errata.RegisterAsync(Errata.About("E-RESUMED", 2009));
        var again = Assert.Single(await _recipient.ListAsync("RESUMED"));
        Assert.Equal((extract.ExtractId, extract.SchemaFingerprint), (again.ExtractId, again.SchemaFingerprint));
        using var rest = _recipient.Open(again, _recipient.AskRest(again, cut), cut.Rows);
        await rest.ReadToEndAsync();
        Assert.Equal(whole.Batches, cut.Batches.Concat(rest.Batches));
        Assert.Equal(whole.Header.Schema, rest.Header.Schema);
        Assert.Empty(whole.Trailer!.LaterErratumDocuments);
        Assert.Contains("E-RESUMED", rest.Trailer!.LaterErratumDocuments.Select(document => Protocol.Domain.Errata.ErratumDocument.Read(document.Span).Id));

        var affected = Assert.Single(await _errata.AffectedAsync("E-RESUMED", "RESUMED"));
        Assert.Equal(("RELEASED", "", extract.ExtractId), (affected.State, affected.HoldingId, affected.ExtractId));
    }

    [Fact]
    public async Task A_begun_delivery_is_concerned_by_what_left_and_no_more()
    {
        await _errata.ApproveAsync("BEGUN", approval => approval.Scope = SampleApproval.WideOf(_server, "X").Scope, ["C1", "C4"]);
        var extract = Assert.Single(await _recipient.ListAsync("BEGUN"));
        using var begun = _recipient.Open(extract, _recipient.Ask(extract));
        await begun.ReadBatchesAsync(1);
        begun.Call.Cut();
        await _server.LeavesOnceAsync(server => server.LeavesOfCall(begun.Call.Request.CallId.Memory), leaves => leaves.Any(leaf => leaf.Type == LeafType.ExtractAborted));

        await _errata.RegisterAsync(Errata.About("E-FIRST-BATCH", 2009));
        var last = Errata.About("E-LAST-BATCH", 2021);
        (last.Subjects[0], last.Grades[0]) = (Subject.Mathematics, 6);
        await _errata.RegisterAsync(last);
        Assert.Equal("RELEASED", Assert.Single(await _errata.AffectedAsync("E-FIRST-BATCH", "BEGUN")).State);
        Assert.Empty(await _errata.AffectedAsync("E-LAST-BATCH", "BEGUN"));
    }

    [Fact]
    public async Task After_a_corrected_import_only_what_was_delivered_before_it_is_concerned()
    {
        await _errata.ApproveAsync("CORRECTED");
        await _errata.DeliverAsync(_recipient, "CORRECTED");
        await _errata.CorrectAsync(served.File, "NT-DAN-4", 2016, "corrected");
        var fault = Errata.About("E-CORRECTED", 2016);
        (fault.Severity, fault.Grades[0], fault.Reach) = (ErratumSeverity.Fault, 4, ErratumReach.BeforeCurrent);
        await _errata.RegisterAsync(fault);

        var later = Assert.Single(await _errata.DeliverAsync(_recipient, "CORRECTED"));
        Assert.DoesNotContain("E-CORRECTED", Errata.Carried(later.Schema));
        var affected = Assert.Single(await _errata.AffectedAsync("E-CORRECTED", "CORRECTED"));
        Assert.EndsWith("-NT-1", affected.HoldingId, StringComparison.Ordinal);
        Assert.Equal(("NT-DAN-4-2016", 1L), (affected.Partitions[0].Partition, affected.Partitions[0].Generation));
    }

    [Fact]
    public async Task What_was_carried_over_to_another_project_is_found_there()
    {
        await _errata.ApproveAsync("SOURCE");
        var source = Assert.Single(await _errata.DeliverAsync(_recipient, "SOURCE")).Holding;
        await ReuseAsync("CARRIED-OVER", grade: 2);
        await ReuseAsync("CARRIED-ELSE", grade: 4);
        await _errata.RegisterAsync(Errata.About("E-REUSED"));

        var affected = await _errata.AffectedAsync("E-REUSED", "SOURCE", "CARRIED-OVER", "CARRIED-ELSE");
        Assert.Equal(["CARRIED-OVER", "SOURCE"], affected.Select(delivery => delivery.ProjectId));
        Assert.Equal((source, 1L), (affected[0].SourceHoldingId, Assert.Single(affected[0].Partitions).Generation));

        async Task ReuseAsync(string project, int grade)
        {
            await _errata.ApproveAsync(project, approval =>
            {
                approval.Scope.Selections[0].Grades.Clear();
                approval.Scope.Selections[0].Grades.Add(grade);
                approval.Transfer = new Transfer { SourceProjectId = "SOURCE", SourceHoldingId = source, ExecutedByDst = true };
            });
            await new ClosureService.ClosureServiceClient(_recipient.Channel).RegisterReuseAsync(new RegisterReuseRequest { ProjectId = project, RowCount = 1 });
        }
    }

    [Fact]
    public async Task A_withdrawn_erratum_travels_no_more_but_still_tells_whom_it_concerned()
    {
        await _errata.ApproveAsync("ENDED");
        await _errata.RegisterAsync(Errata.About("E-ENDED", 2016));
        Assert.Contains("E-ENDED", Errata.Carried(Assert.Single(await _errata.DeliverAsync(_recipient, "ENDED")).Schema));
        var end = new WithdrawErratumRequest { ErratumId = "E-ENDED", ReasonDa = "Rettet", ReasonEn = "Mended" };
        var withdrawn = (await _errata.Agency.WithdrawErratumAsync(end)).Erratum;
        Assert.Equal(withdrawn, (await _errata.Agency.WithdrawErratumAsync(end)).Erratum);

        Assert.DoesNotContain("E-ENDED", Errata.Carried(Assert.Single(await _errata.DeliverAsync(_recipient, "ENDED")).Schema));
        Assert.Equal([true, false], (await _errata.AffectedAsync("E-ENDED", "ENDED")).Select(delivery => delivery.IsCarried));
        var leaf = _server.Leaves().Single(leaf => leaf.Type == LeafType.ErratumWithdrawn);
        Assert.Equal((withdrawn.Withdrawal.LogIndex, new LogHash(SHA256.HashData("Rettet\nMended"u8))), (leaf.Index, leaf.Hash("reason_digest")));
    }
}

public sealed class ErratumTestsOnSqlite(ServedOnSqlite served) : ErratumTests(served), IClassFixture<ServedOnSqlite>;

[NeedsPostgres]
public sealed class ErratumTestsOnPostgres(ServedOnPostgres served) : ErratumTests(served), IClassFixture<ServedOnPostgres>;
