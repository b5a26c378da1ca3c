using Delivery.Protocol.Log;

namespace Delivery.Server.TransferLog;

/// <summary>Holds checkpoints, cosignatures and the pin against roots worked out anew, as a walk over the leaves reaches each size.</summary>
internal sealed class SignedHeads
{
    private readonly (long Size, LogHash Root)? _pin;
    private readonly LogPolicy? _policy;
    private readonly LogFindings _findings;
    private readonly Queue<(long Size, string Witness, byte[] Note)> _cosignatures;
    private readonly IEnumerator<(long Size, byte[] Root, byte[] Note)> _checkpoints;
    private bool _hasCheckpoint;

    public SignedHeads(LogFolder folder, (long Size, LogHash Root)? pin, LogPolicy? policy, LogFindings findings)
    {
        (_pin, _findings) = (pin, findings);

        // Whether enough witnesses cosigned is asked of a proof, not of every checkpoint that was ever signed.
        _policy = policy is null ? null : new LogPolicy(policy.Origin, policy.LogKeys, policy.Witnesses);
        _cosignatures = new(folder.Cosignatures());
        _checkpoints = folder.Rows("SELECT size, root, note FROM log_checkpoint ORDER BY size")
            .Select(row => (row.GetInt64(0), row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2))).GetEnumerator();
        CosignatureCount = _cosignatures.Count;
        _hasCheckpoint = _checkpoints.MoveNext();
    }

    public long CheckpointCount { get; private set; }

    public long CosignatureCount { get; }

    /// <summary>Checks what was signed at this size.</summary>
    public void Reach(long size, CompactRange range)
    {
        LogHash? root = null;
        if (_pin is { } pin && pin.Size == size)
        {
            _findings.Unless(pin.Root == (root ??= range.Root()), LogFault.PinContradicts, size);
        }

        for (; _hasCheckpoint && _checkpoints.Current.Size <= size; _hasCheckpoint = _checkpoints.MoveNext())
        {
            CheckpointCount++;
            Check(_checkpoints.Current, root ??= range.Root());
        }
    }

    /// <summary>Checks that nothing was signed beyond the last leaf, and that a pin stands.</summary>
    public void End(long size)
    {
        _findings.Unless(_pin is not null || CheckpointCount == 0, LogFault.PinMissing, size);
        _findings.Unless(_pin is null || _pin.Value.Size <= size, LogFault.PinContradicts, _pin?.Size ?? 0);
        for (; _hasCheckpoint; _hasCheckpoint = _checkpoints.MoveNext())
        {
            CheckpointCount++;
            _findings.Add(LogFault.CheckpointDiffers, _checkpoints.Current.Size);
        }

        foreach (var (beyond, _, _) in _cosignatures)
        {
            _findings.Add(LogFault.CosignatureWrong, beyond);
        }
    }

    private void Check((long Size, byte[] Root, byte[] Note) row, LogHash root)
    {
        _findings.Unless(row.Root.AsSpan().SequenceEqual(root.ToArray()), LogFault.CheckpointDiffers, row.Size);
        var text = "";
        try
        {
            text = SignedNote.Parse(row.Note).Text;
            var stated = Checkpoint.Parse(text);
            _findings.Unless(stated.Size == row.Size && stated.Root == root, LogFault.CheckpointDiffers, row.Size);
        }
        catch (LogFormatException)
        {
            _findings.Add(LogFault.CheckpointMalformed, row.Size);
        }

        if (_policy is not null)
        {
            _findings.Unless(CheckpointVerifier.Open(_policy, row.Note).Code is LogProofCode.Proven, LogFault.CheckpointUnsigned, row.Size);
        }

        while (_cosignatures.TryPeek(out var next) && next.Size <= row.Size)
        {
            _cosignatures.Dequeue();
            _findings.Unless(next.Size == row.Size && Holds(next, text), LogFault.CosignatureWrong, next.Size);
        }
    }

    // A witness the policy does not name is not judged.
    private bool Holds((long Size, string Witness, byte[] Note) row, string text)
    {
        try
        {
            var note = SignedNote.Parse(row.Note);
            var known = _policy?.Witnesses.Where(witness => witness.Name == row.Witness).ToList() ?? [];
            return note.Text == text && note.Signatures[^1].Name == row.Witness && (known.Count == 0 || note.Verify(known).Standing is not NoteStanding.Wrong);
        }
        catch (LogFormatException)
        {
            return false;
        }
    }
}
