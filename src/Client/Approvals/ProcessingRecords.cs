using Delivery.Client.Connection;
using Delivery.Client.Refusals;
using Google.Protobuf;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Client.Approvals;

/// <summary>Reads records of processing as they travel.</summary>
internal static class ProcessingRecords
{
    private static readonly JsonFormatter Json = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));

    /// <exception cref="DeliveryClientException">The answer lacks the project or the approval, or holds what cannot be read.</exception>
    public static ProcessingRecord Read(Wire.GetProcessingRecordResponse record)
    {
        if (record.Project is null || record.Approval is not { } approval)
        {
            throw new DeliveryClientException(ClientReasons.ProtocolBroken, "processing record");
        }

        return new ProcessingRecord(
            ProjectStandings.Read(record.Project),
            approval.StilCaseNumber,
            [.. approval.Purposes.Select(Name)],
            [.. approval.Processors.Select(processor => new RecordedProcessor(processor.Name, processor.Cvr, processor.AgreementReference))],
            [.. approval.Territory?.Countries ?? []],
            [.. approval.ThirdParties.Select(party => party.Name)],
            [.. record.DataSubjectCategories],
            [.. record.DataCategories],
            [.. record.SecurityMeasures],
            [.. record.Events.Select(entry => new RecordedEvent(entry.LogIndex, WireText.Time(entry.RecordTimeMs), entry.Type, entry.Organisation))],
            Json.Format(approval));
    }

    private static string Name(Wire.Purpose purpose) => purpose switch
    {
        Wire.Purpose.Statistical => "STATISTICAL",
        Wire.Purpose.Scientific => "SCIENTIFIC",
        Wire.Purpose.Unspecified => throw new DeliveryClientException(ClientReasons.ProtocolBroken, "purpose"),
    };
}
