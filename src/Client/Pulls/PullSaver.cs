using Delivery.Client.Refusals;
using Delivery.Client.Sinks;

namespace Delivery.Client.Pulls;

/// <summary>
/// Puts a pull's state on disk from time to time: first the output's bytes, then the state that counts them. It happens
/// beside the writing, one at a time, since a sync may take long. Owned by the pulling thread.
/// </summary>
internal sealed class PullSaver(PartialFile file, PullStateFile stateFile, PullState begun, TimeProvider clock, TimeSpan interval)
{
    // States that count bytes the file has perhaps not taken yet, oldest first.
    private readonly Queue<PullState> _ahead = new();
    private PullState _written = begun;
    private Task _saving = Task.CompletedTask;
    private long _savedAt = clock.GetTimestamp();
    private bool _isSaved = true;
    private volatile bool _isOnDisk = begun.NextBatch > 0;

    /// <summary>The newest state: everything it counts was handed to the file.</summary>
    public PullState Held { get; private set; } = begun;

    /// <summary>Takes over a newer state, and saves it if it is time.</summary>
    /// <exception cref="DeliveryClientException">An earlier save failed.</exception>
    public async ValueTask NoteAsync(PullState state)
    {
        (Held, _isSaved) = (state, false);
        _ahead.Enqueue(state);
        TakeWritten();
        if (!_saving.IsCompleted || clock.GetElapsedTime(_savedAt) < interval)
        {
            return;
        }

        await _saving;
        await file.SettleAsync();
        (_savedAt, _isSaved) = (clock.GetTimestamp(), true);
        _saving = Task.Run(() => Save(state));
        if (interval == TimeSpan.Zero)
        {
            await _saving;
        }
    }

    /// <summary>Saves the last state; it is on disk when this returns.</summary>
    /// <exception cref="DeliveryClientException">The disk refused.</exception>
    public async Task FinishAsync(PullState state)
    {
        (Held, _isSaved) = (state, false);
        await _saving;
        await file.SettleAsync();
        Save(state);
        _isSaved = true;
    }

    /// <summary>
    /// Saves what is held, so that another pull goes on from here. A disk that refuses leaves the older state; false if there is
    /// none at all.
    /// </summary>
    public async Task<bool> KeepAsync()
    {
        try
        {
            await _saving;
            if (!_isSaved && await WrittenAsync() is { NextBatch: > 0 } written)
            {
                Save(written);
            }
        }
        catch (DeliveryClientException cause)
        {
            // Why the pull ended is being told, and it matters more.
            _ = cause;
        }

        return _isOnDisk;
    }

    /// <summary>Waits for a save that runs, however it ends.</summary>
    public Task SettleAsync() => _saving.ContinueWith(static ended => ended.Exception, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    // The newest state whose bytes the file has: all, or as many as it took before it refused.
    private async Task<PullState> WrittenAsync()
    {
        try
        {
            await file.SettleAsync();
            return Held;
        }
        catch (DeliveryClientException cause)
        {
            // Why the pull ended is being told, and it matters more.
            _ = cause;
            TakeWritten();
            return _written;
        }
    }

    private void TakeWritten()
    {
        while (_ahead.TryPeek(out var next) && next.OutputBytes <= file.WrittenBytes)
        {
            _written = _ahead.Dequeue();
        }
    }

    private void Save(PullState state)
    {
        file.Sync();
        stateFile.Write(state);
        _isOnDisk = true;
    }
}
