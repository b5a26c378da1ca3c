using Delivery.Client.Development;
using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Extracts;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.Log;
using Delivery.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Delivery.EndToEnd;

/// <summary>Requests for extracts that ask for something else than what is approved, registered or begun. Not one batch is released for them.</summary>
public abstract class BadExtractTests(ServedResults served)
{
    private readonly RunningServer _server = served.Server;
    private readonly DstRecipient _recipient = served.Recipient;

    [Fact]
    [Proves("R05")]
    public async Task A_recipient_key_nobody_registered_is_refused()
    {
        using var stranger = new DstRecipient(_server);
        await RefusedAsync("R05", StatusCode.FailedPrecondition, "KEY-UNKNOWN", request => request.RecipientKeyId = ByteString.CopyFrom(stranger.Key.PublicKey.Id.Span));
    }

    [Fact]
    public Task A_request_without_a_recipient_key_is_refused_and_never_answered_in_the_clear() =>
        RefusedAsync("R05", StatusCode.FailedPrecondition, "KEY-MISSING", request => request.RecipientKeyId = ByteString.Empty);

    [Fact]
    [Proves("R05")]
    public async Task A_recipient_key_is_good_only_in_its_time()
    {
        using var later = new DstRecipient(_server);
        var record = later.Record();
        await later.RegisterAsync(record with { NotBefore = record.NotAfter.AddDays(-1) });
        await RefusedAsync("R05", StatusCode.FailedPrecondition, "KEY-EARLY", request => request.RecipientKeyId = ByteString.CopyFrom(later.Key.PublicKey.Id.Span));
    }

    [Theory]
    [InlineData("dst-ingestion")]
    [InlineData("recipient-ca")]
    [InlineData("stil-approvals")]
    public async Task A_recipient_key_counts_only_with_the_recipients_own_signature(string signer)
    {
        using var substituted = new DstRecipient(_server);
        await RefusedCall.ExpectAsync("RECIPIENT_KEY_SIGNATURE", StatusCode.PermissionDenied, () => substituted.RegisterAsync(signer: signer));
        Assert.DoesNotContain((await _recipient.Service.ListRecipientKeysAsync(new ListRecipientKeysRequest())).Keys, key => key.KeyId.Span.SequenceEqual(substituted.Key.PublicKey.Id.Span));
    }

    [Fact]
    public async Task A_recipient_key_of_another_organisation_is_refused()
    {
        using var other = new DstRecipient(_server);
        await RefusedCall.ExpectAsync("RECIPIENT_KEY_INVALID", StatusCode.InvalidArgument, () => other.RegisterAsync(other.Record() with { Organisation = "10000009" }));
    }

    [Fact]
    public async Task A_recipient_key_certified_by_a_stranger_of_the_same_name_is_refused()
    {
        using var other = new DstRecipient(_server);
        using var signer = IssuedCertificates.IssueByStranger("Delivery Development Recipient Key CA", "dst-recipient-signing", DevelopmentCertificates.RecipientOrganisation, _server.Clock.GetUtcNow());
        await RefusedCall.ExpectAsync("RECIPIENT_KEY_SIGNATURE", StatusCode.PermissionDenied, () => other.RegisterAsync(other.Record(), signer));
    }

    [Fact]
    public Task Another_delivery_key_than_the_servers_is_refused() =>
        RefusedAsync("E_SENDER_KEY", StatusCode.FailedPrecondition, "SENDER", request => request.SenderKeyId = Alter(request.SenderKeyId));

    [Fact]
    public Task Another_schema_than_the_approved_is_refused() =>
        RefusedAsync("E_EXTRACT_CHANGED", StatusCode.FailedPrecondition, "SCHEMA", request => request.SchemaFingerprint = Alter(request.SchemaFingerprint));

    [Fact]
    public Task Another_approval_version_is_refused() =>
        RefusedAsync("E_EXTRACT_CHANGED", StatusCode.FailedPrecondition, "VERSION", request => request.ApprovalVersion = 2);

    [Fact]
    public Task Another_extract_of_the_project_is_refused() =>
        RefusedAsync("E_EXTRACT_CHANGED", StatusCode.FailedPrecondition, "EXTRACT", request => request.ExtractId += "0");

    [Fact]
    [Proves("R01")]
    public Task A_project_that_does_not_exist_is_not_found() =>
        RefusedAsync("R01", StatusCode.NotFound, "NOWHERE", request => request.ProjectId = "NOWHERE-ELSE");

    [Fact]
    public Task A_call_id_that_is_too_short_is_refused() =>
        RefusedAsync("E_CALL_ID", StatusCode.InvalidArgument, "CALL-SHORT", request => request.CallId = ByteString.CopyFrom(request.CallId.Span[1..]));

    [Fact]
    public async Task A_call_id_that_was_used_before_is_refused()
    {
        var extract = await ApprovedAsync("CALL-USED");
        using var first = await _recipient.PullAsync(extract);
        using var second = _recipient.Open(extract, first.Call.Request);
        await RefusedCall.ExpectAsync("E_CALL_ID", StatusCode.InvalidArgument, second.ReadToEndAsync);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(7)]
    public async Task A_resumption_that_does_not_fit_what_was_sent_is_refused(int firstBatch)
    {
        var extract = await ApprovedAsync($"RESUME{firstBatch}");
        using var whole = await _recipient.PullAsync(extract);
        var request = _recipient.Ask(extract);
        (request.FirstBatch, request.RunningDigest) = (firstBatch, Alter(ByteString.CopyFrom(whole.RunningDigest)));
        using var rest = _recipient.Open(extract, request);
        await RefusedCall.ExpectAsync("E_RESUME_MISMATCH", StatusCode.FailedPrecondition, rest.ReadToEndAsync);
    }

    [Fact]
    public async Task A_place_in_one_extract_is_no_place_in_another()
    {
        var (mine, other) = (await ApprovedAsync("RESUME-MINE"), await ApprovedAsync("RESUME-OTHER"));
        using var begun = _recipient.Open(other, _recipient.Ask(other));
        await begun.ReadBatchesAsync(1);
        using var own = await _recipient.PullAsync(mine);

        // The same pupils in the same batches, and yet the digests differ: each extract is salted by itself.
        var request = _recipient.AskRest(mine, begun);
        using var strange = _recipient.Open(mine, request);
        await RefusedCall.ExpectAsync("E_RESUME_MISMATCH", StatusCode.FailedPrecondition, strange.ReadToEndAsync);

        request = _recipient.AskRest(other, begun);
        request.ProjectId = mine.ProjectId;
        using var renamed = _recipient.Open(mine, request);
        await RefusedCall.ExpectAsync("E_EXTRACT_CHANGED", StatusCode.FailedPrecondition, renamed.ReadToEndAsync);
    }

    [Fact]
    [Proves("R03")]
    public async Task Nothing_is_delivered_before_the_period_or_after_it()
    {
        var extract = await ApprovedAsync("PERIOD");
        foreach (var turn in new[] { TimeSpan.FromDays(-3), TimeSpan.FromDays(3 * 366) })
        {
            _server.Clock.Turn(turn);
            using var stream = _recipient.Open(extract, _recipient.Ask(extract));
            var refused = RefusedCall.Of(await Assert.ThrowsAsync<RpcException>(stream.ReadToEndAsync));
            _server.Clock.Turn(-turn);
            Assert.Equal(["R03"], refused.Codes);
        }
    }

    [Fact]
    public async Task A_receipt_that_counts_other_rows_makes_no_holding()
    {
        using var stream = await _recipient.PullAsync(await ApprovedAsync("RECEIPT-ROWS"));
        await RefusedCall.ExpectAsync("E_RECEIPT_MISMATCH", StatusCode.FailedPrecondition, () => _recipient.AcknowledgeAsync(_server, stream, stream.Rows - 1));
        await RefusedCall.ExpectAsync("E_RECEIPT_SIGNATURE", StatusCode.InvalidArgument, () => _recipient.AcknowledgeAsync(_server, stream, signer: "auditor"));
        Assert.NotEmpty((await _recipient.AcknowledgeAsync(_server, stream)).HoldingId);
    }

    [Fact]
    [Proves("A26", "T2")]
    public async Task A_transition_test_is_delivered_from_the_moment_its_national_results_are_public()
    {
        await _server.PushAsync(SampleApproval.TransitionOf(_server, "UNPUBLISHED", 2023, 2024));
        var extract = Assert.Single(await _recipient.ListAsync("UNPUBLISHED"));
        using var early = _recipient.Open(extract, _recipient.Ask(extract));
        var refused = await RefusedCall.ExpectAsync("A26", StatusCode.FailedPrecondition, early.ReadToEndAsync);
        Assert.Equal("2024/2025", refused.Violations[0].Metadata["subject"]);

        await new CatalogueService.CatalogueServiceClient(_server.Channel("stil-approvals")).PublishNationalResultsAsync(new PublishNationalResultsRequest
        {
            Programme = Programme.Fno, SchoolYear = 2024, PublishedOn = SampleApproval.Day(_server.Clock.Today), Source = "uddannelsesstatistik.dk",
        });
        using var stream = await _recipient.PullAsync(extract);
        Assert.True(stream.Rows > 0);
    }

    private async Task<Extract> ApprovedAsync(string project)
    {
        await _server.PushAsync(SampleApproval.Of(_server, project));
        return Assert.Single(await _recipient.ListAsync(project));
    }

    private async Task RefusedAsync(string code, StatusCode status, string project, Action<StreamExtractRequest> spoil)
    {
        var request = _recipient.Ask(await ApprovedAsync(project));
        spoil(request);
        var size = _server.LogSize();
        using var call = new ExtractCall(_recipient.Channel, request);
        await RefusedCall.ExpectAsync(code, status, call.NextAsync);
        Assert.Empty(call.Frames);
        Assert.Equal(LeafType.AccessRefused, Assert.Single(_server.Leaves(size)).Type);
    }

    private static ByteString Alter(ByteString bytes)
    {
        var altered = bytes.ToByteArray();
        altered[^1] ^= 1;
        return ByteString.CopyFrom(altered);
    }
}

public sealed class BadExtractTestsOnSqlite(ServedOnSqlite served) : BadExtractTests(served), IClassFixture<ServedOnSqlite>;

[NeedsPostgres]
public sealed class BadExtractTestsOnPostgres(ServedOnPostgres served) : BadExtractTests(served), IClassFixture<ServedOnPostgres>;
