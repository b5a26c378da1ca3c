using System.CommandLine;
using Delivery.Client.Errata;
using Delivery.Protocol.Domain.Errata;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery erratum watch</c>: errata that concern what was received, and every one from then on.</summary>
internal static class ErratumWatchCommand
{
    public static Command Create()
    {
        var command = new ToolCommand(
            "watch",
            "Tells every erratum that concerns what Danmarks Statistik received, with those deliveries, then each that is registered or withdrawn, until Ctrl+C. STIL and auditors are told of all. With --json, one document a line.",
            ["delivery erratum watch", "delivery erratum watch --as auditor --json"]);
        var connection = new ConnectionOptions(command, "dst-ingestion");
        return command.Runs(async (parse, terminal, cancellation) =>
        {
            using var client = connection.Read(parse).Open();
            try
            {
                await foreach (var news in client.Errata.WatchAsync(cancellation))
                {
                    terminal.AnswerNext(new { Erratum = ErratumTexts.Document(news.Erratum), news.Deliveries, news.LogSize }, Line(news));
                }
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                // Being stopped is how a watch ends well.
            }

            return ExitCode.Done;
        });
    }

    private static string Line(ErratumNews news)
    {
        var erratum = news.Erratum.Erratum;
        var head = $"{erratum.Id}  {erratum.Severity.Code()}{(news.Erratum.Withdrawal is null ? "" : "  withdrawn")}  {erratum.Text.English}";
        return string.Join("\n  ", news.Deliveries.Select(ErratumTexts.Line).Prepend(head));
    }
}
