using Delivery.Client.Connection;
using Delivery.Client.Keys;
using Delivery.Client.Log;
using Delivery.Client.Pulls;
using Delivery.Client.Refusals;
using Delivery.Protocol.Domain;
using Google.Protobuf;
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
    /// <exception cref="ProofRefusedException">A schema does not have the fingerprint it is said to have.</exception>
    public async Task<IReadOnlyList<ExtractInfo>> ListAsync(string projectId, CancellationToken cancellation = default)
    {
        var request = new Wire.ListExtractsRequest { ProjectId = projectId };
        var response = await _connection.CallAsync(options => _service.ListExtractsAsync(request, options), cancellation);
        return [.. response.Extracts.Select(extract => Read(extract, projectId))];
    }

    /// <summary>Registers a key that extracts may be sealed to. Role: dst-ingestion.</summary>
    /// <exception cref="DeliveryRefusedException">The signature is not by the organisation the server is configured to trust.</exception>
    public async Task<RegisteredKey> RegisterRecipientKeyAsync(RecipientKeyFile key, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        var request = new Wire.RegisterRecipientKeyRequest
        {
            Record = ByteString.CopyFrom(key.RecordBytes),
            Signature = ByteString.CopyFrom(key.Signature),
            SignerCertificate = ByteString.CopyFrom(key.SignerCertificate),
        };
        var response = await _connection.CallAsync(options => _service.RegisterRecipientKeyAsync(request, options), cancellation);
        return response.KeyId.Span.SequenceEqual(key.Key.PublicKey.Id.Span)
            ? new RegisteredKey(key.KeyId, response.LogIndex)
            : throw new DeliveryClientException(ClientReasons.ProtocolBroken, "key id");
    }

    /// <summary>
    /// Fetches a project's extracts, replaces their CPR numbers, proves them against the transfer log, puts the files in
    /// place and acknowledges them. A file appears under its name only when everything held. Whatever interrupts it, the next
    /// pull into the same file goes on where this one was, and ends with the same bytes. Role: dst-ingestion.
    /// </summary>
    /// <param name="projectId">The project.</param>
    /// <param name="programme">The programme wanted; null for every one the approval has.</param>
    /// <param name="options">Whom to believe and where to write.</param>
    /// <param name="cancellation">Stops the pull; what was written is kept beside the file, for the next.</param>
    /// <returns>One result per extract.</returns>
    /// <exception cref="ProofRefusedException">A seal, a digest or the log proof does not hold.</exception>
    /// <exception cref="DeliveryRefusedException">The server refused.</exception>
    /// <exception cref="DeliveryClientException">A file or a key is unusable, or the server cannot be reached.</exception>
    public async Task<IReadOnlyList<PullResult>> PullAsync(
        string projectId, Programme? programme, PullOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var patience = ExtractPatience.Of(options, _connection.Clock);
        if (options.SaveInterval < TimeSpan.Zero)
        {
            throw new DeliveryClientException(ClientReasons.Settings, nameof(PullOptions.SaveInterval));
        }

        var listed = await patience.Pipeline().ExecuteAsync(async token => await ListAsync(projectId, token), cancellation);
        var wanted = listed.Where(extract => programme is null || extract.Programme == programme).ToList();
        if (wanted.Count == 0)
        {
            throw new DeliveryClientException(ClientReasons.NoExtract, projectId);
        }

        // All are planned before any is fetched, so that a name or a key that will not do is known at once.
        var pulls = wanted.ConvertAll(extract => ExtractPull.Plan(extract, options, options.RecipientKey.Key, isOneOfSeveral: wanted.Count > 1));
        var results = new List<PullResult>();
        var receipts = new ReceiptDesk(_connection, patience);
        foreach (var pull in pulls)
        {
            results.Add(await pull.RunAsync((extract, from, token) => OpenAsync(extract, options, from, token), receipts, _connection.Clock, cancellation));
        }

        return results;
    }

    /// <summary>Opens an extract to read it batch by batch, with CPR numbers in the clear. Role: dst-ingestion.</summary>
    /// <exception cref="DeliveryRefusedException">The server refused.</exception>
    /// <exception cref="ProofRefusedException">The first answer is not sealed for this call.</exception>
    public Task<OpenedExtract> OpenAsync(ExtractInfo extract, ExtractReadOptions options, CancellationToken cancellation = default) =>
        OpenAsync(extract, options, from: null, cancellation);

    /// <summary>Opens an extract where an earlier reading of it stopped. Role: dst-ingestion.</summary>
    /// <param name="extract">The extract.</param>
    /// <param name="options">Whom to believe.</param>
    /// <param name="from">Kept from the last batch that is safe; null reads from the beginning.</param>
    /// <param name="cancellation">Gives up waiting for the first answer.</param>
    /// <exception cref="DeliveryRefusedException">The server refused; E_RESUME_MISMATCH if it did not send what the bookmark stands for.</exception>
    /// <exception cref="DeliveryClientException">E_PULL_OTHER: the bookmark is of another extract.</exception>
    /// <exception cref="ProofRefusedException">The first answer is not sealed for this call.</exception>
    public async Task<OpenedExtract> OpenAsync(
        ExtractInfo extract, ExtractReadOptions options, ExtractBookmark? from, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(extract);
        ArgumentNullException.ThrowIfNull(options);
        if (from is not null && from.ExtractId != extract.ExtractId)
        {
            throw new DeliveryClientException(ClientReasons.PullOther, "extract");
        }

        var patience = ExtractPatience.Of(options, _connection.Clock);
        var trust = ExtractTrust.Load(options);
        var opened = new OpenedExtract(
            extract, ExtractPosition.Of(from), trust, new ExtractTransport(_connection), new ReceiptDesk(_connection, patience), _memory, patience);
        try
        {
            await opened.StartAsync(cancellation);
            return opened;
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// What a report of a personal data breach (GDPR Article 33) needs to say about one extract: what, of whom, how much, to whom and when.
    /// Roles: stil-approvals, auditor.
    /// </summary>
    /// <exception cref="DeliveryRefusedException">E_NOT_FOUND: there is no such extract, or no call for it yet.</exception>
    public async Task<IncidentReport> GetIncidentReportAsync(string extractId, CancellationToken cancellation = default)
    {
        var request = new Wire.GetIncidentReportRequest { ExtractId = extractId };
        var report = await _connection.CallAsync(options => _service.GetIncidentReportAsync(request, options), cancellation);
        return new IncidentReport(
            report.ExtractId,
            report.ProjectId,
            report.ApprovalVersion,
            report.ControllerName,
            report.ControllerCvr,
            report.RecipientCvr,
            report.DstProjectNumber,
            report.State,
            report.ReleasedRowCountMax,
            report.AcknowledgedRowCount,
            [.. report.Partitions],
            [.. report.DataCategories],
            [.. report.DataSubjectCategories],
            [.. report.Calls.Select(call => new IncidentCall(
                call.CallId, call.ClientSpkiSha256, WireText.Time(call.OpenTimeMs), call.EndTimeMs == 0 ? null : WireText.Time(call.EndTimeMs), call.Outcome))]);
    }

    private static ExtractInfo Read(Wire.Extract extract, string projectId)
    {
        var schema = ExtractSchemaBytes.Read(extract.Schema.ToByteArray());
        if (!extract.SchemaFingerprint.Span.SequenceEqual(schema.Fingerprint))
        {
            throw new ProofRefusedException(ClientReasons.SealRefused, "FingerprintDiffers");
        }

        if (extract.ProjectId != projectId || !new ExtractId(extract.ExtractId).IsValid || extract.ApprovalVersion < 1)
        {
            throw new DeliveryClientException(ClientReasons.ProtocolBroken, "extract");
        }

        return new ExtractInfo(schema)
        {
            ProjectId = extract.ProjectId,
            ApprovalVersion = extract.ApprovalVersion,
            ExtractId = extract.ExtractId,
            Programme = WireText.Programme(extract.Programme),
            RowsMax = extract.RowCountMax,
            Batches = extract.BatchCount,
            IsPinned = extract.IsPinned,
        };
    }
}
