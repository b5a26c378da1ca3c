using Delivery.Server.Health;

namespace Delivery.Server.TransferLog;

/// <summary>Stops the server because its log is not what was signed or acknowledged. Starting it again would not mend that. Threads may share it.</summary>
internal sealed class LogAlarm : IReadinessCondition
{
    /// <summary>True once it was raised; the process then ends with an exit code of its own.</summary>
    public bool IsRaised { get; private set; }

    public string Name => "log-sound";

    /// <summary>Nothing is answered from such a log while the server stops.</summary>
    public ReadinessState State => IsRaised ? ReadinessState.Without(Impairment.Closed, "E_LOG_ALTERED") : ReadinessState.Ready;

    /// <summary>Raised once, with what was found.</summary>
    public event Action<Exception>? Raised;

    public void Raise(Exception reason)
    {
        IsRaised = true;
        Raised?.Invoke(reason);
    }
}
