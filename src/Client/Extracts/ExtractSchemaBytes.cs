using System.Collections.Immutable;
using System.Security.Cryptography;
using Delivery.Client.Refusals;
using Delivery.Protocol.Arrow;
using Delivery.Protocol.Domain.Errata;

namespace Delivery.Client.Extracts;

/// <summary>The beginning of an extract's payload, read: the Arrow schema message and the dictionary messages. Immutable.</summary>
internal sealed class ExtractSchemaBytes
{
    private readonly ArrowDictionarySet _dictionaries;

    private ExtractSchemaBytes(byte[] bytes, ArrowSchema arrow, ArrowDictionarySet dictionaries)
    {
        (Bytes, Arrow, _dictionaries) = (bytes, arrow, dictionaries);
        Wide = new ArrowSchema([.. arrow.Fields.Select(NarrowColumn.Widen)], arrow.Metadata);
        (Dictionaries, Fingerprint, Errata) = (dictionaries.All, SHA256.HashData(bytes), ErrataMetadata.Read(arrow.Metadata));
    }

    public byte[] Bytes { get; }

    /// <summary>The columns as they come.</summary>
    public ArrowSchema Arrow { get; }

    /// <summary>The columns with what narrow ones stand for.</summary>
    public ArrowSchema Wide { get; }

    public ImmutableArray<ArrowDictionary> Dictionaries { get; }

    /// <summary>SHA-256 of <see cref="Bytes"/>.</summary>
    public byte[] Fingerprint { get; }

    /// <summary>The errata it carries.</summary>
    public IReadOnlyList<Erratum> Errata { get; }

    /// <exception cref="DeliveryClientException">The bytes are not one schema and the dictionaries it declares.</exception>
    public static ExtractSchemaBytes Read(byte[] bytes)
    {
        try
        {
            var head = ArrowMessage.ReadNext(bytes);
            var arrow = ArrowSchemaReader.Read(bytes.AsSpan(0, (int)head.MessageLength));
            var dictionaries = new ArrowDictionarySet(arrow);
            for (var at = (int)head.MessageLength; at < bytes.Length;)
            {
                var length = (int)ArrowMessage.ReadNext(bytes.AsSpan(at)).MessageLength;
                dictionaries.Add(ArrowSchemaReader.ReadDictionaryBatch(bytes.AsSpan(at, length)));
                at += length;
            }

            return dictionaries.All.Length == arrow.DictionaryIds.Length
                ? new ExtractSchemaBytes(bytes, arrow, dictionaries)
                : throw new DeliveryClientException(ClientReasons.SchemaUnexpected, "dictionary");
        }
        catch (ArrowFormatException cause)
        {
            throw new DeliveryClientException(ClientReasons.SchemaUnexpected, cause.Code.ToString(), cause);
        }
        catch (FormatException cause)
        {
            throw new DeliveryClientException(ClientReasons.SchemaUnexpected, "errata", cause);
        }
    }

    /// <summary>The dictionary of a column that has one.</summary>
    public ArrowDictionary Dictionary(int column) => _dictionaries.Of(Arrow.Fields[column].Type);

    /// <summary>Refuses a batch with a value that points outside its dictionary.</summary>
    /// <exception cref="ArrowFormatException">One does.</exception>
    public void CheckIndexes(RecordBatch batch) => _dictionaries.CheckIndexes(batch);
}
