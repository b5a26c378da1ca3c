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

    private volatile string? _failure;
    private long _fullAt;

    public string Name => "store";

    public ReadinessState State =>
        _failure is { } code ? ReadinessState.Without(Impairment.Server, code)
        : IsFull ? ReadinessState.Without(Impairment.Changes, "E_STORE_FULL")
        : ReadinessState.Ready;

    /// <summary>True after a commit failed and none succeeded since: somebody should try one.</summary>
    public bool NeedsTrial => _failure is not null;

    private bool IsFull => Interlocked.Read(ref _fullAt) is > 0 and var at && clock.GetElapsedTime(at) < FullFor;

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
