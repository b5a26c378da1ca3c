using Polly;
using Polly.Retry;

namespace Delivery.Client.Connection;

/// <summary>How long work that is begun again from the outside waits in between: half a second, then twice as long each time, to half a minute.</summary>
internal static class Repetition
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <param name="attemptsMax">Attempts in all, from 1.</param>
    /// <param name="clock">What the waits are measured by.</param>
    /// <param name="passing">Failures that may pass; any other ends the work.</param>
    /// <param name="waits">Told of the failure before each wait.</param>
    public static ResiliencePipeline Of(int attemptsMax, TimeProvider clock, PredicateBuilder<object> passing, Action<Exception>? waits = null) =>
        attemptsMax == 1 ? ResiliencePipeline.Empty : new ResiliencePipelineBuilder { TimeProvider = clock }.AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = attemptsMax - 1,
            BackoffType = DelayBackoffType.Exponential,
            Delay = FirstWait,
            MaxDelay = LongestWait,
            UseJitter = true,
            ShouldHandle = passing,
            OnRetry = retry =>
            {
                waits?.Invoke(retry.Outcome.Exception!);
                return ValueTask.CompletedTask;
            },
        }).Build();
}
