using Delivery.Server.Health;
using Delivery.Server.Identity;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Delivery.Server.Hosting;

/// <summary>
/// Which service works under which impairment. The server as a whole counts as serving while any of it does: a load balancer that took it away
/// because no extract may leave would also keep out the witness whose word ends that.
/// </summary>
internal sealed class ServiceHealth(Readiness readiness)
{
    private const string ExtractService = "delivery.v1.ExtractService";

    // The server as a whole is named by nothing.
    private static readonly Dictionary<string, Impairment> EndedBy = AccessTable.Methods
        .Select(method => method.Split('/')[1])
        .Append("")
        .Distinct(StringComparer.Ordinal)
        .ToDictionary(service => service, FirstHarm, StringComparer.Ordinal);

    /// <summary>The state of a service by its full name, or of the server by an empty one; unknown for a name that is none.</summary>
    public ServingStatus Of(string service) =>
        !EndedBy.TryGetValue(service, out var end) ? ServingStatus.ServiceUnknown
        : readiness.Impairment < end ? ServingStatus.Serving
        : ServingStatus.NotServing;

    // These only read, sign what is there, or answer what the server is.
    private static Impairment FirstHarm(string service) => service switch
    {
        "" or "delivery.v1.CatalogueService" or "delivery.v1.DocumentationService" or "delivery.v1.TransferLogService" or "grpc.health.v1.Health" => Impairment.Server,
        ExtractService => Impairment.Extracts,
        _ => Impairment.Changes,
    };
}
