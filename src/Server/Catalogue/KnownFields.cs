using System.Globalization;
using Delivery.Server.Refusals;
using Google.Protobuf;

namespace Delivery.Server.Catalogue;

/// <summary>A field or a value this server does not know may be a condition it would have to honour: it is refused, never ignored.</summary>
internal static class KnownFields
{
    /// <summary>Refuses a message that holds, at any depth, a field this server's contract has not.</summary>
    public static void Require<T>(T message, MessageParser<T> parser, string name)
        where T : class, IMessage<T>
    {
        if (parser.WithDiscardUnknownFields(true).ParseFrom(message.ToByteArray()).CalculateSize() != message.CalculateSize())
        {
            throw RefusedException.By("E_FIELD_UNKNOWN", name);
        }
    }

    /// <summary>The number of an enum value. Protobuf hands unknown numbers through; nothing downstream may meet one.</summary>
    public static int Number<T>(T value, string field)
        where T : struct, Enum =>
        Enum.IsDefined(value) ? Convert.ToInt32(value, CultureInfo.InvariantCulture) : throw RefusedException.By("E_FIELD_UNKNOWN", field);

    /// <summary>The number of an enum value that must be given.</summary>
    public static int Given<T>(T value, string field)
        where T : struct, Enum =>
        Number(value, field) is var number and not 0 ? number : throw RefusedException.By("E_FIELD_MISSING", field);
}
