using System.Text;
using Delivery.Protocol.Log;

namespace Delivery.Server.TransferLog;

/// <summary>The log that this one continues after its key was lost or known: its name and the hash of its last believed checkpoint's text.</summary>
internal sealed record PreviousLog(string Origin, LogHash CheckpointHash)
{
    /// <summary>Reads what the settings name; null when they name none.</summary>
    /// <exception cref="InvalidDataException">The file holds no checkpoint of that log.</exception>
    public static PreviousLog? Read(LogOptions options)
    {
        if (options.PreviousOrigin.Length == 0)
        {
            return null;
        }

        try
        {
            // Its signature says nothing any more, since others may hold the key; that is why an operator names the checkpoint.
            var text = SignedNote.Parse(File.ReadAllBytes(options.PreviousCheckpointFile)).Text;
            if (Checkpoint.Parse(text).Origin == options.PreviousOrigin)
            {
                return new PreviousLog(options.PreviousOrigin, LogHash.Of(Encoding.UTF8.GetBytes(text)));
            }
        }
        catch (LogFormatException)
        {
            // Answered below with the same words as a checkpoint of another log.
        }

        throw new InvalidDataException($"{options.PreviousCheckpointFile} holds no checkpoint of the log {options.PreviousOrigin}. Name the last one that an auditor or witness believed.");
    }

    /// <summary>Whether a log's first leaf says so too.</summary>
    public bool IsNamedBy(Leaf genesis) =>
        genesis.Has("previous_origin") && genesis.Text("previous_origin") == Origin && genesis.Hash("previous_checkpoint_hash") == CheckpointHash;
}
