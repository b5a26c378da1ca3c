using Delivery.Client.Refusals;
using Delivery.Client.Sinks;
using Delivery.Protocol.Domain;

namespace Delivery.Client.Documentation;

/// <summary>One document.</summary>
/// <param name="Name">Name to store it under.</param>
/// <param name="MediaType">Its media type.</param>
/// <param name="Content">Its bytes, UTF-8.</param>
public sealed record DocumentationFile(string Name, string MediaType, ReadOnlyMemory<byte> Content);

/// <summary>An extract that is documented.</summary>
/// <param name="Programme">The programme.</param>
/// <param name="ExtractId">The extract.</param>
/// <param name="IsDelivered">Whether it was opened; otherwise it is described as it would be read now.</param>
public sealed record DocumentedExtract(Programme Programme, string ExtractId, bool IsDelivered);

/// <summary>The documentation of one project. Immutable.</summary>
/// <param name="Files">Its documents.</param>
/// <param name="Extracts">What they describe.</param>
public sealed record ProjectDocumentation(IReadOnlyList<DocumentationFile> Files, IReadOnlyList<DocumentedExtract> Extracts)
{
    /// <summary>Writes every document into a folder, which is made if it is not there; the paths written.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="overwrite">Whether documents that are there may be replaced; otherwise nothing is written.</param>
    /// <exception cref="DeliveryClientException">A document is there already, or the disk refused.</exception>
    public IReadOnlyList<string> Save(string folder, bool overwrite)
    {
        var paths = Files.Select(file => Path.Combine(folder, file.Name)).ToList();
        paths.ForEach(path => PartialFile.CheckFree(path, overwrite));
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new DeliveryClientException(ClientReasons.FileUnreadable, Path.GetFileName(folder), cause);
        }

        foreach (var (path, file) in paths.Zip(Files))
        {
            DurableFile.Replace(path, file.Content.Span);
        }

        return paths;
    }
}
