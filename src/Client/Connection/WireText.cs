using Delivery.Client.Refusals;
using Delivery.Protocol.Domain;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Client.Connection;

/// <summary>Dates and codes as they travel. What a server sends and we cannot read is refused, never guessed.</summary>
internal static class WireText
{
    /// <summary>An ISO 8601 date; null for empty text.</summary>
    /// <exception cref="DeliveryClientException">Neither.</exception>
    public static DateOnly? Date(string text) =>
        text.Length == 0 ? null
        : IsoDay.TryRead(text, out var date) ? date
        : throw new DeliveryClientException(ClientReasons.ProtocolBroken, "date");

    public static string Text(DateOnly date) => IsoDay.Text(date);

    /// <summary>Milliseconds since 1970-01-01 UTC.</summary>
    /// <exception cref="DeliveryClientException">Before 1970 or after 9999.</exception>
    public static DateTimeOffset Time(long milliseconds) => milliseconds >= 0 && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
        ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
        : throw new DeliveryClientException(ClientReasons.ProtocolBroken, "time");

    public static Programme Programme(Wire.Programme programme) => programme switch
    {
        Wire.Programme.Nt => Protocol.Domain.Programme.NT,
        Wire.Programme.Fno => Protocol.Domain.Programme.FNO,
        Wire.Programme.Unspecified => throw new DeliveryClientException(ClientReasons.ProtocolBroken, "programme"),
    };

    public static Wire.Programme Programme(Programme programme) => programme switch
    {
        Protocol.Domain.Programme.NT => Wire.Programme.Nt,
        Protocol.Domain.Programme.FNO => Wire.Programme.Fno,
        Protocol.Domain.Programme.Unspecified => throw new DeliveryClientException(ClientReasons.Settings, "programme"),
    };

    public static Subject Subject(Wire.Subject subject) => subject switch
    {
        Wire.Subject.DanishReading => Protocol.Domain.Subject.DanishReading,
        Wire.Subject.Mathematics => Protocol.Domain.Subject.Mathematics,
        Wire.Subject.English => Protocol.Domain.Subject.English,
        Wire.Subject.PhysicsChemistry => Protocol.Domain.Subject.PhysicsChemistry,
        Wire.Subject.Geography => Protocol.Domain.Subject.Geography,
        Wire.Subject.Biology => Protocol.Domain.Subject.Biology,
        Wire.Subject.Unspecified => throw new DeliveryClientException(ClientReasons.ProtocolBroken, "subject"),
    };
}
