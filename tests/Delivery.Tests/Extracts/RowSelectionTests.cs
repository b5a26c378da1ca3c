using Delivery.Protocol.Domain;
using Delivery.Server.Extracts;
using Delivery.Server.Storage;
using Delivery.Tests.Storage;

namespace Delivery.Tests.Extracts;

public sealed class RowSelectionTests : IDisposable
{
    private static readonly PartitionKey Ordinary = Key(2014);
    private static readonly PartitionKey PandemicYear = Key(2019);

    private readonly TemporaryStore _store = new();

    [Theory]
    [InlineData(2014)]
    [InlineData(2019)]
    public async Task Exactly_the_rows_that_population_and_obligation_let_out_are_selected(int year)
    {
        var partition = Key(year);
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var rows = SampleSegment.Draw(seed, random.Next(1, 80));
            var population = new Population(
                PopulationKind.Filter,
                random.Next(2) == 0 ? [] : [.. Enumerable.Range(0, 4).Where(_ => random.Next(2) == 0).Select(at => new InstitutionNumber(900_001 + at))],
                random.Next(2) == 0 ? [] : [.. Enumerable.Range(2004, 5).Where(_ => random.Next(2) == 0)],
                []);

            var segment = await SampleSegment.StoreAsync(_store, partition, rows);

            var selected = Select(segment, population, out var isEvery);
            int[] expected = [.. Enumerable.Range(0, rows.Count).Where(at => MayLeave(rows[at], partition, population))];
            Assert.Equal(expected, selected);
            Assert.True(!isEvery || expected.Length == rows.Count);
        }
    }

    [Fact]
    public async Task A_voluntary_result_never_leaves()
    {
        ResultRow[] rows = [Row(Obligation.Voluntary), Row(Obligation.Obligatory), Row(Obligation.Voluntary)];

        var ordinary = await SampleSegment.StoreAsync(_store, Ordinary, rows);
        var pandemic = await SampleSegment.StoreAsync(_store, PandemicYear, rows);

        Assert.Equal([1], Select(ordinary, Population.All, out _));
        Assert.Empty(Select(pandemic, Population.All, out _));
    }

    [Fact]
    public async Task A_replacement_number_belongs_to_no_year_of_birth()
    {
        var segment = await SampleSegment.StoreAsync(_store, Ordinary, [Row(Obligation.Obligatory)]);
        var born = new Population(PopulationKind.Filter, [], [2008], []);

        Assert.Equal([0], Select(segment, born, out _));
        Assert.Empty(Select(segment, born, out _, CprPolicy.Production));
    }

    [Fact]
    public async Task A_segment_moved_to_another_place_does_not_open()
    {
        var rows = SampleSegment.Draw(1, 30);
        var segment = await SampleSegment.StoreAsync(_store, Ordinary, rows);
        SegmentPlace[] elsewhere =
        [
            segment with { Partition = PandemicYear },
            segment with { Generation = segment.Generation + 1 },
            segment with { Ordinal = segment.Ordinal + 1 },
            segment with { Rows = segment.Rows - 1 },
        ];

        using var reader = new SegmentReader(_store.Store, _store.Keys);
        Assert.All(elsewhere, place => Assert.ThrowsAny<Exception>(() => reader.Read(place, StoredColumn.CprNumber).NullCount));
        Assert.Equal(0, reader.Read(segment, StoredColumn.CprNumber).NullCount);
    }

    [Fact]
    public async Task Nothing_of_a_pupil_stands_readable_in_the_database()
    {
        var rows = SampleSegment.Draw(2, 200);
        await SampleSegment.StoreAsync(_store, Ordinary, rows);
        await _store.RestartAsync();
        var stored = string.Concat(Directory.EnumerateFiles(_store.Folder, "delivery.db*").Select(file => System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file))));

        Assert.All(rows.Select(row => row.Cpr).Distinct(), number =>
        {
            Span<byte> text = stackalloc byte[CprNumber.Size];
            number.CopyTo(text);
            Assert.DoesNotContain(System.Text.Encoding.Latin1.GetString(text), stored, StringComparison.Ordinal);
        });
        Assert.DoesNotContain("900001", stored, StringComparison.Ordinal);
    }

    public void Dispose() => _store.Dispose();

    private static PartitionKey Key(int year) => new(Programme.NT, new SchoolYear(year), Subject.DanishReading, 2);

    private static ResultRow Row(Obligation obligation) => SampleSegment.Draw(3, 1)[0] with
    {
        Obligation = obligation,
        Cpr = CprNumber.TryParse("7503084001", out var number) ? number : default,
    };

    // The same question, answered row by row from what was given in.
    private static bool MayLeave(ResultRow row, PartitionKey partition, Population population) =>
        (partition.SchoolYear.StartYear == 2019
            ? row.Obligation is Obligation.ObligatorySample2020 or Obligation.ObligatoryLow202020
            : row.Obligation == Obligation.Obligatory)
        && (population.Institutions.Count == 0 || population.Institutions.Contains(row.Institution))
        && (population.BirthYears.Count == 0 || population.BirthYears.Contains(row.Cpr.BirthDate(CprPolicy.Synthetic)!.Value.Year));

    private int[] Select(SegmentPlace segment, Population population, out bool isEvery, CprPolicy policy = CprPolicy.Synthetic)
    {
        using var reader = new SegmentReader(_store.Store, _store.Keys);
        return new RowSelection(population, policy).Select(reader, segment, out isEvery).ToArray();
    }
}
