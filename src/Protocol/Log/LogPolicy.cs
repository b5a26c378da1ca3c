using System.Globalization;
using System.Text;

namespace Delivery.Protocol.Log;

/// <summary>
/// Whom a verifier believes: one log origin, the keys it accepts from that log, and how many of which witnesses must
/// have cosigned. Nobody who checks a proof takes any of this from the server. Immutable; safe from any thread.
/// </summary>
/// <remarks>
/// As text: the first line is <c>delivery-log-policy/v1</c>; then, one a line and in any order, <c>origin NAME</c> once,
/// <c>log VKEY</c> at least once, <c>witness VKEY</c> any number of times, and <c>quorum N</c> exactly when there are
/// witnesses. Empty lines and lines that begin with # are skipped. Lines end in a newline.
/// </remarks>
internal sealed class LogPolicy
{
    /// <summary>More keys than this in one policy is a mistake; each known key may cost a signature check.</summary>
    public const int MaxKeys = 64;

    private const string Header = "delivery-log-policy/v1";

    /// <summary>A policy over these keys.</summary>
    /// <exception cref="LogFormatException">
    /// With <see cref="LogFormatException.Policy"/>: no log key, a key of the wrong kind or name, one key twice, or a
    /// quorum that the witnesses cannot reach.
    /// </exception>
    public LogPolicy(
        string origin, IReadOnlyList<VerifierKey> logKeys, IReadOnlyList<VerifierKey>? witnesses = null, int quorum = 0)
    {
        (Origin, LogKeys, Witnesses, Quorum) = (origin, logKeys, witnesses ?? [], quorum);
        Keys = [.. LogKeys, .. Witnesses];
        Require(Checkpoint.IsOrigin(origin), "The origin is an identifier.");
        Require(LogKeys.Count > 0, "A policy names at least one log key.");
        Require(Keys.Count <= MaxKeys, "A policy names at most 64 keys.");
        Require(
            LogKeys.All(key => key.Kind is NoteKeyKind.Log && key.Name == origin),
            "A log key is of the log type and has the origin as its name.");
        Require(Witnesses.All(key => key.Kind is NoteKeyKind.Witness), "A witness key is of the witness type.");

        // A quorum counts parties. One key, or one name, must not count twice.
        Require(Keys.DistinctBy(key => key.SpkiSha256).Count() == Keys.Count, "A public key stands once in a policy.");
        Require(
            Witnesses.DistinctBy(key => key.Name).Count() == Witnesses.Count, "A witness's name stands once in a policy.");
        Require(quorum >= 0 && quorum <= Witnesses.Count, "The quorum is at most the number of witnesses.");
    }

    /// <summary>The one log this policy is about.</summary>
    public string Origin { get; }

    /// <summary>Keys accepted from the log; one of them must have signed.</summary>
    public IReadOnlyList<VerifierKey> LogKeys { get; }

    /// <summary>Witnesses that count.</summary>
    public IReadOnlyList<VerifierKey> Witnesses { get; }

    /// <summary>How many of them must have cosigned; 0 asks for none.</summary>
    public int Quorum { get; }

    /// <summary>All keys, the log's first.</summary>
    internal IReadOnlyList<VerifierKey> Keys { get; }

    /// <summary>Reads the text form.</summary>
    /// <exception cref="LogFormatException">With the code of the policy, or of the key at fault.</exception>
    public static LogPolicy Parse(string text)
    {
        var lines = text.Split('\n');
        Require(lines[0] == Header, "A policy begins with its format's name.");
        Require(lines[^1].Length == 0, "A policy ends with a newline.");
        var settings = lines[1..]
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(' '))
            .ToLookup(
                words => words.Length == 2 ? words[0] : string.Empty,
                words => words[^1],
                StringComparer.Ordinal);
        Require(
            settings.All(setting => setting.Key is "origin" or "log" or "witness" or "quorum"),
            "A policy's lines are origin, log, witness and quorum, each with one value.");
        Require(settings["origin"].Count() == 1, "A policy names one origin.");
        Require(
            settings["quorum"].Count() == (settings.Contains("witness") ? 1 : 0),
            "A policy states its quorum once when it names witnesses, and otherwise not.");
        return new LogPolicy(
            settings["origin"].Single(),
            [.. settings["log"].Select(VerifierKey.Parse)],
            [.. settings["witness"].Select(VerifierKey.Parse)],
            settings.Contains("quorum") ? ReadQuorum(settings["quorum"].Single()) : 0);
    }

    /// <summary>The text form, without comments.</summary>
    public string Encode()
    {
        var text = new StringBuilder(Header).Append('\n').Append("origin ").Append(Origin).Append('\n');
        foreach (var key in LogKeys)
        {
            text.Append("log ").Append(key).Append('\n');
        }

        foreach (var key in Witnesses)
        {
            text.Append("witness ").Append(key).Append('\n');
        }

        return Witnesses.Count == 0
            ? text.ToString()
            : text.Append(CultureInfo.InvariantCulture, $"quorum {Quorum}\n").ToString();
    }

    private static int ReadQuorum(string text)
    {
        Require(StrictText.TryDecimal(text, out var quorum) && quorum <= MaxKeys, "The quorum is a plain decimal.");
        return (int)quorum;
    }

    private static void Require(bool kept, string rule)
    {
        if (!kept)
        {
            throw new LogFormatException(LogFormatException.Policy, rule);
        }
    }
}
