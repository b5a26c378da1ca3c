using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.Log;
using Delivery.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Delivery.EndToEnd;

/// <summary>Approvals that break a rule, contradict an earlier one or say more than the server knows. None of them becomes a project.</summary>
public abstract class BadApprovalTests(ServedResults served)
{
    private readonly RunningServer _server = served.Server;

    [Fact]
    [Proves("A14")]
    public Task A_test_outside_the_catalogue_is_refused() => RefusedAsync("A14", StatusCode.InvalidArgument,
        approval => approval.Scope.Selections[0].Grades.Add(3));

    [Fact]
    public Task A_year_outside_the_catalogue_is_refused() => RefusedAsync("A14", StatusCode.InvalidArgument,
        approval => approval.Scope.Selections[0].SchoolYears.Add(2022));

    [Fact]
    public Task A_variable_nobody_knows_is_refused() => RefusedAsync("A15", StatusCode.InvalidArgument,
        approval => approval.Scope.Variables.Add(SampleApproval.Ask("shoe_size")));

    [Fact]
    [Proves("A15")]
    public Task A_variable_the_approved_tests_do_not_have_is_refused() => RefusedAsync("A15", StatusCode.InvalidArgument,
        approval => approval.Scope.Variables.Add(SampleApproval.Ask("ability_logit", "ability_standard_error")));

    [Fact]
    public Task An_ability_without_its_standard_error_is_refused() => RefusedAsync("A15", StatusCode.InvalidArgument,
        approval => approval.Scope.Variables.Add(SampleApproval.Ask("original_ability_logit")));

    [Fact]
    public Task The_obligation_of_a_test_cannot_be_asked_for() => RefusedAsync("A15", StatusCode.InvalidArgument,
        approval => approval.Scope.Variables.Add(SampleApproval.Ask("obligation")));

    [Fact]
    [Proves("A25")]
    public Task Voluntary_results_cannot_be_asked_for() => RefusedAsync("A25", StatusCode.PermissionDenied,
        approval => approval.AsksForVoluntaryResults = true);

    [Fact]
    [Proves("A28")]
    public Task A_comparison_with_a_reservation_needs_its_acknowledgement() => RefusedAsync("A28", StatusCode.FailedPrecondition,
        approval => approval.Scope.Selections[0].SchoolYears.Add(2010));

    [Fact]
    [Proves("E_FIELD_UNKNOWN")]
    public Task A_field_the_server_does_not_know_is_refused_and_not_ignored() => RefusedAsync("E_FIELD_UNKNOWN", StatusCode.InvalidArgument,
        approval => approval.MergeFrom(new byte[] { 0xc2, 0x3e, 0x01, (byte)'x' }));

    [Fact]
    public Task A_field_the_server_does_not_know_is_found_deep_inside_too() => RefusedAsync("E_FIELD_UNKNOWN", StatusCode.InvalidArgument,
        approval => approval.Scope.Variables[0].MergeFrom(new byte[] { 0xc2, 0x3e, 0x01, (byte)'x' }));

    [Fact]
    public Task A_value_the_server_does_not_know_is_refused() => RefusedAsync("E_FIELD_UNKNOWN", StatusCode.InvalidArgument,
        approval => approval.EndDisposition = (EndDisposition)77);

    [Fact]
    public Task A_date_that_is_none_is_refused() => RefusedAsync("E_FIELD_FORMAT", StatusCode.InvalidArgument, approval => approval.DeletionDue = "31-12-2027");

    [Fact]
    public async Task Everything_wrong_is_told_at_once()
    {
        var approval = SampleApproval.Of(_server, "MANY-FAULTS");
        (approval.Purposes[0], approval.DataProtectionTermsAccepted, approval.Applicant.Kind) = (Purpose.Unspecified, false, ApplicantKind.Student);
        var refused = await RefusedCall.ExpectAsync("A02", StatusCode.InvalidArgument, () => _server.PushAsync(approval));
        Assert.Equal(["A02", "A07", "A22"], refused.Codes);
    }

    [Fact]
    public async Task The_same_approval_again_changes_nothing()
    {
        var approval = SampleApproval.Of(_server, "TWICE");
        var first = await _server.PushAsync(approval);
        var size = _server.LogSize();
        var second = await _server.PushAsync(approval);
        Assert.Equal((true, false, first.LogIndex), (first.IsNew, second.IsNew, second.LogIndex));
        Assert.Equal(size, _server.LogSize());
    }

    [Fact]
    [Proves("T1", "E_VERSION_CONFLICT")]
    public async Task Other_content_under_the_same_version_is_refused_and_the_first_stands()
    {
        var approval = SampleApproval.Of(_server, "CONFLICT");
        await _server.PushAsync(approval);
        var wider = approval.Clone();
        wider.Scope.Selections[0].SchoolYears.Add(2017);
        await RefusedCall.ExpectAsync("E_VERSION_CONFLICT", StatusCode.Aborted, () => _server.PushAsync(wider));
        Assert.Equal(6, (await ProjectAsync("CONFLICT")).Partitions.Count);
    }

    [Fact]
    public Task A_project_begins_with_its_first_version() => RefusedAsync("E_VERSION_CONFLICT", StatusCode.Aborted, approval => approval.Version = 2);

    private async Task RefusedAsync(string code, StatusCode status, Action<ProjectApproval> spoil)
    {
        var approval = SampleApproval.Of(_server, "REFUSED");
        spoil(approval);
        var size = _server.LogSize();
        await RefusedCall.ExpectAsync(code, status, () => _server.PushAsync(approval));
        await RefusedCall.ExpectAsync("R01", StatusCode.NotFound, () => ProjectAsync("REFUSED"));
        var leaves = _server.Leaves(size);
        Assert.All(leaves, leaf => Assert.Equal(LeafType.AccessRefused, leaf.Type));
        Assert.Equal([code, "R01"], leaves.Select(leaf => leaf.Text("reason_code")));
    }

    private async Task<Project> ProjectAsync(string id) =>
        (await new ApprovalService.ApprovalServiceClient(_server.Channel("stil-approvals")).GetProjectAsync(new GetProjectRequest { ProjectId = id })).Project;
}

public sealed class BadApprovalTestsOnSqlite(ServedOnSqlite served) : BadApprovalTests(served), IClassFixture<ServedOnSqlite>;

[NeedsPostgres]
public sealed class BadApprovalTestsOnPostgres(ServedOnPostgres served) : BadApprovalTests(served), IClassFixture<ServedOnPostgres>;
