namespace Delivery.Client.Pseudonyms;

/// <summary>
/// Replaces identifiers by pseudonyms, a whole column at a time. Statistics Denmark plugs in its own PNR mapping here, or
/// uses <see cref="AesPseudonymiser"/>. One pull uses it from one thread at a time.
/// </summary>
public interface IPseudonymiser
{
    /// <summary>Replaces every identifier. Equal identifiers get equal pseudonyms, different ones different pseudonyms.</summary>
    /// <param name="identifiers">Ten ASCII characters for each row, one row after the other; they may hold letters.</param>
    /// <param name="pseudonyms">Sixteen bytes for each row, all of them to be written.</param>
    void Pseudonymise(ReadOnlySpan<byte> identifiers, Span<byte> pseudonyms);
}
