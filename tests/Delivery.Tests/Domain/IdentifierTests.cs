using System.Globalization;
using Delivery.Protocol.Domain;
using FsCheck;
using FsCheck.Fluent;

namespace Delivery.Tests.Domain;

public class IdentifierTests
{
    [Theory]
    [InlineData("STIL-2024-001", true)]
    [InlineData("A1B", true)]
    [InlineData("AB", false)]
    [InlineData("-AB", false)]
    [InlineData("abc", false)]
    [InlineData("ABC_D", false)]
    [InlineData("ÆBC", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_project_id_has_one_form(string? text, bool valid) => Assert.Equal(valid, ProjectId.TryParse(text, out _));

    [Fact]
    public void Ids_end_at_their_longest()
    {
        Assert.True(ProjectId.TryParse(new string('A', 32), out _));
        Assert.False(ProjectId.TryParse(new string('A', 33), out _));
        Assert.True(ExtractId.TryParse(new string('A', 64), out _));
        Assert.False(HoldingId.TryParse(new string('A', 65), out _));
        Assert.False(default(ProjectId).IsValid);
    }

    [Theory]
    [InlineData("10000009", true)]
    [InlineData("20000007", true)]
    [InlineData("10000008", false)]
    [InlineData("00000000", false)]
    [InlineData("1000000", false)]
    [InlineData("1000000A", false)]
    [InlineData(null, false)]
    public void A_business_number_needs_its_check_digit(string? text, bool valid) => Assert.Equal(valid, Cvr.TryParse(text, out _));

    [Theory]
    [InlineData("2014/2015", 2014)]
    [InlineData("2014/15", 2014)]
    [InlineData("1999/00", 1999)]
    [InlineData("2014/2016", null)]
    [InlineData("2014/16", null)]
    [InlineData("2014-2015", null)]
    [InlineData("2014", null)]
    [InlineData("", null)]
    public void A_school_year_is_read_in_two_forms(string text, int? startYear)
    {
        Assert.Equal(startYear.HasValue, SchoolYear.TryParse(text, out var year));
        Assert.Equal(startYear ?? 0, year.StartYear);
    }

    [Fact]
    public void A_school_year_turns_on_the_first_of_August()
    {
        var year = new SchoolYear(2014);
        Assert.Equal("2014/2015", year.ToString());
        Assert.Equal("2014/15", year.ShortText);
        Assert.True(year.Contains(year.FirstDay) && year.Contains(year.LastDay));
        Assert.False(year.Contains(year.FirstDay.AddDays(-1)) || year.Contains(year.LastDay.AddDays(1)));
        Assert.Equal([new SchoolYear(2014), new SchoolYear(2015)], SchoolYear.Range(year, new SchoolYear(2015)));
        Assert.Empty(SchoolYear.Range(year, new SchoolYear(2013)));
    }

    [Fact]
    public void Every_partition_key_survives_its_text_and_its_number()
    {
        Assert.All(TestCatalogue.Partitions, key =>
        {
            Assert.True(PartitionKey.TryParse(key.ToString(), out var fromText));
            Assert.True(PartitionKey.TryFromId(key.Id, out var fromId));
            Assert.Equal(key, fromText);
            Assert.Equal(key, fromId);
        });
        Assert.Equal(170, TestCatalogue.Partitions.Select(key => key.Id).Distinct().Count());
        Assert.Equal("NT-DAN-2-2014", TestCatalogue.Partitions.Single(key => key.Id == 2014112).ToString());
    }

    [Theory]
    [InlineData("NT-DAN-2")]
    [InlineData("NT-DAN-2-14")]
    [InlineData("NT-XXX-2-2014")]
    [InlineData("PISA-DAN-2-2014")]
    [InlineData("NT-DAN-22-2014")]
    [InlineData("")]
    public void Nothing_else_is_a_partition_key(string text) => Assert.False(PartitionKey.TryParse(text, out _));

    [Fact]
    public void Any_number_is_a_key_of_itself_or_none() =>
        Prop.ForAll(Gen.Choose(-1_000_000, 3_000_000).ToArbitrary(), id => !PartitionKey.TryFromId(id, out var key) || key.Id == id)
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("012345", 12345)]
    [InlineData("900001", 900001)]
    [InlineData("12345", null)]
    [InlineData("1234567", null)]
    [InlineData("12 456", null)]
    [InlineData("+12345", null)]
    public void An_institution_number_is_six_digits(string text, int? value)
    {
        Assert.Equal(value.HasValue, InstitutionNumber.TryParse(text, out var number));
        Assert.True(value is null || number.ToString() == text);
    }

    [Theory]
    [InlineData("2015-03-29T00:59:59Z", "2015-03-29T01:59:59")]
    [InlineData("2015-03-29T01:00:00Z", "2015-03-29T03:00:00")]
    [InlineData("2015-10-25T00:59:59Z", "2015-10-25T02:59:59")]
    [InlineData("2015-10-25T01:00:00Z", "2015-10-25T02:00:00")]
    [InlineData("2014-12-31T23:30:00Z", "2015-01-01T00:30:00")]
    public void Danish_time_follows_the_summer(string instant, string local) =>
        Assert.Equal(DateTime.Parse(local, CultureInfo.InvariantCulture), DanishTime.Local(DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture)));
}
