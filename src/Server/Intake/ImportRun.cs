using Delivery.Protocol.Domain;
using Delivery.Server.Refusals;
using Delivery.Server.Storage;

namespace Delivery.Server.Intake;

/// <summary>
/// One import while it runs: judges rows, collects them by partition, and seals and stores segments beside the reading. What it stores stays
/// invisible until <see cref="ImportDesk.CompleteAsync"/>. One thread adds rows.
/// </summary>
internal sealed class ImportRun(ImportStart start, StoreWriter writer, IntakeOptions intake, int segmentRowsMax) : IDisposable
{
    // Segments sealed and waiting for the disk at the most: reading then waits for storing, and memory stays bounded.
    private const int SegmentsInFlightMax = 4;

    private readonly Dictionary<int, PartitionIntake> _partitions = [];
    private readonly SemaphoreSlim _slots = new(SegmentsInFlightMax);
    private Exception? _failure;
    private int _bufferedRows;

    public string SourceDeliveryId => start.SourceDeliveryId;

    public long ImportId => start.ImportId;

    public long AcceptedRows { get; private set; }

    public long RejectedRows { get; private set; }

    public long WarnedRows { get; private set; }

    public FindingCounts Findings { get; } = new();

    /// <summary>The partitions that got a row, in order.</summary>
    public IReadOnlyList<PartitionIntake> Partitions =>
        [.. _partitions.Values.Where(partition => partition.AcceptedRows > 0).OrderBy(partition => partition.Partition)];

    /// <summary>Reads the whole file. Returns when every segment is stored.</summary>
    public async Task ReadAsync(ResultsCsv csv, CancellationToken cancellation)
    {
        await csv.ReadHeaderAsync(cancellation);
        while (await csv.ReadRowAsync(cancellation))
        {
            await AddAsync(csv, cancellation);
        }

        if (AcceptedRows + RejectedRows == 0)
        {
            throw RefusedException.By("E_CSV_EMPTY");
        }

        foreach (var partition in _partitions.Values.Where(partition => partition.BufferedRows > 0))
        {
            await StoreSegmentAsync(partition, cancellation);
        }

        await FinishStoringAsync();
        if (_failure is not null)
        {
            throw _failure;
        }
    }

    /// <summary>Waits until no segment is on its way to the disk, however the import ends.</summary>
    public async Task FinishStoringAsync()
    {
        for (var slot = 0; slot < SegmentsInFlightMax; slot++)
        {
            await _slots.WaitAsync(CancellationToken.None);
        }

        _slots.Release(SegmentsInFlightMax);
    }

    public void Dispose() => _slots.Dispose();

    private async ValueTask AddAsync(ResultsCsv csv, CancellationToken cancellation)
    {
        var rowNumber = csv.RowNumber;
        if (ResultsRowParser.Partition(csv) is not { } key || !TestCatalogue.Contains(key))
        {
            Findings.Count(RowFindings.TestUnknown, rowNumber);
            RejectedRows++;
            return;
        }

        var partition = Partition(key);
        var (row, read) = ResultsRowParser.Read(csv);
        var findings = partition.Add(row, read, rowNumber);
        Findings.Count(findings, rowNumber);
        if ((findings & RowCodes.Errors) != 0)
        {
            RejectedRows++;
            return;
        }

        AcceptedRows++;
        WarnedRows += (findings & RowCodes.Warnings) == 0 ? 0 : 1;
        _bufferedRows++;
        if (partition.BufferedRows >= segmentRowsMax)
        {
            await StoreSegmentAsync(partition, cancellation);
        }
        else if (_bufferedRows >= intake.BufferedRowsMax)
        {
            await StoreSegmentAsync(_partitions.Values.MaxBy(candidate => candidate.BufferedRows)!, cancellation);
        }
    }

    private PartitionIntake Partition(PartitionKey key)
    {
        if (!_partitions.TryGetValue(key.Id, out var partition))
        {
            var (generation, dataKey) = start.Next(key);
            partition = new PartitionIntake(key, generation, dataKey, intake.CprPolicy);
            _partitions.Add(key.Id, partition);
        }

        return partition;
    }

    private async ValueTask StoreSegmentAsync(PartitionIntake partition, CancellationToken cancellation)
    {
        if (_failure is not null)
        {
            throw _failure;
        }

        var (place, buffer) = partition.TakeSegment();
        _bufferedRows -= buffer.Rows;
        await _slots.WaitAsync(cancellation);
        _ = Task.Run(() => SealAndStoreAsync(place, buffer, partition), CancellationToken.None);
    }

    private async Task SealAndStoreAsync(SegmentPlace place, SegmentBuffer buffer, PartitionIntake partition)
    {
        try
        {
            var (held, columns) = buffer.Seal(place, partition.Key);
            await writer.WriteAsync(scope => PartitionStore.Insert(scope, held, columns), CancellationToken.None);
        }
        catch (Exception exception)
        {
            // Kept for the thread that reads rows, which stops at its next segment.
            _failure ??= exception;
        }
        finally
        {
            _slots.Release();
        }
    }
}
