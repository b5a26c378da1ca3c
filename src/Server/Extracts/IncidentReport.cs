using Delivery.Protocol.Log;
using Delivery.Protocol.V1;
using Delivery.Server.Approvals;
using Delivery.Server.Refusals;
using Delivery.Server.Storage;
using Delivery.Server.TransferLog;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Delivery.Server.Extracts;

/// <summary>What a report of a personal data breach needs to say about one extract (GDPR Article 33): what, of whom, how much, to whom, when.</summary>
internal sealed class IncidentReport(Store store, IOptions<ExtractOptions> options)
{
    public GetIncidentReportResponse Of(string extractId) => store.Read(db =>
    {
        var extract = db.Set<ExtractRow>().AsNoTracking().FirstOrDefault(row => row.ExtractId == extractId) ?? throw RefusedException.By("E_NOT_FOUND", "extract");
        var project = ApprovedProject.Find(db, extract.ProjectId)!;
        var approval = ApprovedProject.Version(db, extract.ProjectId, extract.ApprovalVersion);
        var programme = (Protocol.Domain.Programme)extract.Programme;
        var ranges = db.Set<ExtractRangeRow>().AsNoTracking().Where(row => row.ExtractId == extractId).ToList();
        return new GetIncidentReportResponse
        {
            ExtractId = extractId,
            ProjectId = extract.ProjectId,
            ApprovalVersion = extract.ApprovalVersion,
            ControllerName = approval.Controller!.Name,
            ControllerCvr = project.Row.ControllerCvr,
            RecipientCvr = options.Value.RecipientOrganisation,
            DstProjectNumber = approval.Recipient.DstProjectNumber,
            State = WireName(extract.State),
            ReleasedRowCountMax = ranges.Count == 0 ? 0 : ranges.Max(row => row.RowsBefore),
            AcknowledgedRowCount = extract.State == ExtractState.Acknowledged ? extract.Rows : 0,
            Partitions = { approval.Scope.PartitionsOf(programme).Select(partition => partition.ToString()) },
            DataCategories = { approval.Scope.ColumnsOf(programme).Select(variable => $"{variable.Code}: {variable.Label}") },
            DataSubjectCategories = { ProcessingRecord.DataSubjects },
            Calls = { Calls(extract) },
        };
    });

    private IEnumerable<IncidentCall> Calls(ExtractRow extract)
    {
        using var log = new LogReader(store);
        var calls = new Dictionary<string, IncidentCall>(StringComparer.Ordinal);
        foreach (var leaf in log.Leaves(0, long.MaxValue, extract.ProjectId, organisation: "").Select(appended => Leaf.Parse(appended.Body)).Where(leaf => leaf.ExtractId == extract.ExtractId))
        {
            switch (leaf.Type)
            {
                case LeafType.ExtractOpened:
                    calls[leaf.Text("call_id")] = new IncidentCall
                    {
                        CallId = leaf.Text("call_id"), ClientSpkiSha256 = leaf.Text("client_spki_sha256"), OpenTimeMs = leaf.TimestampMs,
                    };
                    break;
                case LeafType.ExtractCompleted:
                    (calls[leaf.Text("call_id")].EndTimeMs, calls[leaf.Text("call_id")].Outcome) = (leaf.TimestampMs, "COMPLETED");
                    break;
                case LeafType.ExtractAborted:
                    (calls[leaf.Text("call_id")].EndTimeMs, calls[leaf.Text("call_id")].Outcome) = (leaf.TimestampMs, leaf.Text("reason_code"));
                    break;
                default:
                    break;
            }
        }

        return calls.Values.OrderBy(call => call.OpenTimeMs);
    }

    private static string WireName(ExtractState state) => state switch
    {
        ExtractState.Open => "OPEN",
        ExtractState.Completed => "COMPLETED",
        ExtractState.Acknowledged => "ACKNOWLEDGED",
        ExtractState.Abandoned => "ABANDONED",
    };
}
