namespace Delivery.Protocol.Sealing;

/// <summary>Why a sealed stream was refused. The names are stable and documented in docs/sealed-stream.md.</summary>
internal enum SealedStreamRefusal
{
    /// <summary>Magic, version, lengths or total size are not those of a header.</summary>
    HeaderMalformed = 1,

    /// <summary>Sealed in another suite than the recipient's key has.</summary>
    SuiteChanged,

    /// <summary>Sealed for another recipient key than the one asked for or held.</summary>
    RecipientKeyUnknown,

    /// <summary>Signed by another delivery key than the one expected.</summary>
    SenderKeyUnknown,

    /// <summary>Belongs to another call: a replay or a mix-up.</summary>
    CallChanged,

    ProjectChanged,

    ApprovalChanged,

    ExtractChanged,

    SchemaChanged,

    /// <summary>Continues from another batch index or another running digest than was asked for.</summary>
    PrefixChanged,

    /// <summary>The delivery key did not sign this header.</summary>
    HeaderSignatureInvalid,

    /// <summary>The encapsulation holds a malformed point.</summary>
    EncapsulationMalformed,

    /// <summary>The derived key is not the one the header commits to.</summary>
    KeyCommitmentChanged,

    /// <summary>The sealed digest salt does not open.</summary>
    SaltAltered,

    /// <summary>A batch is altered, out of order, repeated, missing, from elsewhere, or its row count is not what was sealed.</summary>
    BatchAltered,

    /// <summary>The trailer is altered, comes too early, or is no trailer.</summary>
    TrailerAltered,

    /// <summary>The delivery key did not sign this trailer.</summary>
    TrailerSignatureInvalid,

    /// <summary>The trailer counts other batches or rows than arrived.</summary>
    TrailerCountChanged,

    /// <summary>The trailer states another running digest than the batches gave.</summary>
    TrailerDigestChanged,

    /// <summary>Something followed the trailer.</summary>
    AfterTrailer,

    /// <summary>The stream failed before; nothing more is opened or sealed under its key.</summary>
    AfterFailure,

    /// <summary>2^20 messages or 64 GiB under one key: end the call and resume with a new one.</summary>
    LimitReached,
}

/// <summary>
/// A sealed stream was refused. The stream is dead and whatever it delivered counts as cut, unless its trailer was accepted
/// before. The message names the refusal and a batch index at most, never content.
/// </summary>
internal sealed class SealedStreamException : Exception
{
    public SealedStreamException(SealedStreamRefusal refusal, string message, Exception? cause = null)
        : base(message, cause) => Refusal = refusal;

    public SealedStreamRefusal Refusal { get; }
}
