using Delivery.Client.Refusals;
using Delivery.Client.Sinks;
using Delivery.Protocol.Arrow;

namespace Delivery.Client.Extracts;

/// <summary>
/// One extract on its way into one file. Nothing stands under the file's name before the extract was proven, and nothing is
/// acknowledged before the file stands. One use.
/// </summary>
internal sealed class ExtractPull
{
    private readonly PullOptions _options;
    private readonly string _file;
    private readonly OutputForm _form;
    private readonly OutputSchema _schema;

    private ExtractPull(ExtractInfo extract, PullOptions options, string file) =>
        (Extract, _options, _file, _form, _schema) = (extract, options, file, OutputForms.Of(file), OutputSchema.Of(extract.Schema.Arrow));

    public ExtractInfo Extract { get; }

    /// <exception cref="DeliveryClientException">The file's name will not do, or CPR numbers would find no pseudonymiser.</exception>
    public static ExtractPull Plan(ExtractInfo extract, PullOptions options, bool isOneOfSeveral)
    {
        var file = isOneOfSeveral ? OutputForms.NameFor(options.OutputFile, extract.Programme) : options.OutputFile;
        var pull = new ExtractPull(extract, options, file);
        PartialFile.CheckFree(file, options.Overwrite);
        return pull._schema.PseudonymisedColumn < 0 || options.Pseudonymiser is not null
            ? pull
            : throw new DeliveryClientException(ClientReasons.PseudonymiserMissing, extract.ExtractId);
    }

    public async Task<PullResult> RunAsync(OpenedExtract opened, Func<TimeSpan> elapsed, CancellationToken cancellation)
    {
        await using var file = new PartialFile(_file, _options.Overwrite);
        var sink = _form.Sink(Extract.Schema, _schema, _options.Pseudonymiser, file);
        using var owned = sink as IDisposable;
        var rows = await WriteAsync(opened, sink, cancellation);
        var sha256 = file.Finish();
        var receipt = await opened.AcknowledgeAsync(cancellation);
        await opened.ReportPseudonymisedAsync(rows, sha256, cancellation);
        return new PullResult(
            Extract.ExtractId,
            Extract.Programme,
            rows,
            opened.Proof.Batches,
            opened.Proof.SealedBytes,
            _file,
            Convert.ToHexStringLower(sha256),
            receipt.HoldingId,
            receipt.DeletionDue,
            opened.Proof.LogIndex,
            ProofVerified: true,
            opened.Warnings,
            elapsed());
    }

    private async Task<long> WriteAsync(OpenedExtract opened, IResultSink sink, CancellationToken cancellation)
    {
        var (rows, batches) = (0L, 0L);
        await sink.BeginAsync(cancellation);
        await foreach (var batch in opened.ReadBatchesAsync(cancellation))
        {
            await WriteAsync(sink, batch, cancellation);
            rows += batch.RowCount;
            batches++;
            _options.Progress?.Report(new PullProgress(Extract.ExtractId, rows, Extract.RowsMax, batches, Extract.Batches, opened.SealedBytes));
        }

        await sink.CompleteAsync(cancellation);
        return rows;
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
