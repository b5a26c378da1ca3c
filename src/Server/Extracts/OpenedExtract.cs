using Delivery.Protocol.Log;
using Delivery.Protocol.Sealing;
using Delivery.Server.Approvals;
using Delivery.Server.Identity;

namespace Delivery.Server.Extracts;

/// <summary>A call that may stream: what it reads, whom it is sealed to, where it begins, and the approval as it was when the call was opened.</summary>
internal sealed record OpenedExtract(
    ApprovedProject Approved,
    string ProjectId,
    int ApprovalVersion,
    string ExtractId,
    LogHash CallId,
    Caller Caller,
    ExtractPlan Plan,
    HpkePublicKey Recipient,
    byte[] DigestSalt,
    ExtractPosition Start);

/// <summary>A place between two batches: its index, the rows before it, and the running digest there (all zero at the beginning).</summary>
internal sealed record ExtractPosition(long Batch, long Rows, byte[] RunningDigest)
{
    public static ExtractPosition Beginning { get; } = new(0, 0, new byte[BatchDigest.Size]);
}
