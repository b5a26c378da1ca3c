using System.CommandLine;
using Delivery.Client.Extracts;
using Delivery.Client.Keys;
using Delivery.Client.Pseudonyms;
using Delivery.Protocol.Domain;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery pull</c>: Danmarks Statistik fetches an extract.</summary>
internal static class PullCommand
{
    public static Command Create()
    {
        var project = new Argument<string>("PROJECT") { Description = "The project." };
        var output = new Option<string>("--out") { Description = "File to make: .arrow, .arrows or .csv. With both programmes, results.arrow becomes results.nt.arrow and results.fno.arrow.", HelpName = "FILE", Required = true };
        var programme = new Option<string?>("--programme") { Description = "nt or fno. Default: all the approval names." };
        programme.AcceptOnlyFromAmong("nt", "fno");
        var key = new Option<string?>("--key") { Description = "Recipient key file. Default: recipient.key among the certificates.", HelpName = "FILE" };
        var pseudonymKey = new Option<string?>("--pseudonym-key") { Description = "Master key of pseudonyms. Default: pseudonym.key among the certificates.", HelpName = "FILE" };
        var force = new Option<bool>("--force") { Description = "Replace the file if it is there." };
        var command = new ToolCommand(
            "pull",
            "Fetches a project's extract: opens it, replaces civil registration numbers by pseudonyms, checks the proof and sends the receipt. A broken stream is resumed.",
            ["delivery pull UNI-2026-017 --out results.arrow", "delivery pull UNI-2026-017 --out results.csv --programme nt --json"])
        {
            project, output, programme, key, pseudonymKey, force,
        };
        var connection = new ConnectionOptions(command, "dst-ingestion");
        return command.Runs(async (parse, terminal, cancellation) =>
        {
            var where = connection.Read(parse);
            var results = await RunAsync(
                where,
                new PullOrder(
                    parse.GetRequiredValue(project),
                    parse.GetRequiredValue(output),
                    parse.GetValue(programme) is { } code ? Values.Programme(code) : null,
                    parse.GetValue(key) ?? where.RecipientKeyFile,
                    parse.GetValue(pseudonymKey) ?? where.PseudonymKeyFile,
                    parse.GetValue(force)),
                terminal,
                cancellation);
            Tell(results, terminal);
            return ExitCode.Done;
        });
    }

    /// <summary>Pulls with a progress bar.</summary>
    public static async Task<IReadOnlyList<PullResult>> RunAsync(Connection where, PullOrder order, Terminal terminal, CancellationToken cancellation)
    {
        using var client = where.Open();
        using var recipientKey = RecipientKeyFile.Load(order.RecipientKeyFile);
        using var master = PseudonymKeyFile.Load(order.PseudonymKeyFile);

        // The project is the domain: the same pupil has the same pseudonym in every delivery to it, and another one elsewhere.
        using var pseudonymiser = new AesPseudonymiser(master, order.ProjectId);
        var extracts = await client.Extracts.ListAsync(order.ProjectId, cancellation);
        var rowsMax = extracts.Where(extract => order.Programme is null || extract.Programme == order.Programme).Sum(extract => extract.RowsMax);
        return await terminal.WatchAsync("Pulling", rowsMax, progress =>
            client.Extracts.PullAsync(
                order.ProjectId,
                order.Programme,
                new PullOptions
                {
                    RecipientKey = recipientKey,
                    SenderPublicKeyFile = where.SenderPublicKeyFile,
                    LogPolicyFile = where.LogPolicyFile,
                    OutputFile = order.OutputFile,
                    Pseudonymiser = pseudonymiser,
                    Overwrite = order.Overwrite,
                    Progress = new PullMeter(progress),
                },
                cancellation));
    }

    private static void Tell(IReadOnlyList<PullResult> results, Terminal terminal)
    {
        foreach (var result in results)
        {
            var seconds = result.Elapsed.TotalSeconds;
            terminal.Say($"{result.Programme.Code()}: {Quantity.Count(result.Rows)} rows, {Quantity.Bytes(result.SealedBytes)} sealed, in {Quantity.Seconds(seconds)}; proven at leaf {result.LogIndex}. Holding {result.HoldingId} must be deleted by {Values.Text(result.DeletionDue)}.");
            foreach (var warning in result.Warnings)
            {
                terminal.Say($"  {warning.Code}  {warning.Text.English}");
            }
        }

        terminal.Answer(results.Select(Document), results.Select(result => result.OutputFile));
    }

    private static object Document(PullResult result) => new
    {
        result.ExtractId,
        Programme = result.Programme.Code(),
        result.Rows,
        result.Batches,
        result.SealedBytes,
        OutputFile = Path.GetFullPath(result.OutputFile),
        result.OutputSha256,
        result.HoldingId,
        result.DeletionDue,
        result.LogIndex,
        result.ProofVerified,
        Warnings = result.Warnings.Select(warning => warning.Code),
        Seconds = Math.Round(result.Elapsed.TotalSeconds, 3),
    };

    /// <summary>Adds up the extracts of one pull, each of which counts from 0.</summary>
    private sealed class PullMeter(IProgress<long> total) : IProgress<PullProgress>
    {
        private readonly Dictionary<string, long> _rows = new(StringComparer.Ordinal);

        public void Report(PullProgress value)
        {
            _rows[value.ExtractId] = value.Rows;
            total.Report(_rows.Values.Sum());
        }
    }
}

/// <summary>What to pull, and with which keys.</summary>
/// <param name="ProjectId">The project.</param>
/// <param name="OutputFile">The file to make.</param>
/// <param name="Programme">Which programme; null for all of the approval.</param>
/// <param name="RecipientKeyFile">The key it is sealed to.</param>
/// <param name="PseudonymKeyFile">Master key of pseudonyms.</param>
/// <param name="Overwrite">Whether a file of that name may be replaced.</param>
internal sealed record PullOrder(string ProjectId, string OutputFile, Programme? Programme, string RecipientKeyFile, string PseudonymKeyFile, bool Overwrite);
