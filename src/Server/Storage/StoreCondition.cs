using Delivery.Server.Health;

namespace Delivery.Server.Storage;

/// <summary>
/// Whether the store takes changes, judged by what became of the last ones. A refusal by a rule says nothing about the store and does not count.
/// Told by the writer, asked by anybody. Threads share it.
/// </summary>
internal sealed class StoreCondition(TimeProvider clock) : IReadinessCondition
{
    // A full store takes a small change while it refuses a large one, so the next commit that succeeds does not mean that there is room.
    private static readonly TimeSpan FullFor = TimeSpan.FromMinutes(1);

    // A commit that takes longer waits for somebody: a standby that is away, or another server that waits for it.
    private static readonly TimeSpan CommitMax = TimeSpan.FromSeconds(10);

    private volatile string? _failure;
    private long _fullAt;
    private long _begunAt;

    public string Name => "store";

    public ReadinessState State =>
        _failure is { } code ? ReadinessState.Without(Impairment.Server, code)
        : IsFull ? ReadinessState.Without(Impairment.Changes, "E_STORE_FULL")
        : IsStuck ? ReadinessState.Without(Impairment.Changes, StoreUnavailableException.Unreachable)
        : ReadinessState.Ready;

    /// <summary>True after a commit failed and none succeeded since: somebody should try one.</summary>
    public bool NeedsTrial => _failure is not null;

    private bool IsFull => Interlocked.Read(ref _fullAt) is > 0 and var at && clock.GetElapsedTime(at) < FullFor;

    // What is there can be read meanwhile.
    private bool IsStuck => Interlocked.Read(ref _begunAt) is > 0 and var at && clock.GetElapsedTime(at) > CommitMax;

    /// <summary>Changes are on their way.</summary>
    public void Begun() => Interlocked.Exchange(ref _begunAt, clock.GetTimestamp());

    /// <summary>They have come to their end, whatever it was.</summary>
    public void Ended() => Interlocked.Exchange(ref _begunAt, 0);

    /// <summary>A commit is on disk.</summary>
    public void Committed() => _failure = null;

    /// <summary>A transaction could not be begun, run or committed, for a reason that lies with the store.</summary>
    /// <param name="code">The refusal's code. When there was no room, the change was rolled back and others may still fit.</param>
    public void Failed(string code)
    {
        if (code == "E_STORE_FULL")
        {
            Interlocked.Exchange(ref _fullAt, clock.GetTimestamp());
        }
        else
        {
            _failure = code;
        }
    }
}
