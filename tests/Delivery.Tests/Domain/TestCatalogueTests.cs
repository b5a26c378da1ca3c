using System.Globalization;
using Delivery.Protocol.Domain;

namespace Delivery.Tests.Domain;

public class TestCatalogueTests
{
    [Fact]
    public void The_grid_makes_exactly_the_tests_of_the_published_overview()
    {
        var expected = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "vectors", "test_catalogue.csv")).Skip(1)
            .Select(line => line.Split(','))
            .Select(field => (Programme: field[0], Subject: field[1].Replace("_", "", StringComparison.Ordinal), Grade: field[2], Start: field[3], Year: field[4], Code: field[5]))
            .Order().ToArray();
        var made = TestCatalogue.Partitions
            .Select(key => (key.Programme.Code(), key.Subject.ToString().ToUpperInvariant(), $"{key.Grade}", $"{key.SchoolYear.StartYear}", key.SchoolYear.ToString(), key.TestCode.ToString()))
            .Order().ToArray();
        Assert.Equal(170, made.Length);
        Assert.Equal(expected, made);
    }

    [Fact]
    public void Every_school_year_has_ten_tests_of_one_programme()
    {
        Assert.Equal(17, TestCatalogue.SchoolYears.Count);
        Assert.All(TestCatalogue.SchoolYears, year =>
        {
            Assert.Equal(10, TestCatalogue.In(year).Count);
            Assert.Equal([TestCatalogue.ProgrammeIn(year)], TestCatalogue.In(year).Select(key => key.Programme).Distinct());
        });
        Assert.Equal(130, TestCatalogue.Of(Programme.NT).Count);
        Assert.Equal(40, TestCatalogue.Of(Programme.FNO).Count);
    }

    [Theory]
    [InlineData("NT-MAT-8-2016", false)]
    [InlineData("NT-MAT-8-2017", true)]
    [InlineData("NT-ENG-4-2016", false)]
    [InlineData("NT-ENG-4-2017", true)]
    [InlineData("NT-GEO-8-2016", true)]
    [InlineData("NT-GEO-8-2017", false)]
    [InlineData("NT-BIO-8-2017", false)]
    [InlineData("NT-DAN-3-2014", false)]
    [InlineData("NT-DAN-2-2008", false)]
    [InlineData("NT-DAN-2-2022", false)]
    [InlineData("FNO-DAN-3-2022", true)]
    [InlineData("FNO-MAT-3-2022", false)]
    [InlineData("FNO-DAN-2-2026", false)]
    public void The_footnotes_of_the_overview_are_kept(string key, bool held)
    {
        Assert.True(PartitionKey.TryParse(key, out var partition));
        Assert.Equal(held, TestCatalogue.Contains(partition));
    }

    [Fact]
    public void No_test_of_another_grade_is_taken_for_one_there_is()
    {
        // Grade 12 of Danish and grade 2 of mathematics make the same number.
        var stranger = new PartitionKey(Programme.FNO, new SchoolYear(2022), Subject.DanishReading, 12);
        Assert.Equal(new PartitionKey(Programme.FNO, new SchoolYear(2022), Subject.Mathematics, 2).Id, stranger.Id);
        Assert.False(TestCatalogue.Contains(stranger));

        var held = TestCatalogue.Partitions.ToHashSet();
        Assert.All(TestCatalogue.Grid.SelectMany(row => SchoolYear.Range(new SchoolYear(2008), new SchoolYear(2026)).Select(year => (row, year))), asked =>
        {
            foreach (var grade in Enumerable.Range(0, byte.MaxValue + 1))
            {
                var key = new PartitionKey(asked.row.Programme, asked.year, asked.row.Subject, (byte)grade);
                Assert.Equal(held.Contains(key), TestCatalogue.Contains(key));
            }
        });
    }

    [Fact]
    public void Twelve_adaptive_and_ten_linear_tests_exist()
    {
        Assert.Equal(12, TestCatalogue.Tests.Count(test => test.Programme.Form() == TestForm.Adaptive));
        Assert.Equal(10, TestCatalogue.Tests.Count(test => test.Programme.Form() == TestForm.Linear));
        Assert.Equal(TimeSpan.FromMinutes(30), TestCatalogue.Duration(new TestCode(Programme.FNO, Subject.DanishReading, 2)));
        Assert.Null(TestCatalogue.Duration(new TestCode(Programme.NT, Subject.DanishReading, 2)));
    }

    [Fact]
    public void Every_window_lies_inside_its_school_year()
    {
        Assert.Equal(17, TestWindow.Defaults.Count);
        Assert.All(TestWindow.Defaults, window => Assert.All(window.Spans, span =>
        {
            Assert.True(span.From <= span.To);
            Assert.True(window.SchoolYear.Contains(span.From) && window.SchoolYear.Contains(span.To));
        }));
    }

    [Theory]
    [InlineData(2009, "2010-02-01", true)]
    [InlineData(2009, "2010-01-31", false)]
    [InlineData(2010, "2011-01-10", true)]
    [InlineData(2017, "2018-02-28", false)]
    [InlineData(2020, "2021-06-11", true)]
    [InlineData(2022, "2022-10-31", false)]
    [InlineData(2022, "2022-11-07", true)]
    [InlineData(2024, "2024-09-01", true)]
    [InlineData(2024, "2024-11-01", false)]
    public void The_window_knows_the_months_of_the_year(int startYear, string date, bool inside) =>
        Assert.Equal(inside, TestWindow.For(new SchoolYear(startYear)).Contains(DateOnly.Parse(date, CultureInfo.InvariantCulture)));
}
