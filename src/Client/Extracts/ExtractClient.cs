using Delivery.Client.Connection;
using Delivery.Client.Keys;
using Delivery.Client.Log;
using Delivery.Client.Refusals;
using Delivery.Protocol.Domain;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Client.Extracts;

/// <summary>Fetches what a project's approval names, for the step at Statistics Denmark that replaces CPR numbers.</summary>
public sealed class ExtractClient
{
    private readonly ServerConnection _connection;
    private readonly CheckpointMemory _memory;
    private readonly Wire.ExtractService.ExtractServiceClient _service;

    internal ExtractClient(ServerConnection connection, CheckpointMemory memory)
    {
        (_connection, _memory) = (connection, memory);
        _service = new Wire.ExtractService.ExtractServiceClient(connection.Invoker);
    }

    /// <summary>The extracts a project may have now, one per programme in its approval. Role: dst-ingestion.</summary>
    /// <exception cref="DeliveryRefusedException">R01 or R02.</exception>
    public Task<IReadOnlyList<ExtractInfo>> ListAsync(string projectId, CancellationToken cancellation = default) => throw new NotImplementedException();

    /// <summary>Registers a key that extracts may be sealed to. Role: dst-ingestion.</summary>
    /// <exception cref="DeliveryRefusedException">The signature is not by the organisation the server is configured to trust.</exception>
    public Task<RegisteredKey> RegisterRecipientKeyAsync(RecipientKeyFile key, CancellationToken cancellation = default) => throw new NotImplementedException();

    /// <summary>
    /// Fetches a project's extracts, replaces their CPR numbers, proves them against the transfer log, puts the files in
    /// place and acknowledges them. A file appears under its name only when everything held. Role: dst-ingestion.
    /// </summary>
    /// <param name="projectId">The project.</param>
    /// <param name="programme">The programme wanted; null for every one the approval has.</param>
    /// <param name="options">Whom to believe and where to write.</param>
    /// <param name="cancellation">Abandons the pull; the unfinished file is removed.</param>
    /// <returns>One result per extract.</returns>
    /// <exception cref="ProofRefusedException">A seal, a digest or the log proof does not hold.</exception>
    /// <exception cref="DeliveryRefusedException">The server refused.</exception>
    /// <exception cref="DeliveryClientException">A file or a key is unusable, or the server cannot be reached.</exception>
    public Task<IReadOnlyList<PullResult>> PullAsync(
        string projectId, Programme? programme, PullOptions options, CancellationToken cancellation = default) => throw new NotImplementedException();

    /// <summary>Opens an extract to read it batch by batch, with CPR numbers in the clear. Role: dst-ingestion.</summary>
    /// <exception cref="DeliveryRefusedException">The server refused.</exception>
    /// <exception cref="ProofRefusedException">The first answer is not sealed for this call.</exception>
    public Task<OpenedExtract> OpenAsync(ExtractInfo extract, ExtractReadOptions options, CancellationToken cancellation = default) => throw new NotImplementedException();
}
