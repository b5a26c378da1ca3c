using System.Globalization;
using System.Text;

namespace Delivery.Protocol.Log;

/// <summary>
/// A proof that travels alone (c2sp.org/tlog-proof): the index of a leaf, its inclusion proof and the signed checkpoint
/// the proof leads to. Reading it proves nothing; <see cref="LogProofVerifier"/> does. Immutable.
/// </summary>
/// <param name="Index">Index of the leaf, from 0.</param>
/// <param name="Hashes">Sibling hashes from the leaf up.</param>
/// <param name="Note">The bytes of the signed checkpoint.</param>
/// <param name="Extra">Data that is not authenticated in any way; null when absent.</param>
internal sealed record TlogProof(long Index, IReadOnlyList<LogHash> Hashes, byte[] Note, byte[]? Extra = null)
{
    /// <summary>A tree of 2^63 leaves has paths of this length.</summary>
    public const int MaxHashes = 63;

    /// <summary>Room for the note, the hashes and some extra data, and a bound on what is read unverified.</summary>
    public const int MaxBytes = 2 * SignedNote.MaxBytes;

    private const string Header = "c2sp.org/tlog-proof@v1";
    private const string ExtraStart = "extra ";
    private const string IndexStart = "index ";

    /// <summary>Reads a proof.</summary>
    /// <exception cref="LogFormatException">With <see cref="LogFormatException.Proof"/>.</exception>
    public static TlogProof Parse(ReadOnlySpan<byte> bytes)
    {
        var text = bytes.Length <= MaxBytes ? StrictText.Utf8Lines(bytes) : null;

        // No line above the checkpoint is empty, so the first empty line ends the head.
        var blank = text?.IndexOf("\n\n", StringComparison.Ordinal) ?? -1;
        if (text is null || blank < 0)
        {
            throw Broken("A proof is head lines, an empty line and a checkpoint, within 128 KiB.");
        }

        var lines = new Queue<string>(text[..blank].Split('\n'));
        if (lines.Dequeue() != Header)
        {
            throw Broken("A proof begins with its format's name.");
        }

        var extra = ReadExtra(lines);
        var index = ReadIndex(lines);
        return new TlogProof(index, ReadHashes(lines), StrictText.Bytes(text[(blank + 2)..]), extra);
    }

    /// <summary>The bytes of the proof.</summary>
    public byte[] Encode()
    {
        var head = new StringBuilder(Header).Append('\n');
        if (Extra is not null)
        {
            head.Append(ExtraStart).Append(Convert.ToBase64String(Extra)).Append('\n');
        }

        head.Append(IndexStart).Append(Index.ToString(CultureInfo.InvariantCulture)).Append('\n');
        foreach (var hash in Hashes)
        {
            head.Append(Convert.ToBase64String(hash.ToArray())).Append('\n');
        }

        return [.. StrictText.Bytes(head.Append('\n').ToString()), .. Note];
    }

    private static byte[]? ReadExtra(Queue<string> lines)
    {
        if (!lines.TryPeek(out var line) || !line.StartsWith(ExtraStart, StringComparison.Ordinal))
        {
            return null;
        }

        return StrictText.TryBase64(lines.Dequeue().AsSpan(ExtraStart.Length), out var extra)
            ? extra
            : throw Broken("A proof's extra data is base64.");
    }

    private static long ReadIndex(Queue<string> lines) =>
        lines.TryDequeue(out var line) && line.StartsWith(IndexStart, StringComparison.Ordinal)
            && StrictText.TryDecimal(line.AsSpan(IndexStart.Length), out var index)
                ? index
                : throw Broken("A proof names the index of its leaf as a plain decimal.");

    private static List<LogHash> ReadHashes(Queue<string> lines)
    {
        if (lines.Count > MaxHashes)
        {
            throw Broken("A proof has at most 63 hashes.");
        }

        return [.. lines.Select(line => StrictText.TryHash(line, out var hash)
            ? hash
            : throw Broken("A proof's hashes are 32 bytes in base64, one a line."))];
    }

    private static LogFormatException Broken(string message) => new(LogFormatException.Proof, message);
}
