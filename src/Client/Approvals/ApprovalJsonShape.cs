using System.Globalization;
using System.Text;
using System.Text.Json;
using Delivery.Client.Refusals;
using Delivery.Protocol.Domain;
using Google.Protobuf.Reflection;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Client.Approvals;

/// <summary>
/// Walks an approval's JSON along the schema before it is parsed, because the parser cannot say on which line something is
/// wrong. Checks that every name is a field and that every value has its field's kind.
/// </summary>
internal ref struct ApprovalJsonShape
{
    private readonly ReadOnlySpan<byte> _json;
    private Utf8JsonReader _reader;

    private ApprovalJsonShape(ReadOnlySpan<byte> json)
    {
        _json = json;
        _reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 32 });
    }

    /// <exception cref="DeliveryClientException">The subject names the line and, for a field, its path.</exception>
    public static void Check(string json)
    {
        var shape = new ApprovalJsonShape(Encoding.UTF8.GetBytes(json));
        try
        {
            shape._reader.Read();
            shape.Message(Wire.ProjectApproval.Descriptor, "");
            shape._reader.Read();
        }
        catch (JsonException cause)
        {
            throw new DeliveryClientException(
                ClientReasons.JsonInvalid, string.Create(CultureInfo.InvariantCulture, $"line {(cause.LineNumber ?? 0) + 1}"), cause);
        }
    }

    private void Message(MessageDescriptor message, string path)
    {
        Expect(_reader.TokenType == JsonTokenType.StartObject, path);
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = _reader.GetString()!;
            var field = message.Fields.InFieldNumberOrder().FirstOrDefault(field => field.JsonName == name || field.Name == name);
            if (field is null)
            {
                throw Refuse("E_FIELD_UNKNOWN", Join(path, Printable(name)));
            }

            _reader.Read();
            Field(field, Join(path, field.Name));
        }
    }

    private void Field(FieldDescriptor field, string path)
    {
        if (_reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        if (!field.IsRepeated)
        {
            Value(field, path);
            return;
        }

        Expect(_reader.TokenType == JsonTokenType.StartArray, path);
        for (var index = 0; _reader.Read() && _reader.TokenType != JsonTokenType.EndArray; index++)
        {
            Value(field, string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]"));
        }
    }

    private void Value(FieldDescriptor field, string path)
    {
        switch (field.FieldType)
        {
            case FieldType.Message when field.MessageType.FullName == "google.protobuf.Timestamp":
                Expect(_reader.TokenType == JsonTokenType.String && _reader.TryGetDateTimeOffset(out _), path);
                break;
            case FieldType.Message:
                Message(field.MessageType, path);
                break;
            case FieldType.Enum:
                Expect(_reader.TokenType == JsonTokenType.String && field.EnumType.FindValueByName(_reader.GetString()!) is not null, path);
                break;
            case FieldType.Bool:
                Expect(_reader.TokenType is JsonTokenType.True or JsonTokenType.False, path);
                break;
            case FieldType.Int32:
                Expect(_reader.TokenType == JsonTokenType.Number && _reader.TryGetInt32(out _), path);
                break;
            case FieldType.Int64:
                Expect(_reader.TokenType == JsonTokenType.String || (_reader.TokenType == JsonTokenType.Number && _reader.TryGetInt64(out _)), path);
                break;
            default:
                Expect(_reader.TokenType == JsonTokenType.String, path);
                break;
        }
    }

    private readonly void Expect(bool holds, string path)
    {
        if (!holds)
        {
            throw Refuse("E_FIELD_FORMAT", path);
        }
    }

    private readonly DeliveryClientException Refuse(string code, string path)
    {
        var line = _json[..(int)_reader.TokenStartIndex].Count((byte)'\n') + 1;
        return new DeliveryClientException(
            ReasonCatalogue.Get(code), string.Create(CultureInfo.InvariantCulture, $"line {line}{(path.Length == 0 ? "" : ", " + path)}"));
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    // What stands where a name belongs may be anything; only what can be a name is repeated.
    private static string Printable(string name) =>
        name.Length <= 64 && name.Length > 0 && char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetter(c) || c == '_') ? name : "?";
}
