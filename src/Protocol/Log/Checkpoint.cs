using System.Globalization;

namespace Delivery.Protocol.Log;

/// <summary>
/// What a log states about itself at one moment: its origin, how many leaves it has and the root over them
/// (c2sp.org/tlog-checkpoint). Extension lines are refused: no auditor can check them, and witnesses do not vouch for
/// them. Immutable.
/// </summary>
internal sealed record Checkpoint
{
    /// <summary>Begins every cosigned message, so no log may call itself that: its notes would read as one.</summary>
    internal const string CosignatureHeader = "cosignature/v1";

    private const int LineCount = 3;

    /// <summary>States a head.</summary>
    /// <exception cref="LogFormatException">The origin is not an identifier, the size is negative or too large.</exception>
    public Checkpoint(string origin, long size, LogHash root)
    {
        if (!IsOrigin(origin))
        {
            throw new LogFormatException(LogFormatException.Checkpoint, "A checkpoint's origin is an identifier.");
        }

        if (size is < 0 or > CanonicalJson.MaxInteger)
        {
            throw new LogFormatException(LogFormatException.Checkpoint, "A checkpoint's size is 0 to 2^53 - 1.");
        }

        if (size == 0 && root != LogHash.Empty)
        {
            throw new LogFormatException(LogFormatException.Checkpoint, "The empty log has the empty root.");
        }

        (Origin, Size, Root) = (origin, size, root);
    }

    /// <summary>Which log.</summary>
    public string Origin { get; }

    /// <summary>Number of leaves.</summary>
    public long Size { get; }

    /// <summary>RFC 6962 root over them.</summary>
    public LogHash Root { get; }

    /// <summary>True for a name a log may have: an identifier, as leaves also demand, and not the cosignature header.</summary>
    public static bool IsOrigin(string origin) =>
        FieldShapes.Fits(FieldShape.Id, new JsonText(origin)) && origin != CosignatureHeader;

    /// <summary>Reads the text of a note: exactly three lines, each ended by a newline.</summary>
    /// <exception cref="LogFormatException">Anything else, extension lines included.</exception>
    public static Checkpoint Parse(string text)
    {
        var lines = text.Split('\n');
        if (lines.Length != LineCount + 1 || lines[LineCount].Length != 0)
        {
            throw new LogFormatException(
                LogFormatException.Checkpoint, "A checkpoint is three lines: origin, size and root. Extensions are refused.");
        }

        if (!StrictText.TryDecimal(lines[1], out var size) || !StrictText.TryHash(lines[2], out var root))
        {
            throw new LogFormatException(
                LogFormatException.Checkpoint, "A checkpoint's size is a plain decimal and its root 32 bytes in base64.");
        }

        return new Checkpoint(lines[0], size, root);
    }

    /// <summary>The text that is signed.</summary>
    public string Encode() => string.Create(
        CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{Convert.ToBase64String(Root.ToArray())}\n");
}
