using Delivery.Client.Refusals;
using Google.Protobuf;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Client.Approvals;

/// <summary>Reads an approval from proto3 JSON, strictly: a field the schema does not know may be a restriction we would drop.</summary>
internal static class ApprovalJson
{
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(false));

    /// <exception cref="DeliveryClientException">The subject names line and field; values are never repeated.</exception>
    public static Wire.ProjectApproval Read(string json)
    {
        ApprovalJsonShape.Check(json);
        try
        {
            return Parser.Parse<Wire.ProjectApproval>(json);
        }
        catch (Exception cause) when (cause is InvalidJsonException or InvalidProtocolBufferException)
        {
            // Its text may repeat a value, so it stays inside.
            throw new DeliveryClientException(ClientReasons.JsonInvalid, "", cause);
        }
    }
}
