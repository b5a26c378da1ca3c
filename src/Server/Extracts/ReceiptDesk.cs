using System.Security.Cryptography;
using Delivery.Protocol.Domain;
using Delivery.Protocol.Log;
using Delivery.Server.Approvals;
using Delivery.Server.Identity;
using Delivery.Server.Refusals;
using Delivery.Server.Storage;
using Delivery.Server.TransferLog;

namespace Delivery.Server.Extracts;

/// <summary>What follows a complete stream: the recipient's signed receipt, which creates the holding, and its report that pseudonyms stand in place.</summary>
internal sealed class ReceiptDesk(StoreWriter writer, LogAppender log, ExtractDesk extracts, TimeProvider clock)
{
    private static ReadOnlySpan<byte> SignatureLabel => "delivery/v1 receipt"u8;

    /// <summary>Records a receipt. The same receipt again answers as the first time.</summary>
    public Task<(HoldingRow Holding, long LogIndex)> AcknowledgeAsync(byte[] receipt, byte[] signature, Caller caller, CancellationToken cancellation)
    {
        if (!IsSigned(receipt, signature, caller))
        {
            throw RefusedException.By("E_RECEIPT_SIGNATURE");
        }

        var claim = ReceiptClaim.Read(receipt);
        return writer.WriteAsync(scope => Acknowledge(scope, claim, LogHash.Of(receipt), caller), cancellation);
    }

    /// <summary>Records that the pseudonymised output of an acknowledged extract stands at its place.</summary>
    public Task<long> ReportAsync(string projectId, string extractId, long rows, byte[] outputDigest, Caller caller, CancellationToken cancellation) =>
        writer.WriteAsync(
            scope =>
            {
                var extract = extracts.RequireExtract(scope.Db, projectId, extractId, caller);
                if (extract.State != ExtractState.Acknowledged || rows != extract.Rows || outputDigest.Length != LogHash.SizeBytes)
                {
                    throw RefusedException.By("E_RECEIPT_MISMATCH");
                }

                if (extract.PseudonymisedLogIndex < 0)
                {
                    extract.PseudonymisedLogIndex = log.Append(scope, LeafDraft.Pseudonymised(caller.Actor, projectId, extractId, rows, new LogHash(outputDigest))).Index;
                    scope.Db.SaveChanges();
                }

                return extract.PseudonymisedLogIndex;
            },
            cancellation);

    private (HoldingRow Holding, long LogIndex) Acknowledge(WriteScope scope, ReceiptClaim claim, LogHash receiptHash, Caller caller)
    {
        var extract = extracts.RequireExtract(scope.Db, claim.ProjectId, claim.ExtractId, caller);
        if (extract.State == ExtractState.Acknowledged && extract.ReceiptDigest == receiptHash.ToString())
        {
            return (scope.Db.Set<HoldingRow>().Single(holding => holding.ExtractId == extract.ExtractId), extract.ReceiptLogIndex);
        }

        if (!extract.AwaitsReceipt || claim.Rows != extract.Rows || claim.Batches != extract.Batches
            || claim.ApprovalVersion != extract.ApprovalVersion || !claim.ListDigest.ToArray().AsSpan().SequenceEqual(extract.ListDigest))
        {
            throw RefusedException.By("E_RECEIPT_MISMATCH");
        }

        var project = scope.Db.Set<ProjectRow>().Single(row => row.ProjectId == extract.ProjectId);
        var holding = new HoldingRow
        {
            HoldingId = "H-" + extract.ExtractId,
            ProjectId = extract.ProjectId,
            ExtractId = extract.ExtractId,
            Rows = extract.Rows,
            DeliveredOn = IsoDay.Text(DanishTime.DateOf(clock.GetUtcNow())),
            DeletionDue = project.DeletionDue,
            State = HoldingState.Open,
            ApprovalVersion = extract.ApprovalVersion,
            // The approval may have been narrowed after the last byte had left.
            PartDeletionDue = extract.ApprovalVersion != project.Version
                && !ApprovedProject.Version(scope.Db, project.ProjectId, extract.ApprovalVersion).Scope.RestrictedTo((Programme)extract.Programme)
                    .IsWithin(ApprovedProject.Version(scope.Db, project.ProjectId, project.Version).Scope),
        };
        var leaf = log.Append(scope, LeafDraft.Receipt(
            caller.Actor, extract.ProjectId, extract.ExtractId, extract.Rows, claim.ListDigest, receiptHash, holding.HoldingId));
        scope.Db.Add(holding);
        (extract.State, extract.ReceiptDigest, extract.ReceiptLogIndex) = (ExtractState.Acknowledged, receiptHash.ToString(), leaf.Index);
        // A project that was suspended or withdrawn meanwhile stays so; the data are there all the same, and so is the duty to delete them.
        project.State = LifeCycle.After(project.State, ProjectEvent.ReceiptMatched) ?? project.State;
        scope.Db.SaveChanges();
        scope.Execute("DELETE FROM generation_pin WHERE holder = $1", extract.ExtractId);
        PartitionStore.RemoveSuperseded(scope);
        return (holding, leaf.Index);
    }

    private static bool IsSigned(byte[] receipt, byte[] signature, Caller caller)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(caller.PublicKey, out _);
            byte[] signed = [.. SignatureLabel, .. receipt];
            return key.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        catch (CryptographicException)
        {
            // A certificate without an elliptic-curve key cannot sign receipts.
            return false;
        }
    }
}

/// <summary>What a receipt says: restricted canonical JSON with exactly these members.</summary>
internal sealed record ReceiptClaim(string ProjectId, string ExtractId, long ApprovalVersion, LogHash CallId, long Rows, long Batches, LogHash ListDigest)
{
    private const int Members = 8;

    public static ReceiptClaim Read(byte[] receipt)
    {
        try
        {
            return CanonicalJson.Parse(receipt) is JsonObject { Members: { Count: Members } members } && Number(members, "v") == 1
                ? new ReceiptClaim(
                    Text(members, "project_id"), Text(members, "extract_id"), Number(members, "approval_version"), LogHash.FromHex(Text(members, "call_id")),
                    Number(members, "row_count"), Number(members, "batch_count"), LogHash.FromHex(Text(members, "list_digest")))
                : throw RefusedException.By("E_FIELD_FORMAT", "receipt");
        }
        catch (Exception exception) when (exception is CanonicalJsonException or FormatException or InvalidCastException or KeyNotFoundException)
        {
            throw RefusedException.By("E_FIELD_FORMAT", "receipt");
        }
    }

    private static string Text(IReadOnlyDictionary<string, JsonValue> members, string name) => ((JsonText)members[name]).Value;

    private static long Number(IReadOnlyDictionary<string, JsonValue> members, string name) => ((JsonInteger)members[name]).Value;
}
