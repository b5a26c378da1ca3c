using Delivery.Protocol.Domain;
using Delivery.Protocol.Log;
using Delivery.Protocol.Sealing;
using Delivery.Protocol.V1;
using Delivery.Server.Identity;
using Delivery.Server.Refusals;
using Delivery.Server.Storage;
using Delivery.Server.TransferLog;
using Google.Protobuf;
using Microsoft.EntityFrameworkCore;

namespace Delivery.Server.Intake;

/// <summary>An import that may begin: the next generation and the key of every partition.</summary>
internal sealed class ImportStart(long importId, string sourceDeliveryId, IReadOnlyDictionary<int, (long Generation, byte[] WrappedKey)> partitions, PartitionKeys keys)
{
    public long ImportId => importId;

    public string SourceDeliveryId => sourceDeliveryId;

    public (long Generation, DataKey Key) Next(PartitionKey partition)
    {
        var (generation, wrapped) = partitions[partition.Id];
        return (generation, keys.Unwrap(partition, wrapped));
    }
}

/// <summary>The transactions around an import: begin, and then complete or abandon.</summary>
internal sealed class ImportDesk(StoreWriter writer, Store store, PartitionStore partitions, PartitionKeys keys, LogAppender log) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);

    // Whether an import of this server may stand in the database that nobody works at: its beginning or its end could not be recorded.
    private volatile bool _mayHaveLeft;

    /// <summary>The answer and the file's digest of an earlier import of the same delivery, or null.</summary>
    public (ImportResultsResponse Report, byte[] FileDigest)? Earlier(string sourceDeliveryId) => store.Read<(ImportResultsResponse, byte[])?>(db =>
        db.Set<ImportRow>().AsNoTracking().FirstOrDefault(row => row.SourceDeliveryId == sourceDeliveryId && row.State == ImportState.Completed) is { } row
            ? (ImportResultsResponse.Parser.ParseFrom(row.Report), row.FileDigest)
            : null);

    /// <summary>Begins an import. One runs at a time; a second is refused, not queued, so that its sender knows.</summary>
    public async Task<ImportStart> BeginAsync(string sourceDeliveryId, CancellationToken cancellation)
    {
        if (!await _one.WaitAsync(0, cancellation))
        {
            throw RefusedException.By("E_IMPORT_IN_PROGRESS");
        }

        try
        {
            return await writer.WriteAsync(scope => Begin(scope, sourceDeliveryId), cancellation);
        }
        catch (Exception failure)
        {
            _mayHaveLeft |= failure is not RefusedException;
            _one.Release();
            throw;
        }
    }

    /// <summary>Makes everything the import stored current, with one leaf per partition, in one transaction.</summary>
    public async Task<ImportResultsResponse> CompleteAsync(ImportRun run, Caller caller, byte[] fileDigest)
    {
        var report = await writer.WriteAsync(scope => Complete(scope, run, caller, fileDigest), CancellationToken.None);
        _one.Release();
        return report;
    }

    /// <summary>
    /// Removes what an import stored that does not complete. The store is then as it was before. An import that was completed although nobody heard of it,
    /// or that another server ended meanwhile, is left as it is.
    /// </summary>
    public async Task AbandonAsync(long importId)
    {
        try
        {
            await writer.WriteAsync(scope => Abandon(scope, importId, scope.ReplicaId), CancellationToken.None);
        }
        catch
        {
            _mayHaveLeft = true;
            throw;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Removes what the imports of servers that are no more left behind.</summary>
    public static void EndImports(WriteScope scope, IReadOnlyList<long> deadReplicas)
    {
        foreach (var import in Running(scope).Where(row => row.ReplicaId == 0 || deadReplicas.Contains(row.ReplicaId)))
        {
            Abandon(scope, import.ImportId, import.ReplicaId);
        }
    }

    /// <summary>Removes what this server could not remove when its import ended, so that no other has to wait for it.</summary>
    public async Task EndOwnAsync()
    {
        if (!_mayHaveLeft || !await _one.WaitAsync(0))
        {
            return;
        }

        try
        {
            await writer.WriteAsync(scope => EndImports(scope, [scope.ReplicaId]), CancellationToken.None);
            _mayHaveLeft = false;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Refuses to store more of an import that was ended meanwhile, by another server that gave this one up for dead.</summary>
    public static void RequireRunning(WriteScope scope, long importId)
    {
        if (!IsRunning(scope, importId, scope.ReplicaId))
        {
            throw RefusedException.By(StoreUnavailableException.Unreachable);
        }
    }

    public void Dispose() => _one.Dispose();

    private static List<ImportRow> Running(WriteScope scope) => scope.Db.Set<ImportRow>().AsNoTracking().Where(row => row.State == ImportState.Running).ToList();

    private ImportStart Begin(WriteScope scope, string sourceDeliveryId)
    {
        foreach (var import in Running(scope))
        {
            if (import.ReplicaId != scope.ReplicaId)
            {
                throw RefusedException.By("E_IMPORT_IN_PROGRESS");
            }

            // This server runs none: what is there could not be removed when it ended.
            Abandon(scope, import.ImportId, scope.ReplicaId);
        }

        var generations = partitions.RequireAll(scope).ToDictionary(row => row.PartitionId, row => (row.CurrentGeneration + 1, row.WrappedKey));
        var importId = (scope.Db.Set<ImportRow>().Max(row => (long?)row.ImportId) ?? 0) + 1;
        scope.Db.Add(new ImportRow { ImportId = importId, SourceDeliveryId = sourceDeliveryId, State = ImportState.Running, ReplicaId = scope.ReplicaId });
        scope.Db.SaveChanges();
        return new ImportStart(importId, sourceDeliveryId, generations, keys);
    }

    private ImportResultsResponse Complete(WriteScope scope, ImportRun run, Caller caller, byte[] fileDigest)
    {
        RequireRunning(scope, run.ImportId);
        var report = Summary(run);
        foreach (var partition in run.Partitions)
        {
            var quality = partition.QualityReport(run.SourceDeliveryId);
            var digest = LogHash.Of(quality);
            scope.Execute(
                "UPDATE result_generation SET state = $2 WHERE partition_id = $1 AND state = $3",
                partition.Partition.Id, (int)GenerationState.Superseded, (int)GenerationState.Current);
            scope.Db.Add(new GenerationRow
            {
                PartitionId = partition.Partition.Id,
                Generation = partition.Generation,
                ImportId = run.ImportId,
                State = GenerationState.Current,
                Rows = partition.AcceptedRows,
                VoluntaryRows = partition.VoluntaryRows,
                QualityReport = quality,
                QualityDigest = digest.ToArray(),
            });
            scope.Execute("UPDATE result_partition SET current_generation = $2 WHERE partition_id = $1", partition.Partition.Id, partition.Generation);
            var leaf = log.Append(scope, LeafDraft.ResultsImported(
                caller.Actor, partition.Partition.ToString(), partition.Generation, partition.AcceptedRows, partition.RejectedRows, partition.VoluntaryRows, run.SourceDeliveryId, digest));
            report.Partitions.Add(new ImportedPartition
            {
                Partition = partition.Partition.ToString(),
                Generation = partition.Generation,
                RowCount = partition.AcceptedRows,
                LogIndex = leaf.Index,
            });
        }

        var row = scope.Db.Set<ImportRow>().Single(row => row.ImportId == run.ImportId);
        (row.State, row.FileDigest, row.Report) = (ImportState.Completed, fileDigest, report.ToByteArray());
        scope.Db.SaveChanges();
        PartitionStore.RemoveSuperseded(scope);
        Quarantine.RemoveUnread(scope, run.ImportId);
        return report;
    }

    private static ImportResultsResponse Summary(ImportRun run) => new()
    {
        SourceDeliveryId = run.SourceDeliveryId,
        AcceptedRowCount = run.AcceptedRows,
        RejectedRowCount = run.RejectedRows,
        WarnedRowCount = run.WarnedRows,
        VoluntaryRowCount = run.Partitions.Sum(partition => partition.VoluntaryRows),
        Findings = { run.Findings.All().Select(found => ImportedQuality.Message(found.Code.Reason, found.Rows, found.FirstRowNumbers)) },
    };

    private static bool IsRunning(WriteScope scope, long importId, long replicaId)
    {
        using var command = scope.Command("SELECT 1 FROM import WHERE import_id = $1 AND state = $2 AND replica_id = $3", importId, (int)ImportState.Running, replicaId);
        return command.ExecuteScalar() is not null;
    }

    private static void Abandon(WriteScope scope, long importId, long replicaId)
    {
        if (!IsRunning(scope, importId, replicaId))
        {
            return;
        }

        scope.Execute("DELETE FROM quarantine WHERE import_id = $1", importId);
        scope.Execute("DELETE FROM import WHERE import_id = $1", importId);
        PartitionStore.RemoveUnfinished(scope);
    }
}
