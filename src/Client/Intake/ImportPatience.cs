using Delivery.Client.Connection;
using Delivery.Client.Refusals;
using Grpc.Core;
using Polly;

namespace Delivery.Client.Intake;

/// <summary>
/// How often an import is sent again from its beginning. That is safe, because the server takes one source delivery once: an import that was cut left
/// nothing, and one that was completed unheard answers with its report.
/// </summary>
/// <param name="AttemptsMax">Attempts in all, from 1.</param>
/// <param name="Clock">What the waits are measured by.</param>
internal sealed record ImportPatience(int AttemptsMax, TimeProvider Clock)
{
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
        Repetition.Of(
            AttemptsMax,
            Clock,
            new PredicateBuilder()
                .Handle<DeliveryRefusedException>(refused => refused.Status == nameof(StatusCode.Aborted) && refused.Code == "E_IMPORT_IN_PROGRESS")
                .Handle<DeliveryClientException>(cut => cut.Code == ClientReasons.ServerUnreachable.Code && isKnown()),
            failure => waits(((DeliveryClientException)failure).Violations[0]));
}
