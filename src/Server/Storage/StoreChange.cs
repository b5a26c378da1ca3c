using System.Diagnostics;

namespace Delivery.Server.Storage;

/// <summary>One change in the writer's queue. It may run more than once, and its caller is answered once.</summary>
internal abstract class StoreChange
{
    /// <summary>The span that asked for it, if there is one.</summary>
    public ActivityContext Caller { get; } = Activity.Current?.Context ?? default;

    public abstract void Run(WriteScope scope);

    public abstract void Failed(Exception exception);

    public abstract void Answer();
}

/// <inheritdoc/>
internal sealed class StoreChange<T>(Func<WriteScope, T> run) : StoreChange
{
    private readonly TaskCompletionSource<T> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _failure;
    private T _result = default!;

    public Task<T> Outcome => _outcome.Task;

    public override void Run(WriteScope scope)
    {
        _failure = null;
        _result = run(scope);
    }

    public override void Failed(Exception exception) => _failure = exception;

    public override void Answer()
    {
        if (_failure is null)
        {
            _outcome.TrySetResult(_result);
        }
        else
        {
            _outcome.TrySetException(_failure);
        }
    }
}
