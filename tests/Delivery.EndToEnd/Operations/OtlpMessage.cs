using System.Globalization;
using Google.Protobuf;

namespace Delivery.EndToEnd.Operations;

/// <summary>One message of OTLP by the numbers of its fields, as opentelemetry-proto gives them.</summary>
internal sealed class OtlpMessage
{
    private readonly ILookup<int, object> _fields;

    public OtlpMessage(ByteString content)
    {
        var fields = new List<(int Number, object Value)>();
        var input = content.CreateCodedInput();
        for (uint tag; (tag = input.ReadTag()) != 0;)
        {
            fields.Add((WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag) switch
            {
                WireFormat.WireType.Varint => input.ReadUInt64(),
                WireFormat.WireType.Fixed64 => input.ReadFixed64(),
                WireFormat.WireType.Fixed32 => (ulong)input.ReadFixed32(),
                WireFormat.WireType.LengthDelimited => input.ReadBytes(),
                var other => throw new InvalidDataException($"Wire type {other}."),
            }));
        }

        _fields = fields.ToLookup(field => field.Number, field => field.Value);
    }

    public IEnumerable<OtlpMessage> Messages(int field) => _fields[field].Select(value => new OtlpMessage((ByteString)value));

    public bool Has(int field) => _fields.Contains(field);

    public string Text(int field) => _fields[field].FirstOrDefault() is ByteString bytes ? bytes.ToStringUtf8() : "";

    public string Hex(int field) => _fields[field].FirstOrDefault() is ByteString bytes ? Convert.ToHexStringLower(bytes.Span) : "";

    public long Integer(int field) => _fields[field].FirstOrDefault() is ulong bits ? (long)bits : 0;

    public double Double(int field) => BitConverter.Int64BitsToDouble(Integer(field));

    /// <summary>A field of KeyValue messages.</summary>
    public IReadOnlyDictionary<string, string> Attributes(int field) => Messages(field).ToDictionary(pair => pair.Text(1), pair => pair.Messages(2).SingleOrDefault()?.AnyValue() ?? "");

    /// <summary>This message as an AnyValue, written out.</summary>
    public string AnyValue() =>
        Has(1) ? Text(1)
        : Has(2) ? Integer(2) != 0 ? "true" : "false"
        : Has(3) ? Integer(3).ToString(CultureInfo.InvariantCulture)
        : Has(4) ? Double(4).ToString(CultureInfo.InvariantCulture)
        : "";
}
