using Delivery.Client.Connection;
using Delivery.Client.Refusals;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Client.Closure;

/// <summary>Ends projects.</summary>
public sealed class ClosureClient
{
    private readonly ServerConnection _connection;
    private readonly Wire.ClosureService.ClosureServiceClient _service;

    internal ClosureClient(ServerConnection connection) =>
        (_connection, _service) = (connection, new Wire.ClosureService.ClosureServiceClient(connection.Invoker));

    /// <summary>
    /// Confirms that what was delivered is gone. When no holding remains open the project closes. Repeating a confirmation
    /// answers as the first time. Role: administrator of the project's controller, or of STIL.
    /// </summary>
    /// <param name="projectId">The project.</param>
    /// <param name="holdingIds">The holdings confirmed; null or empty for all that are open.</param>
    /// <param name="method">How they were made unreadable.</param>
    /// <param name="deletedOn">The day: not before the delivery, not in the future.</param>
    /// <param name="signerName">Who signs for the controller. Kept in the server's database, never in the log.</param>
    /// <param name="evidenceReference">Reference to the evidence; may be empty.</param>
    /// <param name="cancellation">Gives up waiting; the confirmation may have been recorded.</param>
    /// <exception cref="DeliveryRefusedException">It contradicts an earlier one, or date, method or signer cannot be.</exception>
    public async Task<DeletionConfirmation> ConfirmDeletionAsync(
        string projectId,
        IEnumerable<string>? holdingIds,
        DeletionMethod method,
        DateOnly deletedOn,
        string signerName,
        string evidenceReference = "",
        CancellationToken cancellation = default)
    {
        var request = new Wire.ConfirmDeletionRequest
        {
            ProjectId = projectId,
            HoldingIds = { holdingIds ?? [] },
            Method = method switch
            {
                DeletionMethod.Deleted => Wire.DeletionMethod.Deleted,
                DeletionMethod.Destroyed => Wire.DeletionMethod.Destroyed,
            },
            DeletedOn = WireText.Text(deletedOn),
            SignerName = signerName,
            EvidenceReference = evidenceReference,
        };
        var response = await _connection.CallAsync(options => _service.ConfirmDeletionAsync(request, options), cancellation);
        return new DeletionConfirmation(
            [.. response.HoldingIds], response.ProjectState, response.LogIndex, response.Leaf.Memory, response.Proof.Memory);
    }
}
