using System.Data.Common;
using System.Diagnostics;

namespace Delivery.Server.Storage;

/// <summary>The writer's session: opened again when it is lost, looked after, and given up for good when what came back is not what was lost. The writer's thread only.</summary>
internal sealed class SessionKeeper(Store store, StoreCondition condition, TimeSpan recoveryTimeout) : IDisposable
{
    private static readonly TimeSpan ReopenInterval = TimeSpan.FromMilliseconds(100);

    private WriteSession? _session = store.OpenSession(guard: null);
    private InvalidDataException? _rejection;

    /// <summary>Raised once when the database that came back is not the one that was lost.</summary>
    public event Action<InvalidDataException>? Rejected;

    /// <summary>What looks at the database each time it comes back, before it is used.</summary>
    public Action<DbConnection>? Guard { get; set; }

    /// <summary>The session, or null while there is none.</summary>
    public WriteSession? Session => _session;

    /// <summary>Why nothing can be written at the moment; null when it can.</summary>
    public StoreUnavailableException? Refusal { get; private set; }

    /// <summary>Looks after the connection, or for it.</summary>
    public void Tend()
    {
        try
        {
            if (_session is not null || TryOpen())
            {
                _session!.Tend();
                if (Refusal is not null)
                {
                    Refusal = null;
                    condition.Committed();
                }
            }
        }
        catch (StoreUnavailableException refused)
        {
            Refused(refused);
        }
        catch (Exception exception) when (exception is DbException || store.Judge(exception) is StoreFault.Lost)
        {
            Close(exception);
        }
    }

    private void Refused(StoreUnavailableException reason)
    {
        Refusal = reason;
        condition.Failed(reason.Code);
    }

    /// <summary>Opens the connection again if it was lost, for as long as a caller may be kept waiting. False when it stayed lost.</summary>
    /// <param name="started">Timestamp of the beginning of the caller's wait.</param>
    public bool Reopen(long started)
    {
        while (_session is null)
        {
            if (TryOpen())
            {
                return true;
            }

            if (_rejection is not null || IsOverdue(started))
            {
                return false;
            }

            Thread.Sleep(ReopenInterval);
        }

        return true;
    }

    private bool TryOpen()
    {
        if (_rejection is not null)
        {
            return false;
        }

        try
        {
            _session = store.OpenSession(Guard);
            Refusal = null;
            condition.Committed();
            return true;
        }
        catch (InvalidDataException rejected)
        {
            Reject(rejected);
        }
        catch (Exception exception) when (exception is StoreUnavailableException or DbException || store.Judge(exception) is not StoreFault.None)
        {
            Refused(exception as StoreUnavailableException ?? new StoreUnavailableException(StoreUnavailableException.Unreachable, exception));
        }

        return false;
    }

    /// <summary>Whether a caller was kept waiting for as long as it may.</summary>
    public bool IsOverdue(long started) => Stopwatch.GetElapsedTime(started) >= recoveryTimeout;

    /// <summary>Gives the database up for good.</summary>
    public void Reject(InvalidDataException reason)
    {
        Close(reason);
        _rejection = reason;
        Rejected?.Invoke(reason);
    }

    /// <summary>The connection is gone, or is not to be used any more.</summary>
    public void Close(Exception cause)
    {
        Refused(new StoreUnavailableException(StoreUnavailableException.Unreachable, cause));
        store.Distrust();
        _session?.Dispose();
        _session = null;
    }

    /// <summary>Leaves the database whole by itself at a clean end.</summary>
    public void Dispose()
    {
        _session?.Finish();
        _session?.Dispose();
    }
}
