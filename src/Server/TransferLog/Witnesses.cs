using Delivery.Protocol.Log;
using Delivery.Server.Health;
using Delivery.Server.Refusals;
using Delivery.Server.Storage;
using Microsoft.Extensions.Options;

namespace Delivery.Server.TransferLog;

/// <summary>
/// Takes in what witnesses cosign, and stops delivery when they have not been heard of for too long. A cosignature stands beside its checkpoint,
/// not in the log: it says something about leaves and is none. Threads may share it.
/// </summary>
internal sealed class Witnesses(Store store, StoreWriter writer, IOptions<LogOptions> options, TimeProvider clock) : IReadinessCondition
{
    // When the oldest leaf that no witness has seen was written.
    private const string OldestUnwitnessed = "SELECT timestamp_ms FROM log_leaf WHERE idx = (SELECT coalesce(max(size), 0) FROM log_cosignature)";

    private readonly List<VerifierKey> _keys = [.. options.Value.WitnessKeys.Select(VerifierKey.Parse)];

    // When the oldest leaf without a cosignature was written, as last looked; 0 when every leaf has one or nobody asks for any.
    private long _unwitnessedSinceMs;

    public string Name => "witness";

    public ReadinessState State =>
        Interlocked.Read(ref _unwitnessedSinceMs) is > 0 and var since && IsTooOld(since) ? ReadinessState.Without(Impairment.Extracts, "E_LOG_UNWITNESSED") : ReadinessState.Ready;

    /// <summary>Looks up which leaf has waited longest for a witness, where that may not be for ever.</summary>
    public void Look()
    {
        if (options.Value.MaxUnwitnessedAge > TimeSpan.Zero)
        {
            using var connection = store.OpenReader();
            using var command = connection.CreateCommand();
            command.CommandText = OldestUnwitnessed;
            Interlocked.Exchange(ref _unwitnessedSinceMs, command.ExecuteScalar() as long? ?? 0);
        }
    }

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
        if (options.Value.MaxUnwitnessedAge == TimeSpan.Zero)
        {
            return;
        }

        using var command = scope.Command(OldestUnwitnessed);
        if (command.ExecuteScalar() is long since && IsTooOld(since))
        {
            throw RefusedException.By("E_LOG_UNWITNESSED");
        }
    }

    private bool IsTooOld(long sinceMs) => clock.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(sinceMs) > options.Value.MaxUnwitnessedAge;

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
