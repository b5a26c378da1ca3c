using Delivery.Protocol.Domain;

namespace Delivery.EndToEnd.Running;

/// <summary>The system's clock, set forward or back by a test. Timers run as always. Threads may share it.</summary>
internal sealed class TurnableClock : TimeProvider
{
    private long _turnedTicks;

    /// <summary>The Danish date.</summary>
    public DateOnly Today => DanishTime.DateOf(GetUtcNow());

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _turnedTicks));

    public void Turn(TimeSpan by) => Interlocked.Add(ref _turnedTicks, by.Ticks);
}
