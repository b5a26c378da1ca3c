using System.Globalization;
using System.Text;
using Delivery.Protocol.Domain;
using FsCheck;
using FsCheck.Fluent;

namespace Delivery.Tests.Domain;

public class CprNumberTests
{
    private static readonly DateOnly TestDay = new(2017, 3, 15);

    [Theory]
    [InlineData("750308-4001")]
    [InlineData("750308-4125")]
    [InlineData("750308-5008")]
    [InlineData("7503084001")]
    public void Made_up_numbers_walk_the_ordinary_path(string text)
    {
        var number = Read(text);
        Assert.Equal(CprKind.ReplacementDay60, number.Kind);
        Assert.True(number.HasCheckDigit);
        Assert.Equal(new DateOnly(2008, 3, 15), number.BirthDate(CprPolicy.Synthetic));
        Assert.Null(number.BirthDate(CprPolicy.Production));
        Assert.Equal(RowFindings.None, Check(text, 2, CprPolicy.Synthetic));
        Assert.Equal(RowFindings.CprReplacement, Check(text, 2, CprPolicy.Production));
    }

    [Theory]
    [InlineData("150345-5001", RowFindings.None)]
    [InlineData("150345-6121", RowFindings.None)]
    [InlineData("150345-7004", RowFindings.None)]
    [InlineData("150345-5009", RowFindings.CprModulus11)]
    public void Numbers_without_check_digit_are_remarked_and_never_refused(string text, RowFindings expected)
    {
        Assert.Equal(new DateOnly(2045, 3, 15), Read(text).BirthDate(CprPolicy.Production));
        Assert.Equal(CprKind.Ordinary, Read(text).Kind);
        Assert.Equal(expected, CprCheck.Check(Bytes(text), new DateOnly(2053, 3, 16), 2, CprPolicy.Production));
        Assert.Equal(RowFindings.None, expected & RowCodes.Errors);
    }

    [Fact]
    public void First_of_January_without_check_digit_is_only_counted() =>
        Assert.Equal(RowFindings.CprModulus11January1, CprCheck.Check(Bytes("010145-5000"), new DateOnly(2053, 3, 16), 2, CprPolicy.Production));

    [Fact]
    public void Nobody_is_tested_before_the_day_after_birth()
    {
        Assert.Equal(RowFindings.CprBornAfterTest, CprCheck.Check(Bytes("750308-4001"), new DateOnly(2008, 3, 15), 2, CprPolicy.Synthetic));
        Assert.Equal(RowFindings.CprBornAfterTest, CprCheck.Check(Bytes("750308-4001"), new DateOnly(2008, 3, 14), 2, CprPolicy.Synthetic));
        Assert.Equal(RowFindings.CprAge, CprCheck.Check(Bytes("750308-4001"), new DateOnly(2008, 3, 16), 2, CprPolicy.Synthetic));
    }

    [Theory]
    [InlineData("2015-03-14", true)]
    [InlineData("2015-03-15", false)]
    [InlineData("2021-03-14", false)]
    [InlineData("2021-03-15", true)]
    public void Age_shall_lie_from_five_to_ten_above_the_grade(string testDate, bool remarked)
    {
        var found = CprCheck.Check(Bytes("750308-4001"), DateOnly.Parse(testDate, CultureInfo.InvariantCulture), 2, CprPolicy.Synthetic);
        Assert.Equal(remarked ? RowFindings.CprAge : RowFindings.None, found);
    }

    [Theory]
    [InlineData("910208-4001")]
    [InlineData("751308-4001")]
    [InlineData("750008-4001")]
    [InlineData("900209-4001")]
    public void Impossible_dates_are_errors_under_both_policies(string text)
    {
        Assert.Equal(RowFindings.CprDate, Check(text, 2, CprPolicy.Synthetic) & RowFindings.CprDate);
        Assert.Equal(RowFindings.CprDate, Check(text, 2, CprPolicy.Production) & RowFindings.CprDate);
        Assert.Null(Read(text).BirthDate(CprPolicy.Synthetic));
    }

    [Fact]
    public void Letters_make_a_replacement_number_without_age_or_check_digit()
    {
        Assert.Equal(CprKind.ReplacementAlpha, Read("750308-KØÅ1").Kind);
        Assert.False(Read("750308-KØÅ1").HasCheckDigit);
        Assert.Equal(RowFindings.CprReplacement, Check("750308-KOT1", 8, CprPolicy.Production));
        Assert.Equal(RowFindings.CprReplacement, Check("750308-KOT1", 8, CprPolicy.Synthetic));
    }

    [Theory]
    [InlineData("")]
    [InlineData("750308")]
    [InlineData("750308 4001")]
    [InlineData("750308--4001")]
    [InlineData("75030840011")]
    [InlineData("750308-KOTX")]
    [InlineData("750308-kot1")]
    [InlineData("750308-K0T1")]
    [InlineData("75A308-4001")]
    [InlineData("750308-40Ⅰ1")]
    public void Nothing_else_has_the_form(string text)
    {
        Assert.False(CprNumber.TryParse(text, out _));
        Assert.Equal(RowFindings.CprFormat, CprCheck.Check(Encoding.UTF8.GetBytes(text), TestDay, 2, CprPolicy.Production));
    }

    [Theory]
    [InlineData(0, 7, 1900)]
    [InlineData(3, 99, 1900)]
    [InlineData(4, 36, 2000)]
    [InlineData(4, 37, 1900)]
    [InlineData(9, 36, 2000)]
    [InlineData(9, 37, 1900)]
    [InlineData(5, 57, 2000)]
    [InlineData(5, 58, 1800)]
    [InlineData(8, 0, 2000)]
    public void The_seventh_digit_tells_the_century(int digit, int year, int century) => Assert.Equal(century, CprCheck.Century(digit, year));

    [Fact]
    public void A_number_never_prints_itself()
    {
        var number = Read("750308-4001");
        Assert.Equal("[CPR]", $"{number}");
        Assert.Equal("ResultRow", new ResultRow { Cpr = number }.ToString());
        Assert.Equal(Read("7503084001"), number);
        Assert.NotEqual(Read("750308-4125"), number);
    }

    [Fact]
    public void Any_ten_bytes_are_judged_without_a_fault() =>
        Prop.ForAll(Gen.Choose(0, 255).ArrayOf(10).ToArbitrary(), bytes =>
        {
            var ten = bytes.Select(value => (byte)value).ToArray();
            return CprNumber.TryFromBytes(ten, out var number)
                ? RoundTrips(number, ten)
                : CprCheck.Check(ten, TestDay, 2, CprPolicy.Production) == RowFindings.CprFormat;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_ten_digits_are_a_number_that_reads_back() =>
        Prop.ForAll(Gen.Choose('0', '9').ArrayOf(10).ToArbitrary(), digits =>
        {
            var ten = digits.Select(value => (byte)value).ToArray();
            CprCheck.Check(ten, TestDay, 2, CprPolicy.Synthetic);
            return CprNumber.TryFromBytes(ten, out var number) && RoundTrips(number, ten);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("row 7503084001 failed", true)]
    [InlineData("750308-4001", true)]
    [InlineData("id=750308-4001;", true)]
    [InlineData("case 2024-00001234567", false)]
    [InlineData("A7503084001", false)]
    [InlineData("7503084001999", false)]
    [InlineData("9913084001", false)]
    [InlineData("", false)]
    public void Text_shaped_like_a_number_is_found_wherever_it_hides(string text, bool found) => Assert.Equal(found, CprShape.OccursIn(text));

    private static bool RoundTrips(CprNumber number, byte[] ten)
    {
        var copy = new byte[CprNumber.Size];
        number.CopyTo(copy);
        return copy.SequenceEqual(ten);
    }

    private static RowFindings Check(string text, int grade, CprPolicy policy) => CprCheck.Check(Bytes(text), TestDay, grade, policy);

    private static CprNumber Read(string text)
    {
        Assert.True(CprNumber.TryParse(text, out var number));
        return number;
    }

    private static byte[] Bytes(string text)
    {
        var ten = new byte[CprNumber.Size];
        Read(text).CopyTo(ten);
        return ten;
    }
}
