using System.Text;
using Delivery.Client.Extracts;
using Delivery.Protocol.Arrow;
using Delivery.Protocol.Domain;
using Delivery.Tests.Arrow;

namespace Delivery.Tests.Client;

/// <summary>A small extract of three batches, with synthetic pupils only.</summary>
internal static class SampleResults
{
    public const string ProjectId = "STIL-2026-017";
    public const string ExtractId = "STIL-2026-017-NT-1";

    public static readonly string[] Pupils = ["7503084001", "7503084125", "7503085008"];

    private static readonly ArrowDictionary Subjects = new(3, ["DAN", "MAT"]);

    public static ArrowSchema Schema { get; } = new(
    [
        new ArrowField("cpr_number", ArrowType.FixedSizeBinary(10), false, ArrowMetadata.Of(("label_da", "Cpr-nr."), ("label_en", "Civil registration number"))),
        new ArrowField("institution_number", ArrowType.FixedSizeBinary(6), false),
        new ArrowField("tested_at", ArrowType.TimestampSecond("Europe/Copenhagen"), false),
        new ArrowField("subject", ArrowType.Dictionary(3), false),
        new ArrowField("grade", ArrowType.Int8, false),
        new ArrowField("ability_logit", ArrowType.Float64, true, ArrowMetadata.Of(("unit", "logit"))),
    ]);

    public static IReadOnlyList<ArrowTable> Tables { get; } =
    [
        Table((0, 1_425_978_000, 0, 2, -0.1), (1, 1_425_978_061, 0, 2, null)),
        Table((2, 1_445_734_799, 1, 6, 1.5), (0, 1_445_734_800, 1, 6, 2.25), (1, 1_437_000_000, 1, 6, null)),
        Table((2, 1_437_003_600, 0, 8, 0.30000000000000004)),
    ];

    public static int RowCount => Tables.Sum(table => table.RowCount);

    public static byte[] SchemaBytes { get; } = [.. ArrowSchemaWriter.Write(Schema), .. ArrowSchemaWriter.WriteDictionaryBatch(Subjects)];

    public static ExtractInfo Extract { get; } = new(ExtractSchemaBytes.Read(SchemaBytes))
    {
        ProjectId = ProjectId,
        ApprovalVersion = 3,
        ExtractId = ExtractId,
        Programme = Programme.NT,
        RowsMax = 10,
        Batches = 3,
        IsPinned = false,
    };

    public static ArrowTable Table(params (int Pupil, long TestedAt, int Subject, int Grade, double? Ability)[] rows) => new(
        Schema,
        [Subjects],
        [
            [.. rows.Select(row => Convert.ToHexString(Encoding.ASCII.GetBytes(Pupils[row.Pupil])))],
            [.. rows.Select(row => Convert.ToHexString("101001"u8))],
            [.. rows.Select(row => (object)row.TestedAt)],
            [.. rows.Select(row => (object)(sbyte)row.Subject)],
            [.. rows.Select(row => (object)(sbyte)row.Grade)],
            [.. rows.Select(row => (object?)row.Ability)],
        ]);

    public static bool HoldsPupil(ReadOnlySpan<byte> bytes)
    {
        foreach (var pupil in Pupils)
        {
            if (bytes.IndexOf(Encoding.ASCII.GetBytes(pupil)) >= 0)
            {
                return true;
            }
        }

        return false;
    }
}
