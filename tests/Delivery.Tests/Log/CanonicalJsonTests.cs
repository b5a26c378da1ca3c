using System.Text;
using Delivery.Protocol.Log;
using FsCheck;
using FsCheck.Fluent;
using Xunit.Abstractions;

namespace Delivery.Tests.Log;

public sealed class CanonicalJsonTests(ITestOutputHelper output)
{
    [Fact]
    public void Members_are_sorted_and_only_quotes_and_backslashes_are_escaped()
    {
        var value = new JsonObject(
            new("b", new JsonArray([new JsonInteger(-1), new JsonBoolean(false)])),
            new("a\"", new JsonText("back\\slash / \"quoted\"")),
            new("B", new JsonObject()));
        Assert.Equal(
            """{"B":{},"a\"":"back\\slash / \"quoted\"","b":[-1,false]}""",
            Encoding.ASCII.GetString(CanonicalJson.Write(value)));
    }

    [Theory]
    [InlineData("", "NOT_CANONICAL")]
    [InlineData(" {}", "NOT_CANONICAL")]
    [InlineData("{} ", "NOT_CANONICAL")]
    [InlineData("{}\n", "NOT_CANONICAL")]
    [InlineData("{\"a\": 1}", "NOT_CANONICAL")]
    [InlineData("{\"a\":1,}", "NOT_CANONICAL")]
    [InlineData("{\"b\":1,\"a\":1}", "KEY_ORDER")]
    [InlineData("{\"a\":1,\"a\":1}", "KEY_ORDER")]
    [InlineData("[1,2", "NOT_CANONICAL")]
    [InlineData("null", "NOT_CANONICAL")]
    [InlineData("tru", "NOT_CANONICAL")]
    [InlineData("1.0", "NOT_CANONICAL")]
    [InlineData("1e3", "NOT_CANONICAL")]
    [InlineData("01", "NOT_CANONICAL")]
    [InlineData("-0", "NOT_CANONICAL")]
    [InlineData("-", "NOT_CANONICAL")]
    [InlineData("+1", "NOT_CANONICAL")]
    [InlineData("9007199254740992", "INTEGER_RANGE")]
    [InlineData("-9007199254740992", "INTEGER_RANGE")]
    [InlineData("99999999999999999999999999", "INTEGER_RANGE")]
    [InlineData("\"a", "NOT_PRINTABLE_ASCII")]
    [InlineData("\"\\n\"", "NOT_CANONICAL")]
    [InlineData("\"\\u0041\"", "NOT_CANONICAL")]
    [InlineData("\"\\/\"", "NOT_CANONICAL")]
    [InlineData("\"\t\"", "NOT_PRINTABLE_ASCII")]
    [InlineData("\"\u007f\"", "NOT_PRINTABLE_ASCII")]
    [InlineData("\"æ\"", "NOT_PRINTABLE_ASCII")]
    public void Another_spelling_is_refused(string text, string code)
    {
        var refusal = Assert.Throws<CanonicalJsonException>(() => CanonicalJson.Parse(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(code, refusal.Code);
    }

    [Fact]
    public void The_largest_integers_pass()
    {
        foreach (var integer in new[] { CanonicalJson.MaxInteger, -CanonicalJson.MaxInteger, 0 })
        {
            Assert.Equal(new JsonInteger(integer), CanonicalJson.Parse(CanonicalJson.Write(new JsonInteger(integer))));
        }
    }

    [Fact]
    public void Values_without_a_form_are_not_written()
    {
        Assert.Equal(CanonicalJsonException.NotPrintableAscii, WriteFault(new JsonText("blåbær")));
        Assert.Equal(CanonicalJsonException.NotPrintableAscii, WriteFault(new JsonText("two\nlines")));
        Assert.Equal(CanonicalJsonException.IntegerRange, WriteFault(new JsonInteger(1L << 53)));
        Assert.Equal(CanonicalJsonException.IntegerRange, WriteFault(new JsonInteger(long.MinValue)));
        Assert.Equal(CanonicalJsonException.TooLong, WriteFault(new JsonText(new string('x', CanonicalJson.MaxBytes))));
        Assert.Equal(CanonicalJsonException.TooDeep, WriteFault(Nested(CanonicalJson.MaxDepth + 1)));
        var twice = Assert.Throws<CanonicalJsonException>(
            () => new JsonObject(new("a", new JsonInteger(1)), new("a", new JsonInteger(1))));
        Assert.Equal(CanonicalJsonException.KeyOrder, twice.Code);
    }

    [Fact]
    public void Depth_and_length_are_bounded_when_reading()
    {
        Assert.NotNull(CanonicalJson.Parse(CanonicalJson.Write(Nested(CanonicalJson.MaxDepth))));
        var deep = Encoding.ASCII.GetBytes(new string('[', 5000) + new string(']', 5000));
        Assert.Equal(
            CanonicalJsonException.TooDeep, Assert.Throws<CanonicalJsonException>(() => CanonicalJson.Parse(deep)).Code);
        var lengthy = new byte[CanonicalJson.MaxBytes + 1];
        Assert.Equal(
            CanonicalJsonException.TooLong, Assert.Throws<CanonicalJsonException>(() => CanonicalJson.Parse(lengthy)).Code);
    }

    [Fact]
    public void What_is_written_is_read_back_whole()
    {
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(1000),
            Prop.ForAll(Values(3).ToArbitrary(), value => Same(value, CanonicalJson.Parse(CanonicalJson.Write(value)))));
        output.WriteLine("1000 values read back");
    }

    [Fact]
    public void A_changed_byte_is_refused_or_makes_another_canonical_text()
    {
        var (refused, canonical) = (0, 0);
        var changes = from value in Values(3)
                      from at in Gen.Choose(0, int.MaxValue)
                      from mask in Gen.Choose(1, 255)
                      select (value, at, mask);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5000), Prop.ForAll(changes.ToArbitrary(), change =>
        {
            var bytes = CanonicalJson.Write(change.value);
            bytes[change.at % bytes.Length] ^= (byte)change.mask;
            try
            {
                var read = CanonicalJson.Parse(bytes);
                canonical++;
                return CanonicalJson.Write(read).AsSpan().SequenceEqual(bytes);
            }
            catch (CanonicalJsonException)
            {
                refused++;
                return true;
            }
        }));
        output.WriteLine($"{refused} changed texts refused, {canonical} canonical in their own right");
        Assert.True(refused > canonical);
    }

    private static string WriteFault(JsonValue value) =>
        Assert.Throws<CanonicalJsonException>(() => CanonicalJson.Write(value)).Code;

    private static JsonValue Nested(int depth) =>
        depth == 0 ? new JsonInteger(1) : new JsonArray([Nested(depth - 1)]);

    private static Gen<string> Texts() =>
        Gen.Choose(' ', '~').Select(letter => (char)letter).ArrayOf().Select(letters => new string(letters));

    private static Gen<JsonValue> Values(int depth)
    {
        var scalars = Gen.OneOf(
            Texts().Select(text => (JsonValue)new JsonText(text)),
            Gen.Choose(int.MinValue, int.MaxValue).Select(number => (JsonValue)new JsonInteger(number * 2_000_000L)),
            Gen.Choose(-20, 20).Select(number => (JsonValue)new JsonInteger(number)),
            Gen.Elements(true, false).Select(flag => (JsonValue)new JsonBoolean(flag)));
        if (depth == 0)
        {
            return scalars;
        }

        var arrays = Values(depth - 1).ListOf(3).Select(items => (JsonValue)new JsonArray([.. items]));
        var objects = from names in Texts().ListOf(3)
                      from values in Values(depth - 1).ListOf(3)
                      select (JsonValue)new JsonObject(
                          names.Zip(values).DistinctBy(member => member.First).Select(
                              member => KeyValuePair.Create(member.First, member.Second)));
        return Gen.OneOf(scalars, arrays, objects);
    }

    private static bool Same(JsonValue left, JsonValue right) => (left, right) switch
    {
        (JsonArray one, JsonArray other) => one.Items.Count == other.Items.Count
            && one.Items.Zip(other.Items).All(pair => Same(pair.First, pair.Second)),
        (JsonObject one, JsonObject other) => one.Members.Keys.SequenceEqual(other.Members.Keys)
            && one.Members.Values.Zip(other.Members.Values).All(pair => Same(pair.First, pair.Second)),
        _ => left == right,
    };
}
