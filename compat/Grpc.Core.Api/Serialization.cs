using System.Buffers;

namespace Grpc.Core;

/// <summary>
/// Where a marshaller puts one message: either <see cref="Complete(byte[])"/> with all of it, or
/// <see cref="SetPayloadLength"/>, the writer of <see cref="GetBufferWriter"/>, then <see cref="Complete()"/>.
/// Valid only while the marshaller runs.
/// </summary>
public abstract class SerializationContext
{
    /// <summary>Gives the whole message. The caller must not alter the array afterwards.</summary>
    public virtual void Complete(byte[] payload) => throw new NotImplementedException();

    public virtual IBufferWriter<byte> GetBufferWriter() => throw new NotImplementedException();

    /// <summary>Says, in bytes, how much will be written, so that the message need not be buffered.</summary>
    public virtual void SetPayloadLength(int payloadLength) => throw new NotImplementedException();

    public virtual void Complete() => throw new NotImplementedException();
}

/// <summary>Where a marshaller takes one message from. Valid only while the marshaller runs.</summary>
public abstract class DeserializationContext
{
    /// <summary>Bytes in the message.</summary>
    public abstract int PayloadLength { get; }

    /// <summary>A copy that the caller owns.</summary>
    public virtual byte[] PayloadAsNewBuffer() => throw new NotImplementedException();

    /// <summary>The transport's own buffers, which are reused once the marshaller returns.</summary>
    public virtual ReadOnlySequence<byte> PayloadAsReadOnlySequence() => throw new NotImplementedException();
}
