namespace Grpc.Core;

/// <summary>Where a channel is in connecting.</summary>
public enum ConnectivityState
{
    Idle,
    Connecting,
    Ready,
    TransientFailure,
    Shutdown,
}
