using System.Text;

namespace Delivery.Protocol.Log;

/// <summary>
/// The reading half of <see cref="CanonicalJson"/>. Its grammar has no second way to write anything, so whatever it
/// accepts is canonical without a comparison afterwards.
/// </summary>
internal ref struct CanonicalJsonReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private int _at;

    public CanonicalJsonReader(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > CanonicalJson.MaxBytes)
        {
            throw new CanonicalJsonException(CanonicalJsonException.TooLong, CanonicalJson.MaxBytes);
        }

        _bytes = bytes;
    }

    private readonly int Next => _at < _bytes.Length ? _bytes[_at] : -1;

    public JsonValue ReadDocument()
    {
        var value = ReadValue(1);
        return _at == _bytes.Length ? value : throw Fault(CanonicalJsonException.NotCanonical);
    }

    private JsonValue ReadValue(int depth) => Next switch
    {
        '"' => new JsonText(ReadText()),
        '{' => ReadObject(depth),
        '[' => ReadArray(depth),
        't' => ReadWord("true"u8, true),
        'f' => ReadWord("false"u8, false),
        _ => ReadInteger(),
    };

    private JsonArray ReadArray(int depth)
    {
        CheckDepth(depth);
        _at++;
        var items = new List<JsonValue>();
        if (Taken(']'))
        {
            return new JsonArray(items);
        }

        do
        {
            items.Add(ReadValue(depth + 1));
        }
        while (Taken(','));
        Take(']');
        return new JsonArray(items);
    }

    private JsonObject ReadObject(int depth)
    {
        CheckDepth(depth);
        _at++;
        var members = new List<KeyValuePair<string, JsonValue>>();
        if (Taken('}'))
        {
            return new JsonObject(members);
        }

        do
        {
            var name = ReadText();
            if (members.Count > 0 && string.CompareOrdinal(members[^1].Key, name) >= 0)
            {
                throw Fault(CanonicalJsonException.KeyOrder);
            }

            Take(':');
            members.Add(new(name, ReadValue(depth + 1)));
        }
        while (Taken(','));
        Take('}');
        return new JsonObject(members);
    }

    private string ReadText()
    {
        Take('"');
        var text = new StringBuilder();
        while (Next != '"')
        {
            var escaped = Taken('\\');
            if (escaped && Next is not ('"' or '\\'))
            {
                throw Fault(CanonicalJsonException.NotCanonical);
            }

            if (Next is < ' ' or > '~')
            {
                throw Fault(CanonicalJsonException.NotPrintableAscii);
            }

            text.Append((char)Next);
            _at++;
        }

        _at++;
        return text.ToString();
    }

    private JsonInteger ReadInteger()
    {
        var negative = Taken('-');
        var first = _at;
        var value = 0L;
        while (Next is >= '0' and <= '9')
        {
            value = (value * 10) + (Next - '0');
            if (value > CanonicalJson.MaxInteger)
            {
                throw Fault(CanonicalJsonException.IntegerRange);
            }

            _at++;
        }

        // No digits, a leading zero, or minus zero: each has another form or none.
        var digits = _at - first;
        if (digits == 0 || (_bytes[first] == '0' && (digits > 1 || negative)))
        {
            throw Fault(CanonicalJsonException.NotCanonical);
        }

        return new JsonInteger(negative ? -value : value);
    }

    private JsonBoolean ReadWord(ReadOnlySpan<byte> word, bool value)
    {
        if (!_bytes[_at..].StartsWith(word))
        {
            throw Fault(CanonicalJsonException.NotCanonical);
        }

        _at += word.Length;
        return new JsonBoolean(value);
    }

    private bool Taken(char wanted)
    {
        if (Next != wanted)
        {
            return false;
        }

        _at++;
        return true;
    }

    private void Take(char wanted)
    {
        if (!Taken(wanted))
        {
            throw Fault(CanonicalJsonException.NotCanonical);
        }
    }

    private readonly void CheckDepth(int depth)
    {
        if (depth > CanonicalJson.MaxDepth)
        {
            throw Fault(CanonicalJsonException.TooDeep);
        }
    }

    private readonly CanonicalJsonException Fault(string code) => new(code, _at);
}
