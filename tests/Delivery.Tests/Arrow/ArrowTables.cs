using System.Collections.Immutable;
using Delivery.Protocol.Arrow;
using FsCheck;
using FsCheck.Fluent;

namespace Delivery.Tests.Arrow;

/// <summary>Tables of every type: one that never changes, and as many random ones as a property asks for.</summary>
internal static class ArrowTables
{
    private static readonly ArrowKind[] Kinds = Enum.GetValues<ArrowKind>();
    private static readonly string[] Texts = ["", "dansk", "læsning", "æøå €", "𝔻", "en noget længere bemærkning om en prøve"];

    /// <summary>All types, with and without nulls, with labels; the same in every run.</summary>
    public static ArrowTable Every { get; } = new(
        new(
            [
                new("reading_level", ArrowType.Int8, true, ArrowMetadata.Of(("label.da", "Læseniveau"), ("label.en", "Reading level"))),
                new("school_year", ArrowType.Int16, false),
                new("items", ArrowType.Int32, true),
                new("serial", ArrowType.Int64, false),
                new("ability", ArrowType.Float64, true, ArrowMetadata.Of(("unit", "logit"))),
                new("finish_time", ArrowType.TimestampSecond("Europe/Copenhagen"), true),
                new("import_time", ArrowType.TimestampMillisecond("UTC"), false),
                new("wall_time", ArrowType.TimestampMillisecond(null), false),
                new("pseudonym", ArrowType.FixedSizeBinary(5), true),
                new("note", ArrowType.Utf8, true),
                new("subject", ArrowType.Dictionary(0), true),
                new("obligation", ArrowType.Dictionary(7), false),
            ],
            ArrowMetadata.Of(("title.da", "Nationale test"), ("title.en", "National tests"))),
        [new(0, ["dansk", "matematik", "fysik/kemi"]), new(7, ["", "pligtig"])],
        [
            [(sbyte)-128, null, (sbyte)127],
            [(short)-32768, (short)2014, (short)32767],
            [null, int.MinValue, int.MaxValue],
            [long.MinValue, 0L, long.MaxValue],
            [-0.0, double.Epsilon, null],
            [1_400_000_000L, null, -1L],
            [1_400_000_000_123L, 0L, -1L],
            [0L, 1L, 2L],
            ["0102030405", "ffffffffff", null],
            ["læsning", null, ""],
            [(sbyte)2, null, (sbyte)0],
            [(sbyte)1, (sbyte)0, (sbyte)1],
        ]);

    /// <summary>Any columns, 0 to 70 rows, any share of nulls.</summary>
    public static Arbitrary<ArrowTable> Any { get; } = (
        from kinds in Gen.Elements(Kinds).NonEmptyListOf()
        from rows in Gen.Choose(0, 70)
        from nullPercent in Gen.Elements(0, 3, 50, 100)
        from seed in Gen.Choose(0, int.MaxValue)
        select Build([.. kinds], rows, nullPercent, new Random(seed))).ToArbitrary();

    private static ArrowTable Build(ArrowKind[] kinds, int rows, int nullPercent, Random random)
    {
        ArrowField[] fields =
        [
            .. kinds.Select((kind, index) => new ArrowField(
                $"column_{index}_{Text(random)}", Type(kind, index, random), nullPercent > 0, Metadata(random))),
        ];
        ArrowDictionary[] dictionaries =
        [
            .. fields.Where(field => field.Type.Kind == ArrowKind.Dictionary)
                .Select(field => new ArrowDictionary(field.Type.DictionaryId, [.. Enumerable.Range(0, 1 + random.Next(128)).Select(index => Text(random) + index)])),
        ];
        var columns = fields.Select(field => Enumerable.Range(0, rows)
            .Select(_ => random.Next(100) < nullPercent ? null : Value(field.Type, dictionaries, random)).ToArray());
        return new(new([.. fields], Metadata(random)), [.. dictionaries], [.. columns]);
    }

    private static ArrowType Type(ArrowKind kind, int index, Random random) => kind switch
    {
        ArrowKind.Int8 => ArrowType.Int8,
        ArrowKind.Int16 => ArrowType.Int16,
        ArrowKind.Int32 => ArrowType.Int32,
        ArrowKind.Int64 => ArrowType.Int64,
        ArrowKind.Float64 => ArrowType.Float64,
        ArrowKind.TimestampSecond => ArrowType.TimestampSecond(random.Next(2) == 0 ? null : "Europe/Copenhagen"),
        ArrowKind.TimestampMillisecond => ArrowType.TimestampMillisecond(random.Next(2) == 0 ? null : "UTC"),
        ArrowKind.FixedSizeBinary => ArrowType.FixedSizeBinary(1 + random.Next(40)),
        ArrowKind.Utf8 => ArrowType.Utf8,
        ArrowKind.Dictionary => ArrowType.Dictionary(index),
    };

    private static object Value(ArrowType type, ArrowDictionary[] dictionaries, Random random)
    {
        switch (type.Kind)
        {
            case ArrowKind.Int8:
                return (sbyte)random.Next(-128, 128);
            case ArrowKind.Int16:
                return (short)random.Next(short.MinValue, short.MaxValue + 1);
            case ArrowKind.Int32:
                return random.Next(int.MinValue, int.MaxValue);
            case ArrowKind.Float64:
                // Any bits but those of a NaN, of which there are many.
                return BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)) is var number && double.IsNaN(number) ? 0.5 : number;
            case ArrowKind.Int64 or ArrowKind.TimestampSecond or ArrowKind.TimestampMillisecond:
                return random.NextInt64(long.MinValue, long.MaxValue);
            case ArrowKind.FixedSizeBinary:
                var bytes = new byte[type.ValueWidthBytes];
                random.NextBytes(bytes);
                return Convert.ToHexStringLower(bytes);
            case ArrowKind.Utf8:
                return Text(random);
            case ArrowKind.Dictionary:
                return (sbyte)random.Next(dictionaries.Single(dictionary => dictionary.Id == type.DictionaryId).Values.Length);
            default:
                throw new InvalidOperationException($"No such column type: {type.Kind}.");
        }
    }

    private static ArrowMetadata Metadata(Random random) =>
        new(Enumerable.Range(0, random.Next(4)).Select(index => KeyValuePair.Create($"key.{index}", Text(random))).ToImmutableArray());

    private static string Text(Random random) => Texts[random.Next(Texts.Length)];
}
