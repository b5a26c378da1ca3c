namespace Delivery.Client.Pseudonyms;

/// <summary>
/// Replaces identifiers by pseudonyms, a whole column at a time. Statistics Denmark plugs in its own PNR mapping here, or
/// uses <see cref="AesPseudonymiser"/>. One pull uses it from one thread at a time.
/// </summary>
public interface IPseudonymiser
{
    /// <summary>
    /// Names the mapping, so that a pull that was interrupted under one is never gone on with under another; at most 128 printable
    /// ASCII characters that tell nothing of a key. Empty, the default, leaves that to the caller.
    /// </summary>
    string MappingId => "";

    /// <summary>Replaces every identifier. Equal identifiers get equal pseudonyms, different ones different pseudonyms.</summary>
    /// <param name="identifiers">Ten ASCII characters for each row, one row after the other; they may hold letters.</param>
    /// <param name="pseudonyms">Sixteen bytes for each row, all of them to be written.</param>
    void Pseudonymise(ReadOnlySpan<byte> identifiers, Span<byte> pseudonyms);
}
