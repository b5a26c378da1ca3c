using System.Net;

namespace Delivery.Server.Health;

/// <summary>How the server tells others how it is, and notices that they are gone.</summary>
internal sealed class HealthOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Delivery:Health";

    /// <summary>Address and port of plain HTTP for <c>/healthz</c> and <c>/readyz</c>; empty for none. Nothing else is answered there.</summary>
    public string Listen { get; set; } = "";

    /// <summary>How long no checkpoint may have covered the whole log, 5 s to 1 h. Default 1 min: sixty tries.</summary>
    public TimeSpan CheckpointAgeMax { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the server says that it stops before it does, 0 to 5 min, so that a load balancer has sent everybody elsewhere. Default 0.</summary>
    public TimeSpan DrainTime { get; set; }

    /// <summary>After how long a silent connection is asked whether anybody is there, 1 s to 1 h. Default 30 s.</summary>
    public TimeSpan PeerPingDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the answer may take before the connection is cut and its calls end, 1 s to 10 min. Default 20 s.</summary>
    public TimeSpan PeerPingTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>What is wrong with these settings, or null. A wrong setting stops the start.</summary>
    public string? Problem() => this switch
    {
        { Listen: not "" } when !IPEndPoint.TryParse(Listen, out _) => $"{Section}:Listen must be empty or an address and a port, for example 127.0.0.1:8080",
        _ when IsOutside(CheckpointAgeMax, TimeSpan.FromSeconds(5), TimeSpan.FromHours(1)) => $"{Section}:CheckpointAgeMax must lie between 5 s and 1 h",
        _ when IsOutside(DrainTime, TimeSpan.Zero, TimeSpan.FromMinutes(5)) => $"{Section}:DrainTime must lie between 0 and 5 min",
        _ when IsOutside(PeerPingDelay, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)) => $"{Section}:PeerPingDelay must lie between 1 s and 1 h",
        _ when IsOutside(PeerPingTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)) => $"{Section}:PeerPingTimeout must lie between 1 s and 10 min",
        _ => null,
    };

    private static bool IsOutside(TimeSpan value, TimeSpan least, TimeSpan most) => value < least || value > most;
}
