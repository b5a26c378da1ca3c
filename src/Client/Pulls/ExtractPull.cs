using Delivery.Client.Extracts;
using Delivery.Client.Refusals;
using Delivery.Client.Sinks;
using Delivery.Client.Telemetry;
using Delivery.Protocol.Arrow;
using Delivery.Protocol.Domain;
using Delivery.Protocol.Domain.Errata;
using Delivery.Protocol.Sealing;

namespace Delivery.Client.Pulls;

/// <summary>
/// One extract on its way into one file. Nothing stands under the file's name before the extract was proven, and nothing is
/// acknowledged before the file stands. Whatever cuts it, the next pull into the same file goes on from the last state that
/// was saved, and ends with the same bytes. One use.
/// </summary>
internal sealed class ExtractPull
{
    private readonly PullOptions _options;
    private readonly string _file;
    private readonly OutputForm _form;
    private readonly OutputSchema _schema;
    private readonly PullStateFile _stateFile;
    private readonly PullState? _begun;
    private IReadOnlyList<DeliveredPartition> _partitions = [];

    private ExtractPull(ExtractInfo extract, PullOptions options, HpkePrivateKey recipient, string file)
    {
        (Extract, _options, _file, _form, _schema) = (extract, options, file, OutputForms.Of(file), OutputSchema.Of(extract.Schema.Arrow));
        _stateFile = new PullStateFile(file, recipient);
        if (!options.Restart)
        {
            _begun = _stateFile.Read();
        }
    }

    /// <summary>Opens the extract at its beginning, or where it is to go on.</summary>
    public delegate Task<OpenedExtract> Open(ExtractInfo extract, ExtractBookmark? from, CancellationToken cancellation);

    /// <summary>The extract to take.</summary>
    public ExtractInfo Extract { get; }

    private string MappingId => _options.Pseudonymiser?.MappingId ?? "";

    /// <exception cref="DeliveryClientException">
    /// The file's name will not do, CPR numbers would find no pseudonymiser, or what an interrupted pull left is not of this extract.
    /// </exception>
    public static ExtractPull Plan(ExtractInfo extract, PullOptions options, HpkePrivateKey recipient, bool isOneOfSeveral)
    {
        var file = isOneOfSeveral ? OutputForms.NameFor(options.OutputFile, extract.Programme) : options.OutputFile;
        var pull = new ExtractPull(extract, options, recipient, file);
        if (pull._schema.PseudonymisedColumn >= 0 && options.Pseudonymiser is null)
        {
            throw new DeliveryClientException(ClientReasons.PseudonymiserMissing, extract.ExtractId);
        }

        pull._begun?.RequireSame(extract, pull.MappingId);
        if (pull._begun is not { IsProven: true })
        {
            PartialFile.CheckFree(file, options.Overwrite);
            if (pull._form == OutputForm.Csv)
            {
                PartialFile.CheckFree(CsvMetadata.NameFor(file), options.Overwrite);
            }
        }

        return pull;
    }

    /// <summary>Brings the output to its place and acknowledges it.</summary>
    /// <param name="open">Opens the extract.</param>
    /// <param name="receipts">Takes the receipt.</param>
    /// <param name="clock">Tells when to save.</param>
    /// <param name="cancellation">Stops the pull; what was written is kept for the next.</param>
    public async Task<PullResult> RunAsync(Open open, IReceiptDesk receipts, TimeProvider clock, CancellationToken cancellation)
    {
        using var span = ClientTraces.Start("delivery.pull")?.SetTag("delivery.programme", Extract.Programme.Code()).SetTag("delivery.is_resumed", _begun is not null);
        try
        {
            var result = await TakeAsync(open, receipts, clock, cancellation);
            span?.SetTag("delivery.rows", result.Rows).SetTag("delivery.bytes", result.SealedBytes);
            span.End("completed", isFailure: false);
            return result;
        }
        catch (Exception failure)
        {
            span.End(failure is DeliveryClientException refused ? refused.Code : failure.GetType().FullName!, isFailure: true);
            throw;
        }
    }

    private async Task<PullResult> TakeAsync(Open open, IReceiptDesk receipts, TimeProvider clock, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        var (state, warnings, errata) = _begun is { IsProven: true } proven
            ? (await PlaceAsync(proven, cancellation), WarningsOf(proven), Extract.Errata)
            : await ReceiveAsync(open, clock, cancellation);
        if (_form == OutputForm.Csv)
        {
            // It follows from the schema alone, so a pull that is gone on with writes the same again.
            DurableFile.Replace(CsvMetadata.NameFor(_file), CsvMetadata.Write(_file, _schema, Extract.Schema.Dictionaries));
        }

        var extract = Extract.As(state.ExtractId, state.ApprovalVersion);
        var receipt = await receipts.AcknowledgeAsync(extract, state.Proof, cancellation);
        await receipts.ReportPseudonymisedAsync(extract, state.Rows, state.OutputDigest, cancellation);
        _stateFile.Remove();
        return new PullResult(
            state.ExtractId,
            Extract.Programme,
            state.Rows,
            state.NextBatch,
            state.SealedBytes,
            _file,
            Convert.ToHexStringLower(state.OutputDigest),
            receipt.HoldingId,
            receipt.DeletionDue,
            state.LogIndex,
            ProofVerified: true,
            warnings,
            _begun?.Rows ?? 0,
            clock.GetElapsedTime(started))
        {
            Partitions = _partitions,
            Errata = errata,
        };
    }

    /// <summary>Finishes what an earlier pull had proven: the output may or may not have got its name.</summary>
    private async Task<PullState> PlaceAsync(PullState proven, CancellationToken cancellation)
    {
        if (File.Exists(PartialFile.PartialName(_file)))
        {
            PartialFile.CheckFree(_file, _options.Overwrite);
            await using var file = await TakeUpAsync(proven, cancellation);
            file.Keep();
            file.Place();
            return proven;
        }

        return await DurableFile.DigestAsync(_file, cancellation) is { } digest && digest.AsSpan().SequenceEqual(proven.OutputDigest)
            ? proven
            : throw PullStateFile.Altered(_file);
    }

    private async Task<(PullState State, IReadOnlyList<ExtractWarning> Warnings, IReadOnlyList<Erratum> Errata)> ReceiveAsync(
        Open open, TimeProvider clock, CancellationToken cancellation)
    {
        if (_begun is null)
        {
            // What lies there is of no use: it was given up, or was killed before anything of it was safe.
            _stateFile.Remove();
        }

        await using var file = _begun is null ? PartialFile.Create(_file, _options.Overwrite) : await TakeUpAsync(_begun, cancellation);
        var saver = new PullSaver(file, _stateFile, _begun ?? Beginning(), clock, _options.SaveInterval);
        try
        {
            await using var opened = await open(Extract, saver.Held.Bookmark, cancellation);
            await WriteAsync(opened, file, saver, cancellation);
            await saver.FinishAsync(Mark(saver.Held, file) with
            {
                NextBatch = opened.Proof.Batches,
                Rows = opened.Proof.Rows,
                RunningDigest = Convert.FromHexString(opened.Proof.ListDigest),
                CallId = opened.Proof.CallId,
                LogIndex = opened.Proof.LogIndex,
            });
            file.Keep();
            file.Place();
            _partitions = opened.Proof.Partitions;
            return (saver.Held, opened.Warnings, [.. Extract.Errata, .. opened.Proof.LaterErrata]);
        }
        catch (Exception failure)
        {
            await LeaveAsync(failure, file, saver);
            throw;
        }
    }

    private async Task LeaveAsync(Exception failure, PartialFile file, PullSaver saver)
    {
        if (!PullRemains.AreKept(failure))
        {
            await saver.SettleAsync();
            _stateFile.Remove();
        }
        else if (await saver.KeepAsync())
        {
            file.Keep();
        }
    }

    private async Task WriteAsync(OpenedExtract opened, PartialFile file, PullSaver saver, CancellationToken cancellation)
    {
        var sink = _form.Sink(Extract.Schema, _schema, _options.Pseudonymiser, file);
        using var owned = sink as IDisposable;
        if (_begun is null)
        {
            await sink.BeginAsync(cancellation);
        }
        else
        {
            await ResumeAsync(sink, file, cancellation);
            _options.Progress?.Report(opened.Progress);
        }

        var state = saver.Held with { Warnings = string.Join(' ', opened.Warnings.Select(warning => warning.Code)) };
        var sealedBefore = state.SealedBytes;
        await foreach (var batch in opened.ReadBatchesAsync(cancellation))
        {
            await WriteAsync(sink, batch, cancellation);
            var bookmark = batch.Bookmark;
            await saver.NoteAsync(Mark(state, file) with
            {
                NextBatch = bookmark.NextBatch,
                Rows = bookmark.Rows,
                RunningDigest = bookmark.RunningDigest.ToArray(),
                SealedBytes = sealedBefore + opened.Progress.SealedBytes,
            });
            _options.Progress?.Report(opened.Progress);
        }

        await sink.CompleteAsync(cancellation);
    }

    private async Task<PartialFile> TakeUpAsync(PullState begun, CancellationToken cancellation)
    {
        try
        {
            return await PartialFile.ResumeAsync(_file, _options.Overwrite, begun.OutputBytes, begun.OutputDigest, cancellation);
        }
        catch (InvalidDataException)
        {
            throw PullStateFile.Altered(PartialFile.PartialName(_file));
        }
    }

    private PullState Beginning() => new()
    {
        ProjectId = Extract.ProjectId,
        ExtractId = Extract.ExtractId,
        ApprovalVersion = Extract.ApprovalVersion,
        SchemaFingerprint = Extract.SchemaFingerprint,
        MappingId = MappingId,
    };

    private static PullState Mark(PullState state, PartialFile file) => state with { OutputBytes = file.Length, OutputDigest = file.CurrentDigest() };

    private static IReadOnlyList<ExtractWarning> WarningsOf(PullState state) =>
        [.. state.Warnings.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(code => new ExtractWarning(code, ComparabilityRules.All.Single(warning => warning.Code == code).Text))];

    private async ValueTask ResumeAsync(IResultSink sink, PartialFile file, CancellationToken cancellation)
    {
        try
        {
            await sink.ResumeAsync(file.Begun, cancellation);
        }
        catch (ArrowFormatException)
        {
            throw PullStateFile.Altered(PartialFile.PartialName(_file));
        }
    }

    private static async ValueTask WriteAsync(IResultSink sink, ExtractBatch batch, CancellationToken cancellation)
    {
        try
        {
            await sink.WriteAsync(batch.Content, cancellation);
        }
        catch (ArrowFormatException cause)
        {
            throw new DeliveryClientException(ClientReasons.SchemaUnexpected, cause.Code.ToString(), cause);
        }
    }
}
