using Delivery.Server.Health;
using Delivery.Server.Storage;
using Microsoft.Extensions.Options;

namespace Delivery.Server.TransferLog;

/// <summary>
/// Signs a checkpoint every second in which the log has grown, so that no leaf stays uncovered for long, and knows for how long none was signed. Of
/// several servers the one that leads signs; the others do when a call of theirs needs a proof.
/// </summary>
internal sealed class CheckpointHeartbeat(
    Checkpoints checkpoints, StoreWriter writer, Witnesses witnesses, IOptions<HealthOptions> health, TimeProvider clock, ILogger<CheckpointHeartbeat> logger)
    : RecurringWork(TimeSpan.FromSeconds(1), clock), IReadinessCondition
{
    // Not by the clock on the wall: setting that ages nothing.
    private long _coveredAt = clock.GetTimestamp();

    // What is to be covered next, on a server that leaves the signing to another, and when it was seen: the log grows between two looks.
    private (long Size, long At)? _awaited;

    public string Name => "checkpoint";

    public ReadinessState State => Age > health.Value.CheckpointAgeMax ? ReadinessState.Without(Impairment.Server, "E_CHECKPOINT_OLD") : ReadinessState.Ready;

    /// <summary>How long ago a checkpoint last covered the whole log; counted from the start until the first has.</summary>
    public TimeSpan Age => Clock.GetElapsedTime(Interlocked.Read(ref _coveredAt));

    /// <summary>Signs what is not covered, if that falls to this server, and looks how old the oldest leaf without a witness is.</summary>
    public async Task BeatAsync(CancellationToken cancellation)
    {
        try
        {
            if (writer.Leads)
            {
                await checkpoints.SignAsync(cancellation);
                Interlocked.Exchange(ref _coveredAt, Clock.GetTimestamp());
            }
            else
            {
                await LookAsync(cancellation);
            }

            witnesses.Look();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The next tick tries again; calls that need a proof fail on their own until it succeeds.
            Log.CheckpointFailed(logger, exception);
        }
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        var now = Clock.GetTimestamp();
        var (size, signed) = await checkpoints.LookAsync(cancellation);
        if (signed >= size)
        {
            Interlocked.Exchange(ref _coveredAt, now);
        }
        else if (_awaited is var (awaited, at))
        {
            if (signed < awaited)
            {
                return;
            }

            Interlocked.Exchange(ref _coveredAt, at);
        }

        _awaited = (size, now);
    }

    protected override Task TurnAsync(CancellationToken stopping) => BeatAsync(stopping);
}
