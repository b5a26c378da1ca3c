using Delivery.Protocol.Documentation;
using Delivery.Protocol.Domain;
using Delivery.Protocol.Domain.Errata;

namespace Delivery.Tests.Documentation;

/// <summary>A codebook of every test, year and variable, with an erratum.</summary>
internal static class SampleCodebook
{
    public static Scope Everything { get; } = new(
        [.. TestCatalogue.Partitions.Select(key => new Selection(key.Programme, key.Subject, [key.Grade], [key.SchoolYear]))],
        [.. VariableCatalogue.All.Select(variable => new VariableRequest(variable.Code, "x"))],
        Population.All);

    public static Erratum Erratum { get; } = new(
        "E-1",
        ErratumSeverity.Fault,
        [new(new PartitionKey(Programme.NT, new SchoolYear(2014), Subject.DanishReading, 2), null)],
        VariableSet.Of(VariableId.CriterionLevel),
        new("Niveauet <b>| er forkert", "The level <b>| is wrong"));

    public static Codebook Of(Scope scope) => new()
    {
        ProjectId = "P-17",
        ApprovalVersion = 2,
        CaseNumber = "26/01234",
        ControllerName = "Instituttet | for <test> & *måling*",
        ControllerCvr = "10000009",
        DstProjectNumber = "700123",
        PeriodFrom = new DateOnly(2026, 1, 1),
        PeriodTo = new DateOnly(2027, 12, 31),
        DeletionDue = new DateOnly(2028, 3, 31),
        MadeOn = new DateOnly(2026, 11, 22),
        Warnings = ComparabilityRules.For(scope),
        Data = [.. scope.Programmes.Select(programme => Data(scope, programme))],
    };

    private static CodebookData Data(Scope scope, Programme programme)
    {
        var partitions = scope.PartitionsOf(programme)
            .Select((key, index) => new CodebookPartition(key, index % 3, index % 3 == 0 ? null : new QualityDocument(key.ToString(), index % 3, "batch-1", 100, 2, 25, [("E_CPR_FORMAT", 2), ("I_VOLUNTARY", 25)])))
            .ToList();
        var hits = Erratum.In(scope.RestrictedTo(programme), partitions.Select(partition => (partition.Partition, 1L)));
        return new CodebookData(
            programme, $"P-17-V2-{programme.Code()}-1", IsDelivered: programme == Programme.NT, scope.ColumnsOf(programme), partitions, hits.Count == 0 ? [] : [new CodebookErratum(Erratum, hits, 41)]);
    }
}
