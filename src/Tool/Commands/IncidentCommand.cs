using System.CommandLine;
using Delivery.Client.Extracts;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery incident</c>: what a report of a personal data breach needs to say about an extract.</summary>
internal static class IncidentCommand
{
    public static Command Create()
    {
        var extract = new Argument<string>("EXTRACT") { Description = "The extract; 'delivery project show' and 'delivery log list --project' name it." };
        var command = new ToolCommand(
            "incident",
            "Writes what a report of a personal data breach (GDPR Article 33) needs about one extract: what, of whom, how much, to whom and when.",
            ["delivery incident UNI-2026-017-V1-NT-1", "delivery incident UNI-2026-017-V1-NT-1 --as auditor --json"])
        {
            extract,
        };
        var connection = new ConnectionOptions(command, "stil-approvals");
        return command.Runs(async (parse, terminal, cancellation) =>
        {
            using var client = connection.Read(parse).Open();
            var report = await client.Extracts.GetIncidentReportAsync(parse.GetRequiredValue(extract), cancellation);
            terminal.Answer(report, Lines(report));
            return ExitCode.Done;
        });
    }

    private static IEnumerable<string> Lines(IncidentReport report)
    {
        yield return $"extract     {report.ExtractId}, {report.State}";
        yield return $"project     {report.ProjectId}, approval version {report.ApprovalVersion}";
        yield return $"controller  {report.ControllerName} (CVR {report.ControllerCvr})";
        yield return $"recipient   CVR {report.RecipientCvr}, project {report.DstProjectNumber} at Danmarks Statistik";
        yield return $"rows        at most {Quantity.Count(report.ReleasedRowsMax)} left; {Quantity.Count(report.AcknowledgedRows)} acknowledged";
        yield return $"tests       {string.Join(' ', report.Partitions)}";
        foreach (var subjects in report.DataSubjectCategories)
        {
            yield return $"subjects    {subjects}";
        }

        foreach (var data in report.DataCategories)
        {
            yield return $"data        {data}";
        }

        foreach (var call in report.Calls)
        {
            var ended = call.EndedAt is { } end ? $"to {Values.Text(end)}, {call.Outcome}" : "and still running";
            yield return $"call        {Values.Text(call.OpenedAt)} {ended}; id {call.CallId}, client key {call.ClientSpkiSha256}";
        }
    }
}
