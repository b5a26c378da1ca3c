using System.Buffers;

namespace Delivery.Client.Extracts;

/// <summary>
/// Walks the fields of one protobuf message where it lies (protobuf.dev/programming-guides/encoding). A field that is not
/// asked for is stepped over, as every reader must.
/// </summary>
internal ref struct WireFields(ReadOnlySequence<byte> message)
{
    private const int VarintType = 0;
    private const int Fixed64Type = 1;
    private const int BytesType = 2;
    private const int Fixed32Type = 5;

    private SequenceReader<byte> _reader = new(message);
    private ulong _varint;
    private ReadOnlySequence<byte> _bytes;
    private int _type;

    /// <summary>The number of the field at hand.</summary>
    public uint Number { get; private set; }

    /// <summary>Steps to the next field; false at the end.</summary>
    /// <exception cref="InvalidDataException">The message is not well formed.</exception>
    public bool Next()
    {
        if (_reader.End)
        {
            return false;
        }

        var tag = ReadVarint();
        _type = (int)(tag & 7);
        Number = tag <= uint.MaxValue && tag >> 3 != 0 ? (uint)(tag >> 3) : throw Malformed();
        switch (_type)
        {
            case VarintType:
                _varint = ReadVarint();
                break;
            case BytesType:
                _bytes = Take(ReadVarint());
                break;
            case Fixed64Type:
                Take(sizeof(ulong));
                break;
            case Fixed32Type:
                Take(sizeof(uint));
                break;
            default:
                throw Malformed();
        }

        return true;
    }

    /// <summary>The value of a varint field.</summary>
    public readonly ulong Varint() => _type == VarintType ? _varint : throw Malformed();

    /// <summary>The content of a length-delimited field, still in the transport's buffers.</summary>
    public readonly ReadOnlySequence<byte> Bytes() => _type == BytesType ? _bytes : throw Malformed();

    private static InvalidDataException Malformed() => new("A frame is not a well-formed message.");

    private ReadOnlySequence<byte> Take(ulong length)
    {
        if (length > (ulong)_reader.Remaining)
        {
            throw Malformed();
        }

        var bytes = _reader.Sequence.Slice(_reader.Position, (long)length);
        _reader.Advance((long)length);
        return bytes;
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (!_reader.TryRead(out var part))
            {
                throw Malformed();
            }

            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }

        throw Malformed();
    }
}
