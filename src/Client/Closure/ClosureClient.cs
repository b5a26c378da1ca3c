using Delivery.Client.Connection;
using Delivery.Client.Refusals;
using Google.Protobuf;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Client.Closure;

/// <summary>Ends projects: confirms that what was delivered is gone, and tells what is due.</summary>
public sealed class ClosureClient
{
    // A hundred years; further ahead no deletion is due.
    private const int WithinDaysMax = 36_525;

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
    /// <returns>The confirmation as the server states it; unproven until it is checked.</returns>
    /// <exception cref="DeliveryRefusedException">It contradicts an earlier one, or date, method or signer cannot be.</exception>
    public async Task<ConfirmationDocument> ConfirmDeletionAsync(
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
        return Read(projectId, response.Document, response.Signature, response.Leaf, response.Proof);
    }

    /// <summary>Confirms that what was delivered is in an archive under the archives act. Otherwise as <see cref="ConfirmDeletionAsync"/>.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="holdingIds">The holdings confirmed; null or empty for all that are open.</param>
    /// <param name="archive">Name of the archive.</param>
    /// <param name="receiptReference">Reference of the archive's receipt.</param>
    /// <param name="archivedOn">The day: not before the delivery, not in the future.</param>
    /// <param name="signerName">Who signs for the controller. Kept in the server's database, never in the log.</param>
    /// <param name="cancellation">Gives up waiting; the confirmation may have been recorded.</param>
    /// <returns>The confirmation as the server states it; unproven until it is checked.</returns>
    /// <exception cref="DeliveryRefusedException">It contradicts an earlier one, or something is missing or cannot be.</exception>
    public async Task<ConfirmationDocument> ConfirmArchivalAsync(
        string projectId,
        IEnumerable<string>? holdingIds,
        string archive,
        string receiptReference,
        DateOnly archivedOn,
        string signerName,
        CancellationToken cancellation = default)
    {
        var request = new Wire.ConfirmArchivalRequest
        {
            ProjectId = projectId,
            HoldingIds = { holdingIds ?? [] },
            Archive = archive,
            ReceiptReference = receiptReference,
            ArchivedOn = WireText.Text(archivedOn),
            SignerName = signerName,
        };
        return Read(projectId, (await _connection.CallAsync(options => _service.ConfirmArchivalAsync(request, options), cancellation)).Confirmation);
    }

    /// <summary>
    /// Confirms that what an amendment narrowed out of the approval is deleted; the holdings stay open. Role: as
    /// <see cref="ConfirmDeletionAsync"/>.
    /// </summary>
    /// <param name="projectId">The project.</param>
    /// <param name="holdingIds">The holdings; null or empty for all with the duty.</param>
    /// <param name="deletedOn">The day: not before the delivery, not in the future.</param>
    /// <param name="signerName">Who signs for the controller. Kept in the server's database, never in the log.</param>
    /// <param name="cancellation">Gives up waiting; the confirmation may have been recorded.</param>
    /// <returns>The confirmation as the server states it; unproven until it is checked.</returns>
    /// <exception cref="DeliveryRefusedException">No part deletion is due, or date or signer cannot be.</exception>
    public async Task<ConfirmationDocument> ConfirmPartDeletionAsync(
        string projectId, IEnumerable<string>? holdingIds, DateOnly deletedOn, string signerName, CancellationToken cancellation = default)
    {
        var request = new Wire.ConfirmPartDeletionRequest
        {
            ProjectId = projectId,
            HoldingIds = { holdingIds ?? [] },
            DeletedOn = WireText.Text(deletedOn),
            SignerName = signerName,
        };
        return Read(projectId, (await _connection.CallAsync(options => _service.ConfirmPartDeletionAsync(request, options), cancellation)).Confirmation);
    }

    /// <summary>Closes a project to which nothing was delivered. Roles: stil-approvals; administrator of the project's controller, or of STIL.</summary>
    /// <exception cref="DeliveryRefusedException">E_HOLDINGS_OPEN: something was delivered. E_STATE: it cannot end from where it stands.</exception>
    public async Task<ClosedProject> CloseWithoutDataAsync(string projectId, CancellationToken cancellation = default)
    {
        var request = new Wire.CloseWithoutDataRequest { ProjectId = projectId };
        var response = await _connection.CallAsync(options => _service.CloseWithoutDataAsync(request, options), cancellation);
        return new ClosedProject(projectId, response.ProjectState, response.LogIndex);
    }

    /// <summary>
    /// Records that Statistics Denmark carried an earlier delivery over to another approved project of the same controller. No bytes leave;
    /// the project gets a holding and a deletion duty of its own. Role: dst-ingestion.
    /// </summary>
    /// <param name="projectId">The project that receives; its approval names the source.</param>
    /// <param name="rowCount">Rows carried over, from 1, at most those of the source.</param>
    /// <param name="cancellation">Gives up waiting; the reuse may have been recorded.</param>
    /// <exception cref="DeliveryRefusedException">A23: the approval names no source it may use, or there are more rows than it has.</exception>
    public async Task<RegisteredReuse> RegisterReuseAsync(string projectId, long rowCount, CancellationToken cancellation = default)
    {
        var request = new Wire.RegisterReuseRequest { ProjectId = projectId, RowCount = rowCount };
        var response = await _connection.CallAsync(options => _service.RegisterReuseAsync(request, options), cancellation);
        return new RegisteredReuse(response.HoldingId, WireText.Date(response.DeletionDue), response.LogIndex);
    }

    /// <summary>
    /// Open holdings by the day they are due, overdue first. Roles: stil-approvals and auditor; administrator for their own.
    /// </summary>
    /// <param name="withinDays">Only those due within so many days, from 1; null for all. Overdue ones are always among them.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public async Task<IReadOnlyList<DueHolding>> ListDueHoldingsAsync(int? withinDays = null, CancellationToken cancellation = default)
    {
        if (withinDays is < 1 or > WithinDaysMax)
        {
            throw new DeliveryClientException(ClientReasons.Settings, nameof(withinDays));
        }

        var request = new Wire.ListDueHoldingsRequest { WithinDays = withinDays ?? 0 };
        var response = await _connection.CallAsync(options => _service.ListDueHoldingsAsync(request, options), cancellation);
        return [.. response.Holdings.Select(holding => new DueHolding(
            holding.HoldingId,
            holding.ProjectId,
            holding.ProjectState,
            WireText.Date(holding.DeletionDue),
            holding.IsOverdue,
            holding.IsPartDeletionDue,
            WireText.Date(holding.LastRemindedOn)))];
    }

    private static ConfirmationDocument Read(string projectId, Wire.Confirmation? confirmation) => confirmation is null
        ? throw new DeliveryClientException(ClientReasons.ProtocolBroken, "confirmation")
        : Read(projectId, confirmation.Document, confirmation.Signature, confirmation.Leaf, confirmation.Proof);

    private static ConfirmationDocument Read(string projectId, ByteString document, ByteString signature, ByteString leaf, ByteString proof) =>
        ConfirmationDocument.Read(document.ToByteArray(), signature.ToByteArray(), leaf.ToByteArray(), proof.ToByteArray()) is { } confirmed
        && confirmed.ProjectId == projectId
            ? confirmed
            : throw new DeliveryClientException(ClientReasons.ProtocolBroken, "confirmation document");
}
