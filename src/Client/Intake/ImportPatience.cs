using Delivery.Client.Refusals;
using Grpc.Core;
using Polly;
using Polly.Retry;

namespace Delivery.Client.Intake;

/// <summary>
/// How often an import is sent again from its beginning. That is safe, because the server takes one source delivery once: an import that was cut left
/// nothing, and one that was completed unheard answers with its report.
/// </summary>
/// <param name="AttemptsMax">Attempts in all, from 1.</param>
/// <param name="Clock">What the waits are measured by.</param>
internal sealed record ImportPatience(int AttemptsMax, TimeProvider Clock)
{
    // A sender that died a moment ago is noticed at once; another import takes seconds to minutes.
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <exception cref="DeliveryClientException">A setting is out of its range.</exception>
    public static ImportPatience Of(ImportOptions options, TimeProvider clock) => options switch
    {
        _ when options.Timeout <= TimeSpan.Zero => throw new DeliveryClientException(ClientReasons.Settings, nameof(ImportOptions.Timeout)),
        { AttemptsMax: < 1 } => throw new DeliveryClientException(ClientReasons.Settings, nameof(ImportOptions.AttemptsMax)),
        _ => new(options.AttemptsMax, clock),
    };

    /// <summary>Repeats what another import stood in the way of, and what was cut after the server had answered; with waits that double.</summary>
    /// <param name="isKnown">Whether the server ever answered: an address where nobody is, is told at once.</param>
    /// <param name="waits">Told why, before each wait.</param>
    public ResiliencePipeline Pipeline(Func<bool> isKnown, Action<Violation> waits) =>
        AttemptsMax == 1 ? ResiliencePipeline.Empty : new ResiliencePipelineBuilder { TimeProvider = Clock }.AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = AttemptsMax - 1,
            BackoffType = DelayBackoffType.Exponential,
            Delay = FirstWait,
            MaxDelay = LongestWait,
            UseJitter = true,
            ShouldHandle = new PredicateBuilder()
                .Handle<DeliveryRefusedException>(refused => refused.Status == nameof(StatusCode.Aborted) && refused.Code == "E_IMPORT_IN_PROGRESS")
                .Handle<DeliveryClientException>(cut => cut.Code == ClientReasons.ServerUnreachable.Code && isKnown()),
            OnRetry = retry =>
            {
                waits(((DeliveryClientException)retry.Outcome.Exception!).Violations[0]);
                return ValueTask.CompletedTask;
            },
        }).Build();
}
