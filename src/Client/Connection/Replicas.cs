using Grpc.Core;

namespace Delivery.Client.Connection;

/// <summary>
/// The addresses of one server, in the caller's order. Calls go to the first until it fails them, then to the next, and so on in a
/// circle; they stay with whichever serves. Threads share it.
/// </summary>
internal sealed class Replicas(IReadOnlyList<Replica> all) : IDisposable
{
    private int _current;

    /// <summary>Where a call goes now.</summary>
    public Replica Current => all[Volatile.Read(ref _current)];

    /// <summary>In how many ways the server can be reached: addresses, and machines behind each name.</summary>
    public int Ways => all.Sum(replica => replica.Ways);

    /// <summary>Whether a certificate was turned away where a call was tried last.</summary>
    public bool HasUntrusted => all.Any(replica => replica.HasUntrusted);

    /// <summary>The addresses that failed, each with why; empty when none did.</summary>
    public string Failures => string.Join(", ", all.Select(replica => replica.Failure).OfType<string>());

    /// <summary>Sends later calls elsewhere, after a call to one address was cut. Where another call has moved them already, they stay there.</summary>
    public void MoveOn(Replica failed, RpcException failure)
    {
        failed.NoteCut(failure);
        for (var index = 0; index < all.Count; index++)
        {
            if (all[index] == failed)
            {
                Interlocked.CompareExchange(ref _current, (index + 1) % all.Count, index);
            }
        }
    }

    public void Dispose()
    {
        foreach (var replica in all)
        {
            replica.Dispose();
        }
    }
}
