using System.Globalization;
using Delivery.Client.Refusals;
using Delivery.Protocol.Arrow;
using Delivery.Protocol.Domain;

namespace Delivery.Client.Sinks;

/// <summary>
/// Writes points in time as Danish wall-clock time, <c>yyyy-MM-ddTHH:mm:ss</c>, the form results come in. Keeps the text of
/// the hour it wrote last, since Danish offsets change on the hour only. One owner.
/// </summary>
internal sealed class LocalTimeText
{
    public const int Length = 19;

    private const int SecondsPerHour = 3600;
    private const string DanishZone = "Europe/Copenhagen";

    private readonly byte[] _hourText = new byte[14];
    private readonly bool _isWallClock;
    private readonly long _unitsPerSecond;
    private long _hour = long.MinValue;

    /// <exception cref="DeliveryClientException">The column is in another zone.</exception>
    public LocalTimeText(ArrowField field)
    {
        _isWallClock = field.Type.TimeZone is null;
        _unitsPerSecond = field.Type.Kind == ArrowKind.TimestampMillisecond ? 1000 : 1;
        if (!_isWallClock && field.Type.TimeZone != DanishZone)
        {
            throw new DeliveryClientException(ClientReasons.SchemaUnexpected, field.Name);
        }
    }

    /// <summary>Writes exactly <see cref="Length"/> characters; fractions of a second are cut.</summary>
    /// <exception cref="DeliveryClientException">The time lies outside the years 1 to 9999.</exception>
    public void Write(long value, Span<byte> destination)
    {
        var seconds = Math.DivRem(value, _unitsPerSecond, out var rest) - (rest < 0 ? 1 : 0);
        var hour = Math.DivRem(seconds, SecondsPerHour, out var within);
        if (within < 0)
        {
            (hour, within) = (hour - 1, within + SecondsPerHour);
        }

        if (hour != _hour)
        {
            WriteHour(hour);
        }

        _hourText.CopyTo(destination);
        TwoDigits((int)within / 60, destination[14..]);
        destination[16] = (byte)':';
        TwoDigits((int)within % 60, destination[17..]);
    }

    private static void TwoDigits(int value, Span<byte> destination) =>
        (destination[0], destination[1]) = ((byte)('0' + (value / 10)), (byte)('0' + (value % 10)));

    private void WriteHour(long hour)
    {
        try
        {
            var instant = DateTimeOffset.FromUnixTimeSeconds(checked(hour * SecondsPerHour));
            var local = _isWallClock ? instant.DateTime : DanishTime.Local(instant);
            local.TryFormat(_hourText, out _, "yyyy-MM-dd'T'HH:", CultureInfo.InvariantCulture);
            _hour = hour;
        }
        catch (Exception cause) when (cause is ArgumentOutOfRangeException or OverflowException)
        {
            throw new DeliveryClientException(ClientReasons.SchemaUnexpected, "time", cause);
        }
    }
}
