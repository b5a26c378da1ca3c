using Delivery.Protocol.Domain;
using Delivery.Server.Refusals;
using Delivery.Server.Storage;

namespace Delivery.Server.Intake;

/// <summary>
/// One import while it runs: takes judged blocks in the order of the file, collects rows by partition, and seals and stores segments beside the
/// reading. What it stores stays invisible until <see cref="ImportDesk.CompleteAsync"/>. One thread adds blocks.
/// </summary>
internal sealed class ImportRun(ImportStart start, StoreWriter writer, PartitionKeys keys, IntakeOptions intake, int segmentRowsMax) : IDisposable
{
    // Segments sealed and waiting for the disk at the most: reading then waits for storing, and memory stays bounded.
    private const int SegmentsInFlightMax = 4;

    private readonly Dictionary<int, PartitionIntake> _partitions = [];
    private readonly Quarantine _unplaced = new(start.ImportId, 0, null);
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

    /// <summary>Takes in the next block. What is wrong with the file after its rows is thrown once they are in.</summary>
    public async Task AddAsync(JudgedBlock block, CancellationToken cancellation)
    {
        // Rows of one partition that follow each other are taken together; a row that is not taken ends such a run.
        var (run, from, taken) = ((PartitionIntake?)null, 0, 0);
        for (var index = 0; index < block.Rows.Count; index++)
        {
            var row = block.Rows[index];
            var partition = row.PartitionId == run?.Partition.Id ? run : Partition(row.PartitionId);
            var findings = Count(partition, row, block.FirstRow + row.Line);
            var isKept = (findings & RowCodes.Errors) == 0;
            if (!isKept)
            {
                await SetAsideAsync(partition?.Quarantine ?? _unplaced, block, row, findings, cancellation);
            }

            if (run is not null && (partition != run || !isKept))
            {
                await TakeAsync(run, block.Values, from, taken - from, cancellation);
                from = taken;
            }

            run = partition;
            taken += row.IsSound ? 1 : 0;
            from = isKept ? from : taken;
        }

        if (run is not null)
        {
            await TakeAsync(run, block.Values, from, taken - from, cancellation);
        }

        if (block.Refusal is { } refusal)
        {
            throw refusal;
        }
    }

    /// <summary>Stores what is left. Returns when every segment is stored.</summary>
    public async Task FinishAsync(CancellationToken cancellation)
    {
        if (AcceptedRows + RejectedRows == 0)
        {
            throw RefusedException.By("E_CSV_EMPTY");
        }

        foreach (var partition in _partitions.Values.Where(partition => partition.BufferedRows > 0))
        {
            await StoreSegmentAsync(partition, cancellation);
        }

        foreach (var quarantine in _partitions.Values.Select(partition => partition.Quarantine).Append(_unplaced).Where(quarantine => !quarantine.IsEmpty))
        {
            await StoreAsync(quarantine, cancellation);
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

    // Everything found about the row.
    private RowFindings Count(PartitionIntake? partition, in JudgedRow row, long rowNumber)
    {
        var findings = partition?.Meet(row, rowNumber) ?? row.Findings;
        Findings.Count(findings, rowNumber);
        if ((findings & RowCodes.Errors) != 0)
        {
            RejectedRows++;
            return findings;
        }

        AcceptedRows++;
        WarnedRows += (findings & RowCodes.Warnings) == 0 ? 0 : 1;
        return findings;
    }

    private async ValueTask SetAsideAsync(Quarantine quarantine, JudgedBlock block, JudgedRow row, RowFindings findings, CancellationToken cancellation)
    {
        quarantine.Add(block.FirstRow + row.Line, findings, block.Text!.Text.Slice(row.TextStart, row.TextLength));
        if (quarantine.IsFull)
        {
            await StoreAsync(quarantine, cancellation);
        }
    }

    private async ValueTask TakeAsync(PartitionIntake partition, SegmentBuffer values, int from, int count, CancellationToken cancellation)
    {
        while (count > 0)
        {
            var room = Math.Min(count, segmentRowsMax - partition.BufferedRows);
            partition.Take(values, from, room);
            _bufferedRows += room;
            (from, count) = (from + room, count - room);
            var full = partition.BufferedRows >= segmentRowsMax ? partition
                : _bufferedRows >= intake.BufferedRowsMax ? _partitions.Values.MaxBy(candidate => candidate.BufferedRows)
                : null;
            if (full is not null)
            {
                await StoreSegmentAsync(full, cancellation);
            }
        }
    }

    private PartitionIntake? Partition(int id)
    {
        if (id == 0)
        {
            return null;
        }

        if (!_partitions.TryGetValue(id, out var partition))
        {
            PartitionKey.TryFromId(id, out var key);
            var (generation, dataKey) = start.Next(key);
            partition = new PartitionIntake(start.ImportId, key, generation, dataKey);
            _partitions.Add(id, partition);
        }

        return partition;
    }

    private async ValueTask StoreSegmentAsync(PartitionIntake partition, CancellationToken cancellation)
    {
        await TakeSlotAsync(cancellation);
        var (place, buffer) = partition.TakeSegment();
        _bufferedRows -= buffer.Rows;
        _ = Task.Run(
            () => StoreAsync(() =>
            {
                var (held, columns) = buffer.Seal(place, partition.Key);
                return scope =>
                {
                    ImportDesk.RequireRunning(scope, start.ImportId);
                    PartitionStore.Insert(scope, held, columns);
                };
            }),
            CancellationToken.None);
    }

    private async ValueTask StoreAsync(Quarantine quarantine, CancellationToken cancellation)
    {
        await TakeSlotAsync(cancellation);
        var storing = quarantine.TakeStoring(keys);
        _ = Task.Run(
            () => StoreAsync(() => scope =>
            {
                ImportDesk.RequireRunning(scope, start.ImportId);
                storing(scope);
            }),
            CancellationToken.None);
    }

    private async ValueTask TakeSlotAsync(CancellationToken cancellation)
    {
        if (_failure is not null)
        {
            throw _failure;
        }

        await _slots.WaitAsync(cancellation);
    }

    private async Task StoreAsync(Func<Action<WriteScope>> seal)
    {
        try
        {
            await writer.WriteAsync(seal(), CancellationToken.None);
        }
        catch (Exception exception)
        {
            // Kept for the thread that adds blocks, which stops at its next segment.
            _failure ??= exception;
        }
        finally
        {
            _slots.Release();
        }
    }
}
