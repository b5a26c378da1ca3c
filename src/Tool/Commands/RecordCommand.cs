using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Delivery.Client.Approvals;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery record</c>: the record of processing activities about a project.</summary>
internal static class RecordCommand
{
    public static Command Create()
    {
        var project = new Argument<string>("PROJECT") { Description = "The project." };
        var command = new ToolCommand(
            "record",
            "Writes the record of processing activities (GDPR Article 30) about a project, with everything the transfer log holds about it.",
            ["delivery record UNI-2026-017", "delivery record UNI-2026-017 --as auditor --json"])
        {
            project,
        };
        var connection = new ConnectionOptions(command, "stil-approvals");
        return command.Runs(async (parse, terminal, cancellation) =>
        {
            using var client = connection.Read(parse).Open();
            var record = await client.Approvals.GetProcessingRecordAsync(parse.GetRequiredValue(project), cancellation);
            terminal.Answer(Document(record), Lines(record));
            return ExitCode.Done;
        });
    }

    private static object Document(ProcessingRecord record) => new
    {
        record.Project,
        record.CaseNumber,
        record.Purposes,
        record.Processors,
        record.Countries,
        record.ThirdParties,
        record.DataSubjectCategories,
        record.DataCategories,
        record.SecurityMeasures,
        record.Events,
        Approval = JsonNode.Parse(record.ApprovalJson),
    };

    private static IEnumerable<string> Lines(ProcessingRecord record)
    {
        var project = record.Project;
        yield return $"project      {project.ProjectId}, version {project.Version}, {project.State}; STIL's case {record.CaseNumber}";
        yield return $"controller   {project.ControllerName} (CVR {project.ControllerCvr})";
        foreach (var processor in record.Processors)
        {
            yield return $"processor    {processor.Name} (CVR {processor.Cvr}), agreement {processor.AgreementReference}";
        }

        yield return $"purpose      {string.Join(", ", record.Purposes)}";
        yield return $"recipient    project {project.DstProjectNumber} at Danmarks Statistik";
        yield return $"third party  {(record.ThirdParties.Count == 0 ? "none" : string.Join(", ", record.ThirdParties))}";
        yield return $"countries    {string.Join(' ', record.Countries)}";
        yield return $"period       {Values.Text(project.PeriodFrom)} to {Values.Text(project.PeriodTo)}; delete by {Values.Text(project.DeletionDue)}";
        yield return $"tests        {string.Join(' ', project.Partitions)}";
        foreach (var line in Section("subjects", record.DataSubjectCategories).Concat(Section("data", record.DataCategories)).Concat(Section("security", record.SecurityMeasures)))
        {
            yield return line;
        }

        foreach (var holding in project.Holdings)
        {
            yield return $"holding      {holding.HoldingId}: {Quantity.Count(holding.RowCount)} rows on {Values.Text(holding.DeliveredOn)}, delete by {Values.Text(holding.DeletionDue)}, {holding.State}{(holding.WasOverdue ? ", was overdue" : "")}";
        }

        foreach (var entry in record.Events)
        {
            yield return $"log          {entry.LogIndex.ToString(CultureInfo.InvariantCulture),6}  {Values.Text(entry.Time)}  {entry.Type}  by {entry.Organisation}";
        }
    }

    private static IEnumerable<string> Section(string title, IReadOnlyList<string> lines) => lines.Select(line => $"{title,-12} {line}");
}
