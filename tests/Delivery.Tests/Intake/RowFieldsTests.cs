using System.Globalization;
using System.Text;
using Delivery.Protocol.Domain;
using Delivery.Server.Intake;
using FsCheck;
using FsCheck.Fluent;

namespace Delivery.Tests.Intake;

/// <summary>Values of single fields, read without the library and to the last bit as the library reads them.</summary>
public class RowFieldsTests
{
    private static readonly string[] Parts = ["0", "1", "7", "25", "999999999", ".", "-", "+", "e", "E5", ",", " ", "NaN", "å"];

    [Fact]
    public void Every_number_reads_to_the_last_bit_as_the_library_reads_it() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(20_000),
        Prop.ForAll(Gen.Elements(Parts).NonEmptyListOf().Select(parts => string.Concat(parts)).ToArbitrary(), ReadsAlike));

    [Fact]
    public void Every_number_of_four_decimals_reads_to_the_last_bit() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(20_000),
        Prop.ForAll(Gen.Choose(-2_000_000, 2_000_000).Select(value => (value / 10_000m).ToString(CultureInfo.InvariantCulture)).ToArbitrary(), ReadsAlike));

    [Fact]
    public void Every_whole_number_reads_as_the_library_reads_it() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(5_000),
        Prop.ForAll(Gen.Elements(Parts).NonEmptyListOf().Select(parts => string.Concat(parts)).ToArbitrary(), text =>
            RowFields.TryWhole(Encoding.UTF8.GetBytes(text), out var value) == int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var expected)
            && (value ?? 0) == expected));

    [Theory]
    [InlineData("7503084001", CsvText.Utf8, true)]
    [InlineData("750308-4001", CsvText.Utf8, true)]
    [InlineData("750308-4001", CsvText.Windows1252, true)]
    [InlineData("750308KØÅ1", CsvText.Utf8, true)]
    [InlineData("750308-ÆØÅ1", CsvText.Utf8, true)]
    [InlineData("750308-ÆØÅ1", CsvText.Windows1252, true)]
    [InlineData("750308ÆØÅ1", CsvText.Windows1252, true)]
    [InlineData("750308€ØÅ1", CsvText.Utf8, false)]
    [InlineData("750308400", CsvText.Utf8, false)]
    [InlineData("75030840011", CsvText.Utf8, false)]
    [InlineData("750308 4001", CsvText.Utf8, false)]
    [InlineData("", CsvText.Utf8, false)]
    public void A_number_reads_in_both_encodings(string text, object encoding, bool isNumber)
    {
        var bytes = (CsvText)encoding == CsvText.Utf8 ? Encoding.UTF8.GetBytes(text) : Encoding.Latin1.GetBytes(text);
        Assert.Equal(isNumber, RowFields.TryCpr(bytes, (CsvText)encoding, out var number));
        Assert.Equal(isNumber && CprNumber.TryParse(text, out var expected) ? expected : default, number);
    }

    [Theory]
    [InlineData("2015-03-12T09:30:00", true)]
    [InlineData("2016-02-29T23:59:59", true)]
    [InlineData("2015-02-29T09:30:00", false)]
    [InlineData("2015-03-12 09:30:00", false)]
    [InlineData("12-03-2015 09:30", false)]
    [InlineData("2015-03-12T24:00:00", false)]
    [InlineData("2015-03-12T09:30:00Z", false)]
    [InlineData("0000-03-12T09:30:00", false)]
    [InlineData("", false)]
    public void Only_one_form_of_time_is_read(string text, bool isTime) => Assert.Equal(isTime, RowFields.TryTime(Encoding.UTF8.GetBytes(text), out _));

    private static bool ReadsAlike(string text)
    {
        const NumberStyles Styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        var isRead = RowFields.TryDecimal(Encoding.UTF8.GetBytes(text), out var value);
        return isRead == double.TryParse(text, Styles, CultureInfo.InvariantCulture, out var expected)
            && (!isRead || BitConverter.DoubleToInt64Bits(value!.Value) == BitConverter.DoubleToInt64Bits(expected));
    }
}
