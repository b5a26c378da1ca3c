using Delivery.Protocol.Log;
using Delivery.Server.Storage;

namespace Delivery.Server.TransferLog;

/// <summary>
/// Which keys may sign, as the log itself says: the first leaf names the first key, each <c>key.rotated</c> the one that follows. A server with
/// any other key does not start, so no checkpoint is signed by a key that nobody announced. Holds no state of its own.
/// </summary>
internal sealed class KeySuccession(LogAppender appender, LogKey key)
{
    private const string IdempotencyPrefix = "key.rotated/";

    /// <summary>Holds the keys of the settings against the log, and records the one that takes over when it is new.</summary>
    /// <exception cref="InvalidDataException">The log names other keys; the text says what to set.</exception>
    public void Continue(WriteScope scope)
    {
        var named = Named(scope);
        var signing = key.Signer.Verifier.SpkiSha256;
        if (key.Next?.Verifier.SpkiSha256 is not { } next)
        {
            Require(signing == named[^1], "the key in SigningKeyFile is not the one the log names. Name the old key there and the new one as NextSigningKeyFile, start once, then swap");
            return;
        }

        if (next == named[^1])
        {
            Require(named.Count > 1 && signing == named[^2], "NextSigningKeyFile has taken over, but SigningKeyFile is not the key before it. Use the new key alone, as SigningKeyFile");
            return;
        }

        Require(signing == named[^1], "the key in SigningKeyFile is not the one the log names, so none can take over from it");
        Require(!named.Contains(next), "NextSigningKeyFile holds a key that was retired. Make a new one");
        appender.Append(scope, LeafDraft.KeyRotated(key.System, signing, next), IdempotencyPrefix + signing);
    }

    // A key is left once only, so following the leaves from the first key ends at the last.
    private static List<LogHash> Named(WriteScope scope)
    {
        using var command = scope.Command("SELECT body FROM log_leaf WHERE idx = 0");
        var named = new List<LogHash> { Leaf.Parse((byte[])command.ExecuteScalar()!).Hash("new_key_id") };
        while (LogAppender.Find(scope, IdempotencyPrefix + named[^1]) is { } rotated)
        {
            named.Add(Leaf.Parse(rotated.Body).Hash("new_key_id"));
        }

        return named;
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidDataException($"{LogOptions.Section}: {otherwise}.");
        }
    }
}
