using Delivery.Protocol.Log;
using Delivery.Protocol.V1;
using Delivery.Server.Storage;
using Delivery.Server.TransferLog;

namespace Delivery.Server.Approvals;

/// <summary>The record of processing activities about one project (GDPR Article 30), from the approval in force and the log.</summary>
internal sealed class ProcessingRecord(Store store)
{
    /// <summary>Categories of data subjects, Danish and English.</summary>
    public static IReadOnlyList<string> DataSubjects { get; } =
    [
        "Elever i folkeskolen, der har taget en obligatorisk national test / Pupils of the public school who took an obligatory national test",
    ];

    // Each line is something the server does; docs/threat-model.md says what it does not cover.
    private static readonly string[] SecurityMeasures =
    [
        "Gensidig TLS 1.3 med rolletabel / Mutual TLS 1.3 with a role table",
        "Resultater forseglet i databasen med en nøgle pr. testpartition / Results sealed in the database under a key per partition",
        "Udtræk forseglet til Danmarks Statistik fra ende til anden / Extracts sealed end to end to Statistics Denmark",
        "Cpr-numre pseudonymiseres, før nogen forsker ser en række / CPR numbers are pseudonymised before any researcher sees a row",
        "Kun godkendte tests, variable og elever forlader STIL / Only approved tests, variables and pupils leave STIL",
        "Hver levering står i en beviselig log, før en byte sendes / Every delivery stands in a provable log before a byte leaves",
    ];

    /// <summary>The record of a project.</summary>
    public GetProcessingRecordResponse Of(ApprovedProject project, Project message) => new()
    {
        Project = message,
        Approval = ProjectApproval.Parser.ParseFrom(project.InForce.Document),
        DataSubjectCategories = { DataSubjects },
        DataCategories = { project.Approval.Scope.VariableSet.ToList().Select(variable => $"{variable.Code}: {variable.Label}") },
        SecurityMeasures = { SecurityMeasures },
        Events = { Events(project.Row.ProjectId) },
    };

    private IEnumerable<RecordedEvent> Events(string projectId)
    {
        using var log = new LogReader(store);
        return [.. log.Leaves(0, long.MaxValue, projectId, organisation: "").Select(appended =>
        {
            var leaf = Leaf.Parse(appended.Body);
            return new RecordedEvent { LogIndex = leaf.Index, RecordTimeMs = leaf.TimestampMs, Type = leaf.Type.WireName(), Organisation = leaf.Actor.Organisation };
        })];
    }
}
