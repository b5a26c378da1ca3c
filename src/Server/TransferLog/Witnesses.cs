using Delivery.Protocol.Log;
using Delivery.Server.Refusals;
using Delivery.Server.Storage;
using Microsoft.Extensions.Options;

namespace Delivery.Server.TransferLog;

/// <summary>
/// Takes in what witnesses cosign, and stops delivery when they have not been heard of for too long. A cosignature stands beside its checkpoint,
/// not in the log: it says something about leaves and is none. Threads may share it.
/// </summary>
internal sealed class Witnesses(StoreWriter writer, IOptions<LogOptions> options, TimeProvider clock)
{
    private readonly List<VerifierKey> _keys = [.. options.Value.WitnessKeys.Select(VerifierKey.Parse)];

    /// <summary>Stores the cosignatures of a checkpoint; each witness's first for a size stays.</summary>
    /// <returns>Leaves the checkpoint covers.</returns>
    /// <exception cref="RefusedException">It is no checkpoint this log signed, or no known witness signed it.</exception>
    public Task<long> TakeAsync(byte[] noteBytes, CancellationToken cancellation)
    {
        var (note, size) = Read(noteBytes);
        var (standing, held) = note.Verify(_keys);
        if (standing is not NoteStanding.Signed)
        {
            throw RefusedException.By("E_COSIGNATURE");
        }

        return writer.WriteAsync(
            scope =>
            {
                var signed = Signed(scope, size);
                if (signed?.Text != note.Text)
                {
                    throw RefusedException.By("E_CHECKPOINT_UNKNOWN");
                }

                foreach (var key in held.Select(signature => signature.Key))
                {
                    // Only lines that held are kept: what else the caller sent is nobody's.
                    var cosigned = signed.With(note.Signatures.First(line => line.Name == key.Name && line.KeyId == key.KeyId));
                    scope.Execute(
                        "INSERT INTO log_cosignature (size, witness, note) VALUES ($1, $2, $3) ON CONFLICT (size, witness) DO NOTHING", size, key.Name, cosigned.Encode());
                }

                return size;
            },
            cancellation);
    }

    /// <summary>Refuses to let anything leave while a leaf has waited for a witness longer than it may.</summary>
    /// <exception cref="RefusedException">One has.</exception>
    public void RequireFresh(WriteScope scope)
    {
        var limit = options.Value.MaxUnwitnessedAge;
        if (limit == TimeSpan.Zero)
        {
            return;
        }

        using var command = scope.Command("SELECT timestamp_ms FROM log_leaf WHERE idx = (SELECT coalesce(max(size), 0) FROM log_cosignature)");
        if (command.ExecuteScalar() is long since && clock.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(since) > limit)
        {
            throw RefusedException.By("E_LOG_UNWITNESSED");
        }
    }

    private static (SignedNote Note, long Size) Read(byte[] bytes)
    {
        try
        {
            var note = SignedNote.Parse(bytes);
            return (note, Checkpoint.Parse(note.Text).Size);
        }
        catch (LogFormatException)
        {
            throw RefusedException.By("E_COSIGNATURE");
        }
    }

    private static SignedNote? Signed(WriteScope scope, long size)
    {
        using var command = scope.Command("SELECT note FROM log_checkpoint WHERE size = $1", size);
        return command.ExecuteScalar() is byte[] note ? SignedNote.Parse(note) : null;
    }
}
