using System.CommandLine;
using System.Globalization;
using Delivery.Protocol.Domain;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery catalogue publications</c>: which national results are public.</summary>
internal static class CataloguePublicationsCommand
{
    public static Command Create()
    {
        var command = new ToolCommand(
            "publications",
            "Lists when national results were published. A transition test without a date cannot be delivered yet.",
            ["delivery catalogue publications", "delivery catalogue publications --json"]);
        var connection = new ConnectionOptions(command, "stil-approvals");
        return command.Runs(async (parse, terminal, cancellation) =>
        {
            using var client = connection.Read(parse).Open();
            var publications = await client.Catalogue.ListPublicationsAsync(cancellation);
            terminal.AnswerTable(
                publications.Select(Document),
                ["programme", "school year", "published on", "source"],
                publications.Select(publication => (IReadOnlyList<string>)
                    [publication.Programme.Code(), publication.SchoolYear.ShortText, Day(publication) ?? "not known", publication.Source]));
            return ExitCode.Done;
        });
    }

    /// <summary>A publication as JSON writes it.</summary>
    public static object Document(Publication publication) => new
    {
        Programme = publication.Programme.Code(),
        SchoolYear = publication.SchoolYear.ToString(),
        PublishedOn = Day(publication),
        publication.Source,
    };

    private static string? Day(Publication publication) => publication.PublishedOn?.ToString("O", CultureInfo.InvariantCulture);
}
