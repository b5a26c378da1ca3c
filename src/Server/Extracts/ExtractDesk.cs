using System.Globalization;
using System.Security.Cryptography;
using Delivery.Protocol.Domain;
using Delivery.Protocol.Log;
using Delivery.Protocol.Sealing;
using Delivery.Protocol.V1;
using Delivery.Server.Approvals;
using Delivery.Server.Catalogue;
using Delivery.Server.Identity;
using Delivery.Server.Refusals;
using Delivery.Server.Storage;
using Delivery.Server.TransferLog;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Programme = Delivery.Protocol.Domain.Programme;

namespace Delivery.Server.Extracts;

/// <summary>
/// The transactions of a stream: open, release windows, and end it once. Each checks what must still hold, so that a withdrawal or the end of the
/// period stops the next window.
/// </summary>
internal sealed class ExtractDesk(
    Store store,
    StoreWriter writer,
    LogAppender log,
    Witnesses witnesses,
    RecipientKeyDesk recipientKeys,
    PartitionKeys keys,
    ServerCertificate serverCertificate,
    IOptions<ExtractOptions> options,
    TimeProvider clock)
{
    private readonly UnendedCalls _unended = new();

    /// <summary>The extracts a project may have now, with their plans. Reads no row.</summary>
    public IReadOnlyList<(ApprovedProject Project, ExtractRow Row, bool IsPinned, ExtractPlan Plan)> List(string projectId, Caller caller) =>
        store.Read(db =>
        {
            var project = Require(db, projectId, caller);
            return project.Approval.Scope.Programmes
                .Select(programme => Locate(db, project, programme))
                .Select(found => (project, found.Row, found.IsPinned, found.Plan))
                .ToList();
        });

    /// <summary>Whether calls of this server have ended of which that is not recorded.</summary>
    public bool HasUnended => _unended.HasAny;

    /// <summary>Opens a call, pinning what it reads if it is the extract's first, and records it.</summary>
    public async Task<OpenedExtract> OpenAsync(StreamExtractRequest request, Caller caller, CancellationToken cancellation)
    {
        try
        {
            return await writer.WriteAsync(scope => Open(scope, request, caller), cancellation);
        }
        catch (Exception failure) when (failure is not (RefusedException or OperationCanceledException))
        {
            // It may have been opened although nobody heard of it.
            _unended.Note(request.CallId.Span, StoreUnavailableException.Unreachable);
            throw;
        }
    }

    /// <summary>Releases a window of batches to the socket: the leaf is on disk when this returns, and not before may a byte of them leave.</summary>
    /// <param name="extract">The call.</param>
    /// <param name="from">Index of the first batch.</param>
    /// <param name="after">The position after each batch of the window.</param>
    /// <param name="sealedBytes">Sealed bytes of the window.</param>
    public Task ReleaseAsync(OpenedExtract extract, long from, IReadOnlyList<ExtractPosition> after, long sealedBytes) =>
        writer.WriteAsync(
            scope =>
            {
                ExtractCalls.RequireOpen(scope, extract);
                RequireDeliverable(scope.Db, extract);
                witnesses.RequireFresh(scope);
                var last = after[^1];
                log.Append(scope, LeafDraft.RangeReleased(
                    extract.Caller.Actor, extract.ProjectId, extract.ExtractId, extract.CallId, from, last.Batch, sealedBytes, new LogHash(last.RunningDigest)));
                scope.Execute(
                    "INSERT INTO extract_range (call_id, from_batch, to_batch, extract_id, rows_before, positions) VALUES ($1, $2, $3, $4, $5, $6)",
                    extract.CallId.ToString(), from, last.Batch, extract.ExtractId, last.Rows, ExtractPositions.Encode(after));
            },
            CancellationToken.None);

    /// <summary>Ends a call whose batches have all left. Returns the leaf's index.</summary>
    public Task<long> CompleteAsync(OpenedExtract extract, ExtractPosition end, byte[] qualityDigest) =>
        writer.WriteAsync(
            scope =>
            {
                ExtractCalls.RequireOpen(scope, extract);
                RequireDeliverable(scope.Db, extract);
                var leaf = log.Append(scope, LeafDraft.ExtractCompleted(
                    extract.Caller.Actor, extract.ProjectId, extract.ExtractId, extract.CallId, end.Rows, end.Batch, new LogHash(end.RunningDigest), new LogHash(qualityDigest)));
                ExtractCalls.End(scope, extract.CallId, leaf.Index);
                scope.Execute(
                    "UPDATE extract SET state = $2, row_count = $3, list_digest = $4 WHERE extract_id = $1 AND state = $5",
                    extract.ExtractId, (int)ExtractState.Completed, end.Rows, end.RunningDigest, (int)ExtractState.Open);
                return leaf.Index;
            },
            CancellationToken.None);

    /// <summary>Ends a call early, once: the leaf says how far it came and why. What cannot be recorded now is recorded when it can.</summary>
    public async Task AbortAsync(OpenedExtract extract, string reasonCode)
    {
        try
        {
            await writer.WriteAsync(scope => Abort(scope, extract.Caller.Actor, extract.ProjectId, extract.ExtractId, extract.CallId, reasonCode), CancellationToken.None);
        }
        catch
        {
            _unended.Note(extract.CallId.ToArray(), reasonCode);
            throw;
        }
    }

    /// <summary>Ends the calls of servers that are no more.</summary>
    public void EndCalls(WriteScope scope, IReadOnlyList<long> deadReplicas) => End(scope, ExtractCalls.CutOn(scope.Db, deadReplicas), _ => "SERVER_RESTART");

    /// <summary>Ends the calls of this server of which that could not be recorded before.</summary>
    public void EndOwn(WriteScope scope)
    {
        var reasons = _unended.All();
        End(scope, ExtractCalls.OpenAmong(scope.Db, reasons.Keys), call => reasons[call.CallId]);
        scope.AfterCommit.Add(() => _unended.Forget(reasons));
    }

    /// <summary>The extract of a caller bound to the project, by its id.</summary>
    public ExtractRow RequireExtract(DeliveryDb db, string projectId, string extractId, Caller caller)
    {
        Require(db, projectId, caller);
        return db.Set<ExtractRow>().FirstOrDefault(row => row.ExtractId == extractId && row.ProjectId == projectId) ?? throw RefusedException.By("R01");
    }

    private ApprovedProject Require(DeliveryDb db, string projectId, Caller caller)
    {
        var project = ApprovedProject.Find(db, projectId) ?? throw RefusedException.By("R01");
        return caller.Cvr == options.Value.RecipientOrganisation ? project : throw RefusedException.By("R02");
    }

    private OpenedExtract Open(WriteScope scope, StreamExtractRequest request, Caller caller)
    {
        var project = Require(scope.Db, request.ProjectId, caller);
        RequireActive(project);
        witnesses.RequireFresh(scope);
        if (request.ApprovalVersion != project.Row.Version)
        {
            throw RefusedException.By("E_EXTRACT_CHANGED", $"version {project.Row.Version}");
        }

        var callId = ExtractCalls.Require(scope.Db, request, caller, options.Value.StreamsPerOrganisationMax);
        var (row, isPinned, plan) = project.Approval.Scope.Programmes
            .Select(programme => Locate(scope.Db, project, programme))
            .FirstOrDefault(found => found.Row.ExtractId == request.ExtractId);
        if (row is null && scope.Db.Set<ExtractRow>().Any(other => other.ExtractId == request.ExtractId && other.ProjectId == request.ProjectId && other.State == ExtractState.Abandoned))
        {
            throw RefusedException.By("E_RESUME_EXPIRED");
        }

        if (row is null || !plan.Schema.Fingerprint.AsSpan().SequenceEqual(request.SchemaFingerprint.Span))
        {
            throw RefusedException.By("E_EXTRACT_CHANGED");
        }

        RequireReleased(scope.Db, plan);
        if (plan.Segments.Count == 0)
        {
            throw RefusedException.By("E_EXTRACT_EMPTY");
        }

        var recipient = recipientKeys.Require(scope.Db, request.RecipientKeyId.Span);
        var start = ExtractPositions.Require(scope.Db, request, plan);
        var salt = isPinned ? OpenSalt(row) : Pin(scope, row, plan);
        log.Append(scope, LeafDraft.ExtractOpened(caller.Actor, row.ProjectId, row.ExtractId, new OpeningFacts(
            callId, project.InForce.LogIndex, project.Row.Version, plan.Programme.Code(), new LogHash(plan.SnapshotDigest()), new LogHash(plan.Schema.Fingerprint),
            plan.Segments.Count, plan.RowsMax, new LogHash(recipient.Id.Span), caller.SpkiSha256, serverCertificate.SpkiSha256)));
        project.Move(ProjectEvent.StreamOpened);
        scope.Db.Add(new ExtractCallRow
        {
            CallId = callId.ToString(), ExtractId = row.ExtractId, ClientSpkiSha256 = caller.SpkiSha256.ToString(), ClientCvr = caller.Cvr, TerminalLogIndex = -1, ReplicaId = scope.ReplicaId,
        });
        scope.Db.SaveChanges();
        return new OpenedExtract(project, row.ProjectId, row.ApprovalVersion, row.ExtractId, callId, caller, plan, recipient, salt, start);
    }

    // An extract keeps its id until it is acknowledged; after that the next delivery of the same approval is a new one.
    private static (ExtractRow Row, bool IsPinned, ExtractPlan Plan) Locate(DeliveryDb db, ApprovedProject project, Programme programme)
    {
        var earlier = db.Set<ExtractRow>()
            .Where(row => row.ProjectId == project.Row.ProjectId && row.ApprovalVersion == project.Row.Version && row.Programme == (int)programme)
            .ToList();
        var scope = project.Approval.Scope;
        if (earlier.Find(row => row.State is ExtractState.Open or ExtractState.Completed) is { } open)
        {
            return (open, true, ExtractPlan.Pinned(db, scope, programme, open.ExtractId));
        }

        var plan = ExtractPlan.Current(db, scope, programme);
        var row = new ExtractRow
        {
            ExtractId = string.Create(CultureInfo.InvariantCulture, $"{project.Row.ProjectId}-V{project.Row.Version}-{programme.Code()}-{earlier.Count + 1}"),
            ProjectId = project.Row.ProjectId,
            ApprovalVersion = project.Row.Version,
            Programme = (int)programme,
            State = ExtractState.Open,
            SnapshotDigest = plan.SnapshotDigest(),
            SchemaFingerprint = plan.Schema.Fingerprint,
            Batches = plan.Segments.Count,
            PseudonymisedLogIndex = -1,
            ReceiptLogIndex = -1,
        };
        return (row, false, plan);
    }

    private byte[] Pin(WriteScope scope, ExtractRow row, ExtractPlan plan)
    {
        var salt = RandomNumberGenerator.GetBytes(BatchDigest.SaltSize);
        row.SealedDigestSalt = keys.SealSecret(salt, SaltPurpose(row));
        scope.Db.Add(row);
        scope.Db.AddRange(plan.Partitions.Select(pin => new GenerationPinRow { Holder = row.ExtractId, PartitionId = pin.Partition.Id, Generation = pin.Generation }));
        scope.Db.AddRange(plan.Partitions.Select(pin => new GenerationUseRow { Holder = row.ExtractId, PartitionId = pin.Partition.Id, Generation = pin.Generation }));
        scope.Db.AddRange(plan.Errata.Select(carried => new ExtractErratumRow { ExtractId = row.ExtractId, ErratumId = carried.Erratum.Id }));
        return salt;
    }

    private byte[] OpenSalt(ExtractRow row) => keys.OpenSecret(row.SealedDigestSalt, SaltPurpose(row));

    private static byte[] SaltPurpose(ExtractRow row) => System.Text.Encoding.ASCII.GetBytes($"delivery/v1 digest salt {row.ExtractId}");

    private void RequireReleased(DeliveryDb db, ExtractPlan plan)
    {
        var calendar = PublicationDesk.Calendar(db);
        var today = DanishTime.DateOf(clock.GetUtcNow());
        var closed = plan.Scope.PartitionsOf(plan.Programme).Where(partition => !calendar.IsReleased(partition, today)).Select(partition => partition.SchoolYear.ToString()).Distinct().ToList();
        if (closed.Count > 0)
        {
            throw RefusedException.By("A26", string.Join(", ", closed));
        }
    }

    private void RequireDeliverable(DeliveryDb db, OpenedExtract extract)
    {
        var project = ApprovedProject.Find(db, extract.ProjectId, extract.Approved) ?? throw RefusedException.By("R01");
        RequireActive(project);
        if (project.Row.Version != extract.ApprovalVersion)
        {
            throw RefusedException.By("E_EXTRACT_CHANGED", $"version {project.Row.Version}");
        }

        RequireReleased(db, extract.Plan);
        if (!extract.Plan.IsWithin(project.Approval.Scope))
        {
            throw RefusedException.By("R04");
        }
    }

    private void RequireActive(ApprovedProject project)
    {
        if (!LifeCycle.IsActive(project.Row.State))
        {
            throw RefusedException.By("R06", project.Row.State.WireName());
        }

        if (project.Approval.Period is not { } period || !period.Contains(DanishTime.DateOf(clock.GetUtcNow())))
        {
            throw RefusedException.By("R03");
        }
    }

    private void End(WriteScope scope, IReadOnlyList<(ExtractCallRow Call, string ProjectId)> calls, Func<ExtractCallRow, string> reason)
    {
        foreach (var (call, projectId) in calls)
        {
            var actor = new LeafActor(call.ClientCvr, RoleNames.First(Role.DstIngestion), LogHash.FromHex(call.ClientSpkiSha256));
            Abort(scope, actor, projectId, call.ExtractId, LogHash.FromHex(call.CallId), reason(call));
        }
    }

    private void Abort(WriteScope scope, LeafActor actor, string projectId, string extractId, LogHash callId, string reasonCode)
    {
        var id = callId.ToString();
        var ranges = scope.Db.Set<ExtractRangeRow>().AsNoTracking().Where(row => row.CallId == id).OrderBy(row => row.FromBatch).ToList();
        var batches = ranges.Count == 0 ? 0 : ranges[^1].ToBatch - ranges[0].FromBatch;
        var leaf = log.Append(scope, LeafDraft.ExtractAborted(actor, projectId, extractId, callId, ranges.Count == 0 ? 0 : ranges[^1].RowsBefore, batches, reasonCode));
        ExtractCalls.End(scope, callId, leaf.Index);

        var project = scope.Db.Set<ProjectRow>().Single(row => row.ProjectId == projectId);
        var others = scope.Db.Set<ExtractCallRow>().Any(call =>
            call.TerminalLogIndex < 0 && scope.Db.Set<ExtractRow>().Any(extract => extract.ExtractId == call.ExtractId && extract.ProjectId == projectId));
        var delivered = scope.Db.Set<HoldingRow>().Any(holding => holding.ProjectId == projectId);
        var happened = delivered ? ProjectEvent.StreamAbortedDelivered : ProjectEvent.StreamAbortedUndelivered;
        if (!others && LifeCycle.After(project.State, happened) is { } next)
        {
            project.State = next;
            scope.Db.SaveChanges();
        }
    }
}
