using Delivery.Protocol.Domain;
using Delivery.Server.Refusals;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Status = Grpc.Core.Status;

namespace Delivery.Server.Hosting;

/// <summary>Puts refusals on the wire: a gRPC status, and a <c>google.rpc.Status</c> with one <c>ErrorInfo</c> per violation in the trailers.</summary>
internal static class RefusalStatuses
{
    private const string DetailsTrailer = "grpc-status-details-bin";
    private const string Domain = "delivery";

    // Trailers are headers to HTTP/2, which limits them; violations beyond this are named by count.
    private const int DetailsMax = 30;

    public static RpcException ToRpcException(this RefusedException refused)
    {
        var code = Code(refused.Refusals[0].Reason.Status);
        var message = string.Join("; ", refused.Refusals.Take(DetailsMax).Select(refusal => Line(refusal)));
        var details = new Google.Rpc.Status
        {
            Code = (int)code,
            Message = message,
            Details = { refused.Refusals.Take(DetailsMax).Select(refusal => Any.Pack(Info(refusal))) },
        };
        return new RpcException(new Status(code, message), new Metadata { { DetailsTrailer, details.ToByteArray() } });
    }

    private static string Line(Refusal refusal) =>
        $"{refusal.Reason.Code} {refusal.Reason.Message.English}{(refusal.Subject.Length == 0 ? "" : $" ({refusal.Subject})")}";

    private static ErrorInfo Info(Refusal refusal) => new()
    {
        Reason = refusal.Reason.Code,
        Domain = Domain,
        Metadata =
        {
            ["da"] = refusal.Reason.Message.Danish,
            ["en"] = refusal.Reason.Message.English,
            ["remedy_da"] = refusal.Reason.Remedy.Danish,
            ["remedy_en"] = refusal.Reason.Remedy.English,
            ["subject"] = refusal.Subject,
        },
    };

    private static StatusCode Code(RefusalStatus status) => status switch
    {
        RefusalStatus.InvalidArgument => StatusCode.InvalidArgument,
        RefusalStatus.FailedPrecondition => StatusCode.FailedPrecondition,
        RefusalStatus.PermissionDenied => StatusCode.PermissionDenied,
        RefusalStatus.Unauthenticated => StatusCode.Unauthenticated,
        RefusalStatus.NotFound => StatusCode.NotFound,
        RefusalStatus.AlreadyExists => StatusCode.AlreadyExists,
        RefusalStatus.Aborted => StatusCode.Aborted,
        RefusalStatus.ResourceExhausted => StatusCode.ResourceExhausted,
        RefusalStatus.Unavailable => StatusCode.Unavailable,
        RefusalStatus.DataLoss => StatusCode.DataLoss,
        RefusalStatus.Internal or RefusalStatus.None => StatusCode.Internal,
    };
}
