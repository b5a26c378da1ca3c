using System.Text;
using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Extracts;
using Delivery.EndToEnd.Results;
using Delivery.EndToEnd.Running;
using Delivery.Protocol.Arrow;
using Delivery.Protocol.V1;

namespace Delivery.EndToEnd.Documentation;

/// <summary>What tests of errata do and look at.</summary>
internal sealed class Errata(RunningServer server)
{
    public ErratumService.ErratumServiceClient Agency { get; } = new(server.Channel("stil-approvals"));

    public ErratumService.ErratumServiceClient Auditor { get; } = new(server.Channel("auditor"));

    /// <summary>A caveat about the level in Danish, grade 2, of one school year.</summary>
    public static RegisterErratumRequest About(string id, int startYear = 2014) => new()
    {
        ErratumId = id,
        Severity = ErratumSeverity.Caveat,
        Programme = Programme.Nt,
        Subjects = { Subject.DanishReading },
        Grades = { 2 },
        SchoolYears = { startYear },
        Columns = { "criterion_level" },
        Reach = ErratumReach.EveryGeneration,
        TextDa = "Niveauet bygger på en foreløbig skæring",
        TextEn = "The level rests on a preliminary cut",
    };

    public async Task<Erratum> RegisterAsync(RegisterErratumRequest request) => (await Agency.RegisterErratumAsync(request)).Erratum;

    /// <summary>The deliveries an erratum concerns, of some projects of the test's own.</summary>
    public async Task<IReadOnlyList<AffectedDelivery>> AffectedAsync(string id, params string[] projects) =>
        [.. (await Auditor.ListAffectedDeliveriesAsync(new ListAffectedDeliveriesRequest { ErratumId = id })).Deliveries.Where(delivery => projects.Contains(delivery.ProjectId))];

    /// <summary>Approves a project; without a change it is Danish in grades 2 and 4 over three years.</summary>
    public async Task ApproveAsync(string projectId, Action<ProjectApproval>? change = null, IEnumerable<string>? acknowledged = null)
    {
        var approval = SampleApproval.Of(server, projectId);
        change?.Invoke(approval);
        approval.AcknowledgedWarnings.Add(acknowledged ?? []);
        await server.PushAsync(approval);
    }

    /// <summary>Pulls and acknowledges what a project may have; the ids of its holdings and the schemas it came with.</summary>
    public async Task<IReadOnlyList<(string Holding, ArrowSchema Schema)>> DeliverAsync(DstRecipient recipient, string projectId)
    {
        var delivered = new List<(string, ArrowSchema)>();
        foreach (var extract in await recipient.ListAsync(projectId))
        {
            using var stream = await recipient.PullAsync(extract);
            Assert.Equal(extract.Schema, stream.Header.Schema);
            delivered.Add(((await recipient.AcknowledgeAsync(server, stream)).HoldingId, Schema(extract)));
        }

        return delivered;
    }

    public static ArrowSchema Schema(Extract extract) =>
        ArrowSchemaReader.Read(extract.Schema.Span[..(int)ArrowMessage.ReadNext(extract.Schema.Span).MessageLength]);

    /// <summary>The ids a schema carries.</summary>
    public static IEnumerable<string> Carried(ArrowSchema schema) => ErrataMetadata.Read(schema.Metadata).Select(erratum => erratum.Id);

    /// <summary>Imports one test and year again, with the level of its first pupil changed.</summary>
    public async Task CorrectAsync(ResultsFile file, string testCode, int startYear, string deliveryId)
    {
        var lines = file.Lines.Where(line => line.TestCode == testCode && line.StartYear == startYear).ToList();
        lines[0] = lines[0].With("criterion_level", lines[0]["criterion_level"] == "3" ? "4" : "3");
        var text = new StringBuilder(Client.Synthetic.SyntheticCsvWriter.Header).Append("\r\n");
        lines.ForEach(line => text.Append(line).Append("\r\n"));
        var report = await server.Channel("stil-intake").ImportAsync(deliveryId, Encoding.UTF8.GetBytes(text.ToString()));
        Assert.Equal(lines.Count, report.AcceptedRowCount);
    }
}
