using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Extracts;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Delivery.EndToEnd;

/// <summary>Confirmations of deletion that come from the wrong organisation, name the wrong day or contradict themselves. The project stays open.</summary>
public abstract class BadConfirmationTests(ServedResults served)
{
    private readonly RunningServer _server = served.Server;

    [Fact]
    [Proves("R01")]
    public async Task Another_organisations_administrator_does_not_learn_that_the_project_exists()
    {
        await DeliveredAsync("FOREIGN");
        using var foreign = IssuedCertificates.Issue(_server, "ca", "administrator", "20000007", _server.Clock.GetUtcNow());
        var channel = _server.Channel(foreign);
        var known = await RefusedCall.ExpectAsync("R01", StatusCode.NotFound, () => ConfirmAsync("FOREIGN", channel: channel));
        var unknown = await RefusedCall.ExpectAsync("R01", StatusCode.NotFound, () => ConfirmAsync("NOWHERE", channel: channel));
        Assert.Equal(unknown.Failure.Status.Detail, known.Failure.Status.Detail);

        var service = new ApprovalService.ApprovalServiceClient(channel);
        await RefusedCall.ExpectAsync("R01", StatusCode.NotFound, async () => await service.GetProjectAsync(new GetProjectRequest { ProjectId = "FOREIGN" }));
        Assert.Empty((await service.ListProjectsAsync(new ListProjectsRequest())).Projects);
        await StillOpenAsync("FOREIGN");
    }

    [Fact]
    public async Task Stils_administrator_may_confirm_for_any_controller()
    {
        await DeliveredAsync("BY-STIL");
        Assert.Equal("CLOSED_DELETED", (await ConfirmAsync("BY-STIL", channel: _server.Channel("stil-administrator"))).ProjectState);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [Proves("T11", "E_CONFIRMATION_DATE")]
    public async Task A_deletion_before_the_delivery_or_in_the_future_is_refused(int days)
    {
        var project = $"DAY{days}";
        await DeliveredAsync(project);
        await RefusedCall.ExpectAsync("E_CONFIRMATION_DATE", StatusCode.InvalidArgument, () => ConfirmAsync(project, day: _server.Clock.Today.AddDays(days)));
        await StillOpenAsync(project);
    }

    [Fact]
    public async Task A_deletion_without_a_day_a_method_or_a_signer_is_refused()
    {
        await DeliveredAsync("INCOMPLETE");
        await RefusedCall.ExpectAsync("E_CONFIRMATION_INCOMPLETE", StatusCode.InvalidArgument, () => ConfirmAsync("INCOMPLETE", signer: ""));
        await RefusedCall.ExpectAsync("E_CONFIRMATION_INCOMPLETE", StatusCode.InvalidArgument, () => ConfirmAsync("INCOMPLETE", DeletionMethod.Unspecified));
        await StillOpenAsync("INCOMPLETE");
    }

    [Fact]
    public async Task A_holding_of_another_project_cannot_be_confirmed_here()
    {
        var other = await DeliveredAsync("HOLDING-A");
        await DeliveredAsync("HOLDING-B");
        await RefusedCall.ExpectAsync("R01", StatusCode.NotFound, () => ConfirmAsync("HOLDING-B", holdings: [other]));
        await StillOpenAsync("HOLDING-A");
        await StillOpenAsync("HOLDING-B");
    }

    [Fact]
    public async Task Nothing_delivered_is_nothing_to_confirm()
    {
        await _server.PushAsync(SampleApproval.Of(_server, "UNDELIVERED"));
        await RefusedCall.ExpectAsync("E_STATE", StatusCode.FailedPrecondition, () => ConfirmAsync("UNDELIVERED"));
    }

    [Fact]
    [Proves("T11", "E_CONFIRMATION_CONTRADICTS")]
    public async Task The_same_confirmation_again_is_answered_as_the_first_time_and_another_one_is_refused()
    {
        await DeliveredAsync("AGAIN");
        var first = await ConfirmAsync("AGAIN");
        var size = _server.LogSize();
        Assert.Equal(first.LogIndex, (await ConfirmAsync("AGAIN")).LogIndex);
        Assert.Equal(size, _server.LogSize());
        await RefusedCall.ExpectAsync("E_CONFIRMATION_CONTRADICTS", StatusCode.FailedPrecondition, () => ConfirmAsync("AGAIN", DeletionMethod.Destroyed));
        await RefusedCall.ExpectAsync("E_CONFIRMATION_CONTRADICTS", StatusCode.FailedPrecondition, () => ConfirmAsync("AGAIN", signer: "En anden"));
    }

    private async Task<string> DeliveredAsync(string project)
    {
        await _server.PushAsync(SampleApproval.Of(_server, project));
        using var stream = await served.Recipient.PullAsync(Assert.Single(await served.Recipient.ListAsync(project)));
        return (await served.Recipient.AcknowledgeAsync(_server, stream)).HoldingId;
    }

    private async Task<ConfirmDeletionResponse> ConfirmAsync(
        string project, DeletionMethod method = DeletionMethod.Deleted, DateOnly? day = null, string signer = "Institutleder", string[]? holdings = null, GrpcChannel? channel = null) =>
        await new ClosureService.ClosureServiceClient(channel ?? _server.Channel("administrator")).ConfirmDeletionAsync(new ConfirmDeletionRequest
        {
            ProjectId = project, HoldingIds = { holdings ?? [] }, Method = method, DeletedOn = SampleApproval.Day(day ?? _server.Clock.Today), SignerName = signer,
        });

    private async Task StillOpenAsync(string project)
    {
        var answer = await new ApprovalService.ApprovalServiceClient(_server.Channel("auditor")).GetProjectAsync(new GetProjectRequest { ProjectId = project });
        Assert.Equal("DELIVERED", answer.Project.State);
        Assert.All(answer.Project.Holdings, holding => Assert.Equal("OPEN", holding.State));
    }
}

public sealed class BadConfirmationTestsOnSqlite(ServedOnSqlite served) : BadConfirmationTests(served), IClassFixture<ServedOnSqlite>;

[NeedsPostgres]
public sealed class BadConfirmationTestsOnPostgres(ServedOnPostgres served) : BadConfirmationTests(served), IClassFixture<ServedOnPostgres>;
