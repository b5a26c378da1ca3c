using Delivery.Protocol.Domain;
using Delivery.Protocol.V1;
using Delivery.Server.Approvals;
using Delivery.Server.Catalogue;
using Delivery.Server.Refusals;
using Google.Protobuf;
using Domain = Delivery.Protocol.Domain;
using ErratumReach = Delivery.Server.Catalogue.ErratumReach;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Server.Documentation;

/// <summary>Errata between the wire and the rooms.</summary>
internal static class ErratumMessages
{
    /// <summary>Reads what STIL words; refuses what this server does not know.</summary>
    public static ErratumDraft Read(RegisterErratumRequest request)
    {
        KnownFields.Require(request, RegisterErratumRequest.Parser, "erratum");
        return new ErratumDraft(
            request.ErratumId,
            (Domain.Errata.ErratumSeverity)KnownFields.Given(request.Severity, "severity"),
            (Domain.Programme)KnownFields.Given(request.Programme, "programme"),
            [.. request.Subjects.Select(subject => (Domain.Subject)KnownFields.Given(subject, "subjects"))],
            request.Grades,
            request.SchoolYears.Count > 0 ? request.SchoolYears : throw RefusedException.By("E_FIELD_MISSING", "school_years"),
            request.Columns,
            (ErratumReach)KnownFields.Given(request.Reach, "reach"),
            new Bilingual(request.TextDa, request.TextEn));
    }

    public static Erratum Message(RegisteredErratum known) => new()
    {
        Document = ByteString.CopyFrom(known.Row.Document),
        RegisterTimeMs = known.Row.RegisterTimeMs,
        LogIndex = known.Row.LogIndex,
        Withdrawal = known.Withdrawal is not { } end ? null : new ErratumWithdrawal
        {
            ReasonDa = end.ReasonDa, ReasonEn = end.ReasonEn, WithdrawTimeMs = end.WithdrawTimeMs, LogIndex = end.LogIndex,
        },
    };

    public static Wire.AffectedDelivery Message(AffectedDelivery delivery) => new()
    {
        ProjectId = delivery.ProjectId,
        ExtractId = delivery.ExtractId,
        HoldingId = delivery.Holding?.HoldingId ?? "",
        State = delivery.Holding?.State.WireName() ?? "RELEASED",
        SourceHoldingId = delivery.SourceHoldingId,
        DeliveredOn = delivery.Holding?.DeliveredOn ?? "",
        IsCarried = delivery.IsCarried,
        Partitions =
        {
            delivery.Hits.Select(hit => new AffectedPartition
            {
                Partition = hit.Partition.ToString(), Generation = hit.Generation, Columns = { hit.Columns.ToList().Select(column => column.Code) },
            }),
        },
    };
}
