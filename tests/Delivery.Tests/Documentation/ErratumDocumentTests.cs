using System.Text;
using Delivery.Protocol.Arrow;
using Delivery.Protocol.Domain;
using Delivery.Protocol.Domain.Errata;

namespace Delivery.Tests.Documentation;

public class ErratumDocumentTests
{
    private static readonly PartitionKey First = new(Programme.NT, new SchoolYear(2014), Subject.DanishReading, 2);

    private static readonly Erratum Sample = new(
        "E-1", ErratumSeverity.Fault, [new(First, 3), new(First with { Grade = 4 }, null)], VariableSet.Of(VariableId.CriterionLevel), new("Tekst med \"æøå\"", "Text <&>"));

    [Fact]
    public void An_erratum_has_one_form_in_bytes()
    {
        const string form = """{"v":1,"erratum_id":"E-1","severity":"FAULT","partitions":[{"partition":"NT-DAN-2-2014","last_generation":3},{"partition":"NT-DAN-4-2014"}],"columns":["criterion_level"],"text_da":"Tekst med \"æøå\"","text_en":"Text <&>"}""";
        Assert.Equal(form, Encoding.UTF8.GetString(ErratumDocument.Write(Sample)));
        Assert.Equal(form, Encoding.UTF8.GetString(ErratumDocument.Write(ErratumDocument.Read(Encoding.UTF8.GetBytes(form)))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"v\":1}")]
    [InlineData("""{"v":2,"erratum_id":"E-1","severity":"FAULT","partitions":[],"columns":[],"text_da":"","text_en":""}""")]
    [InlineData("""{"v":1,"erratum_id":"E-1","severity":"fault","partitions":[],"columns":[],"text_da":"","text_en":""}""")]
    [InlineData("""{"v":1,"erratum_id":"E-1","severity":"FAULT","partitions":[{"partition":"NT"}],"columns":[],"text_da":"","text_en":""}""")]
    public void Anything_else_is_no_erratum(string text) => Assert.Throws<FormatException>(() => ErratumDocument.Read(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData(2, 1, true)]
    [InlineData(2, 3, true)]
    [InlineData(2, 4, false)]
    [InlineData(2, 0, true)]
    [InlineData(4, 99, true)]
    [InlineData(6, 1, false)]
    public void It_concerns_the_imports_it_names_and_those_nobody_recorded(byte grade, long generation, bool isConcerned) =>
        Assert.Equal(isConcerned, Sample.Concerns(First with { Grade = grade }, generation));

    [Fact]
    public void A_column_nobody_received_is_not_concerned()
    {
        var scope = new Scope([new(Programme.NT, Subject.DanishReading, [2], [First.SchoolYear])], [new("points_0_50", "x"), new("criterion_level", "x")], Population.All);
        Assert.Equal([VariableId.CriterionLevel], Assert.Single(Sample.In(scope, [(First, 1)])).Columns.ToList().Select(variable => variable.Id));
        Assert.Empty(Sample.In(scope with { Variables = [new("points_0_50", "x")] }, [(First, 1)]));
        Assert.Equal(2, Assert.Single((Sample with { Columns = default }).In(scope, [(First, 1)])).Columns.Count);
    }

    [Fact]
    public void Errata_travel_through_a_schema_and_leave_no_trace_where_there_are_none()
    {
        CarriedErratum carried = new(Sample, ErratumDocument.Write(Sample), Sample.Columns);
        var metadata = ArrowMetadata.Of([.. ErrataMetadata.OfSchema([carried])]);
        Assert.Equal(carried.Document, ErratumDocument.Write(Assert.Single(ErrataMetadata.Read(metadata))));
        Assert.Equal([("errata", "E-1")], ErrataMetadata.OfField(VariableId.CriterionLevel, [carried]));
        Assert.Empty(ErrataMetadata.OfField(VariableId.Points0To50, [carried]));
        Assert.Empty(ErrataMetadata.OfSchema([]));
        Assert.Empty(ErrataMetadata.Read(ArrowMetadata.Empty));
        Assert.Throws<FormatException>(() => ErrataMetadata.Read(ArrowMetadata.Of(("delivery:errata", "E-1"))));
    }
}
