using System.Runtime.InteropServices;
using Delivery.Protocol.Arrow;
using FsCheck;
using FsCheck.Fluent;

namespace Delivery.Tests.Arrow;

/// <summary>Whole numbers that stand for wider values: what is narrowed comes back bit for bit, and what would not is left as it is.</summary>
public sealed class NarrowColumnTests
{
    private static readonly ArrowField Logit = new("ability_logit", ArrowType.Float64, true, ArrowMetadata.Of(("unit", "logit")));
    private static readonly ArrowField Taken = new("tested_at", ArrowType.TimestampSecond("Europe/Copenhagen"), false);

    [Fact]
    public void Numbers_of_four_decimals_come_back_bit_for_bit() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300),
        Prop.ForAll(
            Gen.Choose(0, 40).SelectMany(count => Gen.Choose(-2_000_000_000, 2_000_000_000).Select(whole => whole >> (whole & 31)).ArrayOf(count)).ToArbitrary(),
            wholes =>
            {
                double[] values = [.. wholes.Select(whole => double.Parse($"{whole / 10_000m}", System.Globalization.CultureInfo.InvariantCulture))];
                return NarrowColumn.WidthBytes(values) <= sizeof(int) && Back(values).SequenceEqual(values.Select(BitConverter.DoubleToInt64Bits));
            }));

    [Theory]
    [InlineData(0.00005)]
    [InlineData(0.12345678901)]
    [InlineData(1.0 / 3)]
    [InlineData(-0.0)]
    [InlineData(214_748.3648)]
    [InlineData(-214_748.3648)]
    [InlineData(1e300)]
    [InlineData(5e-324)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void A_number_that_would_not_come_back_keeps_its_column_wide(double value) =>
        Assert.Equal(sizeof(double), NarrowColumn.WidthBytes([0.5, value, 0.25]));

    [Theory]
    [InlineData(3.2767, 2)]
    [InlineData(-3.2767, 2)]
    [InlineData(3.2768, 4)]
    [InlineData(-3.2769, 4)]
    [InlineData(214_748.3647, 4)]
    [InlineData(0.0, 2)]
    public void A_column_takes_no_more_bytes_than_its_largest_number_needs(double value, int widthBytes)
    {
        Assert.Equal(widthBytes, NarrowColumn.WidthBytes([0.1, value]));
        Assert.Equal([BitConverter.DoubleToInt64Bits(0.1), BitConverter.DoubleToInt64Bits(value)], Back([0.1, value]));
    }

    [Theory]
    [InlineData(int.MaxValue, 4)]
    [InlineData(int.MinValue, 4)]
    [InlineData(int.MaxValue + 1L, 8)]
    [InlineData(int.MinValue - 1L, 8)]
    public void Times_take_half_as_long_as_32_bits_hold_them(long seconds, int widthBytes)
    {
        Assert.Equal(widthBytes, NarrowColumn.WidthBytes([0L, seconds]));
        if (widthBytes == sizeof(int))
        {
            var wide = new byte[16];
            NarrowColumn.Widen(NarrowColumn.NarrowInPlace([0L, seconds]), sizeof(int), ArrowKind.TimestampSecond, wide);
            Assert.Equal([0L, seconds], MemoryMarshal.Cast<byte, long>(wide).ToArray());
        }
    }

    [Fact]
    public void A_narrow_column_widens_to_a_less_narrow_one()
    {
        double[] values = [-3.2767, 0, 0.0001];
        var shorts = NarrowColumn.NarrowInPlace([.. values], sizeof(short));
        var (ints, wide) = (new byte[12], new byte[24]);
        NarrowColumn.Widen(shorts, sizeof(short), ArrowKind.Int32, ints);
        NarrowColumn.Widen(ints, sizeof(int), ArrowKind.Float64, wide);
        Assert.Equal(values, MemoryMarshal.Cast<byte, double>(wide).ToArray());
        Assert.Throws<ArgumentException>(() => NarrowColumn.Widen(ints, sizeof(int), ArrowKind.Int16, wide));
    }

    [Fact]
    public void A_field_says_what_it_stands_for_and_becomes_it_again()
    {
        Assert.Equal("float64 / 10000", NarrowColumn.Narrow(Logit, sizeof(short)).Metadata.Find("stands_for"));
        Assert.Equal("timestamp[s, Europe/Copenhagen]", NarrowColumn.Narrow(Taken, sizeof(int)).Metadata.Find("stands_for"));
        Assert.Equal((ArrowType.Int16, ArrowType.Int32), (NarrowColumn.Narrow(Logit, sizeof(short)).Type, NarrowColumn.Narrow(Logit, sizeof(int)).Type));
        foreach (var (field, width) in new[] { (Logit, sizeof(short)), (Logit, sizeof(int)), (Taken, sizeof(int)), (Taken with { Type = ArrowType.TimestampSecond(null) }, sizeof(int)) })
        {
            Assert.Equal(field, NarrowColumn.Widen(NarrowColumn.Narrow(field, width)));
            Assert.Same(field, NarrowColumn.Widen(field));
        }

        Assert.Throws<ArgumentException>(() => NarrowColumn.Narrow(Taken, sizeof(short)));
        Assert.Throws<ArgumentException>(() => NarrowColumn.Narrow(new ArrowField("grade", ArrowType.Int8, false), sizeof(short)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("float64 / 1000")]
    [InlineData("timestamp[ms, Europe/Copenhagen]")]
    [InlineData("timestamp[s, Europe/Copenhagen")]
    public void What_stands_for_something_unknown_is_refused(string standsFor)
    {
        var field = new ArrowField("ability_logit", ArrowType.Int32, true, ArrowMetadata.Of((NarrowColumn.Key, standsFor)));
        Assert.Equal(ArrowFormatCode.UnsupportedFeature, Assert.Throws<ArrowFormatException>(() => NarrowColumn.Widen(field)).Code);
        var wide = Logit with { Metadata = ArrowMetadata.Of((NarrowColumn.Key, "float64 / 10000")) };
        Assert.Equal(ArrowFormatCode.UnsupportedFeature, Assert.Throws<ArrowFormatException>(() => NarrowColumn.Widen(wide)).Code);
    }

    private static long[] Back(double[] values)
    {
        var width = NarrowColumn.WidthBytes(values);
        var narrow = NarrowColumn.NarrowInPlace([.. values], width);
        var wide = new byte[values.Length * sizeof(double)];
        NarrowColumn.Widen(narrow, width, ArrowKind.Float64, wide);
        return MemoryMarshal.Cast<byte, long>(wide).ToArray();
    }
}
