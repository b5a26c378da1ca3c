using Delivery.Client.Refusals;
using Delivery.Protocol.Domain;

namespace Delivery.Client.Closure;

/// <summary>
/// A confirmation to keep: which holdings ended, how and when, signed by the server's delivery key, with the leaf of the transfer log that
/// records it and that leaf's proof. What it says is unproven until <see cref="ConfirmationVerification"/> has checked it, which needs no
/// server. Immutable; any thread.
/// </summary>
public sealed class ConfirmationDocument
{
    private readonly ConfirmationFile _file;

    private ConfirmationDocument(ConfirmationFacts facts, ConfirmationFile file) => (Facts, _file) = (facts, file);

    /// <summary>The project.</summary>
    public string ProjectId => Facts.ProjectId;

    /// <summary>The project's state after it.</summary>
    public string ProjectState => Facts.ProjectState;

    /// <summary>The holdings confirmed.</summary>
    public IReadOnlyList<ConfirmedHolding> Holdings => Facts.Holdings;

    /// <summary>Their ids.</summary>
    public IReadOnlyList<string> HoldingIds => [.. Facts.Holdings.Select(holding => holding.HoldingId)];

    /// <summary>Index of the leaf that records it.</summary>
    public long LogIndex => Facts.LogIndex;

    /// <summary>What people read, made from the document.</summary>
    public Bilingual Rendering => _file.Rendering;

    /// <summary>The signed bytes, restricted canonical JSON; docs/confirmation.md has the layout.</summary>
    public ReadOnlyMemory<byte> Document => _file.Document;

    /// <summary>The delivery key's signature over the document, 64 bytes.</summary>
    public ReadOnlyMemory<byte> Signature => _file.Signature;

    /// <summary>The leaf's exact bytes.</summary>
    public ReadOnlyMemory<byte> Leaf => _file.Leaf;

    /// <summary>Its inclusion proof, C2SP tlog-proof.</summary>
    public ReadOnlyMemory<byte> Proof => _file.Proof;

    internal ConfirmationFacts Facts { get; }

    /// <summary>Writes everything to one JSON file.</summary>
    /// <param name="file">The file; made anew.</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    /// <exception cref="DeliveryClientException">The file exists already or cannot be written.</exception>
    public void Save(string file, bool overwrite = false)
    {
        try
        {
            using var stream = new FileStream(file, overwrite ? FileMode.Create : FileMode.CreateNew, FileAccess.Write);
            stream.Write(_file.Encode());
            stream.Flush(flushToDisk: true);
        }
        catch (IOException cause) when (!overwrite && File.Exists(file))
        {
            throw new DeliveryClientException(ClientReasons.OutputExists, Path.GetFileName(file), cause);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new DeliveryClientException(ClientReasons.FileUnreadable, Path.GetFileName(file), cause);
        }
    }

    /// <summary>Reads the document among the parts; null when it is not of its layout.</summary>
    internal static ConfirmationDocument? Read(byte[] document, byte[] signature, byte[] leaf, byte[] proof) =>
        ConfirmationFacts.Read(document) is { } facts
            ? new ConfirmationDocument(facts, new ConfirmationFile(document, signature, leaf, proof, ConfirmationRendering.Of(facts)))
            : null;
}
