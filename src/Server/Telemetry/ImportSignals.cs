using System.Diagnostics;

namespace Delivery.Server.Telemetry;

/// <summary>What one import tells of itself. Belongs to the import.</summary>
internal sealed class ImportSignals : IDisposable
{
    private readonly Activity? _span;
    private string _outcome = "abandoned";

    /// <param name="importId">The import's number in this store.</param>
    public ImportSignals(long importId)
    {
        ServerMetrics.OpenImports.Add(1);
        _span = ServerTraces.Start("delivery.import")?.SetTag("delivery.import.id", importId);
    }

    /// <summary>It is current now.</summary>
    /// <param name="accepted">Rows accepted.</param>
    /// <param name="rejected">Rows set aside.</param>
    /// <param name="faults">How often each code was found.</param>
    public void Complete(long accepted, long rejected, IEnumerable<(string Code, long Rows)> faults)
    {
        _outcome = "completed";
        ServerMetrics.ImportedRows.Add(accepted, new KeyValuePair<string, object?>("delivery.outcome", "accepted"));
        ServerMetrics.ImportedRows.Add(rejected, new KeyValuePair<string, object?>("delivery.outcome", "rejected"));
        foreach (var (code, rows) in faults)
        {
            ServerMetrics.ImportFaults.Add(rows, new KeyValuePair<string, object?>("delivery.code", code));
        }

        _span?.SetTag("delivery.rows.accepted", accepted).SetTag("delivery.rows.rejected", rejected);
    }

    public void Dispose()
    {
        ServerMetrics.OpenImports.Add(-1);
        ServerMetrics.EndedImports.Add(1, new KeyValuePair<string, object?>("delivery.outcome", _outcome));
        _span?.SetTag("delivery.outcome", _outcome);
        if (_outcome != "completed")
        {
            _span.Fail(_outcome);
        }

        _span?.Dispose();
    }
}
