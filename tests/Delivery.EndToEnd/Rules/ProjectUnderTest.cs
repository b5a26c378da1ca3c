using System.Security.Cryptography;
using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Extracts;
using Delivery.Protocol.Log;
using Delivery.Protocol.Sealing;
using Delivery.Protocol.V1;
using Delivery.Server.Approvals;
using Delivery.Server.Closure;
using Delivery.Server.Extracts;
using Delivery.Server.Identity;
using Delivery.Server.Refusals;
using Google.Protobuf;

namespace Delivery.EndToEnd.Rules;

/// <summary>One project of the real server, moved by the server's own desks: the same acts as the model's, with their leaves. Used by one test at a time.</summary>
internal sealed class ProjectUnderTest : IDisposable
{
    private const int Rows = 7;

    private static readonly string[] ExtraVariables = ["points_0_50", "criterion_level", "institution_number"];

    private readonly Running.RunningServer _server;
    private readonly DstRecipient _recipient;
    private readonly ECDsa _receiptKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly Caller _agency = new("13223459", Role.StilApprovals, LogHash.Empty, []);
    private readonly Caller _administrator = new(SampleApproval.University, Role.Administrator, LogHash.Empty, []);
    private readonly Caller _dst;
    private readonly List<OpenedExtract> _calls = [];
    private readonly List<OpenedExtract> _completed = [];
    private ProjectApproval _approval;

    public ProjectUnderTest(RuleServer rules, string projectId, DateOnly periodTo, DateOnly due)
    {
        (_server, _recipient, ProjectId) = (rules.Server, rules.Recipient, projectId);
        _dst = new Caller("17150413", Role.DstIngestion, LogHash.Empty, _receiptKey.ExportSubjectPublicKeyInfo());
        _approval = SampleApproval.Of(_server, projectId);
        (_approval.PeriodTo, _approval.DeletionDue) = (SampleApproval.Day(periodTo), SampleApproval.Day(due));
        Ask(_approval, extras: 2);
    }

    public string ProjectId { get; }

    public async Task PushAsync() => await Desk<ApprovalDesk>().PushAsync(ApprovalMessages.Read(_approval), _approval.ToByteArray(), _agency, CancellationToken.None);

    public async Task OpenAsync()
    {
        var (_, row, _, plan) = Desk<ExtractDesk>().List(ProjectId, _dst)[0];
        _calls.Add(await Desk<ExtractDesk>().OpenAsync(
            new StreamExtractRequest
            {
                ProjectId = ProjectId,
                ApprovalVersion = row.ApprovalVersion,
                ExtractId = row.ExtractId,
                SchemaFingerprint = ByteString.CopyFrom(plan.Schema.Fingerprint),
                CallId = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(LogHash.SizeBytes)),
                RecipientKeyId = ByteString.CopyFrom(_recipient.Key.PublicKey.Id.Span),
            },
            _dst,
            CancellationToken.None));
    }

    public async Task FinishAsync()
    {
        var call = _calls[0];
        try
        {
            await Desk<ExtractDesk>().ReleaseAsync(call, 0, [End(call)], sealedBytes: 1);
            await Desk<ExtractDesk>().CompleteAsync(call, End(call), new byte[LogHash.SizeBytes]);
        }
        catch (RefusedException refused)
        {
            await CutAsync(refused.Code);
            throw;
        }

        _calls.RemoveAt(0);
        if (_completed.TrueForAll(known => known.ExtractId != call.ExtractId))
        {
            _completed.Add(call);
        }
    }

    public async Task CutAsync(string reason = "CALL_CUT")
    {
        var call = _calls[0];
        _calls.RemoveAt(0);
        await Desk<ExtractDesk>().AbortAsync(call, reason);
    }

    /// <summary>Ends what is still open, so that it does not count among the streams of the next life.</summary>
    public async Task CutAllAsync()
    {
        while (_calls.Count > 0)
        {
            await CutAsync();
        }
    }

    public async Task AcknowledgeAsync()
    {
        var call = _completed[0];
        _completed.RemoveAt(0);
        var receipt = CanonicalJson.Write(new JsonObject(
            new("v", new JsonInteger(1)),
            new("project_id", new JsonText(ProjectId)),
            new("extract_id", new JsonText(call.ExtractId)),
            new("approval_version", new JsonInteger(call.ApprovalVersion)),
            new("call_id", new JsonText(call.CallId.ToString())),
            new("row_count", new JsonInteger(Rows)),
            new("batch_count", new JsonInteger(End(call).Batch)),
            new("list_digest", new JsonText(new LogHash(End(call).RunningDigest).ToString()))));
        await Desk<ReceiptDesk>().AcknowledgeAsync(receipt, SenderKey.Sign(_receiptKey, "delivery/v1 receipt"u8, receipt), _dst, CancellationToken.None);
    }

    public async Task AmendAsync(DateOnly periodTo, DateOnly due, int extras, DateOnly signedOn)
    {
        var next = _approval.Clone();
        next.Version++;
        next.ApproveTime = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(_server.Clock.GetUtcNow());
        next.Signature.SignedOn = SampleApproval.Day(signedOn);
        (next.PeriodTo, next.DeletionDue) = (SampleApproval.Day(periodTo), SampleApproval.Day(due));
        Ask(next, extras);
        await Desk<AmendmentDesk>().AmendAsync(ApprovalMessages.Read(next), next.ToByteArray(), _agency, CancellationToken.None);
        _approval = next;
    }

    public Task SuspendAsync() => Desk<ProjectDesk>().SuspendAsync(ProjectId, "Afklaring", _agency, CancellationToken.None);

    public Task ResumeAsync() => Desk<ProjectDesk>().ResumeAsync(ProjectId, "Afklaret", _agency, CancellationToken.None);

    public Task WithdrawAsync() => Desk<ProjectDesk>().WithdrawAsync(ProjectId, "Vilkår", _agency, CancellationToken.None);

    /// <summary>Confirms holdings, by their place among all, as deleted or archived today.</summary>
    public Task EndAsync(string state, IReadOnlyList<int> named)
    {
        var ids = Holdings().Select(holding => holding.HoldingId).ToList();
        var isArchived = state == "ARCHIVED";
        var claim = new EndClaim(
            ProjectId, [.. named.Select(at => ids[at])], isArchived ? HoldingState.Archived : HoldingState.Deleted, _server.Clock.Today, "Institutleder",
            isArchived ? "RA-1" : "", isArchived ? "Rigsarkivet" : "");
        return Desk<ClosureDesk>().ConfirmAsync(claim, _administrator, CancellationToken.None);
    }

    public Task EndPartAsync() => Desk<ClosureDesk>().ConfirmPartAsync(
        new EndClaim(ProjectId, [], HoldingState.Deleted, _server.Clock.Today, "Institutleder", ""), _administrator, CancellationToken.None);

    public Task CloseWithoutDataAsync() => Desk<ClosureDesk>().CloseWithoutDataAsync(ProjectId, _agency, CancellationToken.None);

    public Task PassAsync(int days)
    {
        _server.Clock.Turn(TimeSpan.FromDays(days));
        return Desk<LifeCycleClock>().RunOnceAsync(CancellationToken.None);
    }

    public ProjectRow Project() => Desk<Delivery.Server.Storage.Store>().Read(db => db.Set<ProjectRow>().Single(row => row.ProjectId == ProjectId));

    /// <summary>In the order they were delivered.</summary>
    public IReadOnlyList<HoldingRow> Holdings() => Desk<Delivery.Server.Storage.Store>().Read(db => db.Set<HoldingRow>().Where(row => row.ProjectId == ProjectId).ToList())
        .OrderBy(row => Leaves().Single(leaf => leaf.Type == LeafType.Receipt && leaf.Text("holding_id") == row.HoldingId).Index).ToList();

    public IReadOnlyList<Leaf> Leaves()
    {
        using var log = new Delivery.Server.TransferLog.LogReader(Desk<Delivery.Server.Storage.Store>());
        return [.. log.Leaves(0, long.MaxValue, ProjectId, "").Select(leaf => Leaf.Parse(leaf.Body))];
    }

    public void Dispose() => _receiptKey.Dispose();

    private static ExtractPosition End(OpenedExtract call) => new(call.Plan.Segments.Count, Rows, SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(call.ExtractId)));

    private static void Ask(ProjectApproval approval, int extras)
    {
        approval.Scope.Variables.Clear();
        approval.Scope.Variables.Add(SampleApproval.Ask(["cpr_number", .. ExtraVariables.Take(extras)]));
    }

    private T Desk<T>()
        where T : notnull => _server.Get<T>();
}
