using System.CommandLine;
using Delivery.Client.Extracts;
using Delivery.Client.Keys;
using Delivery.Client.Pseudonyms;
using Delivery.Protocol.Domain;
using Delivery.Protocol.Domain.Errata;
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
        var restart = new Option<bool>("--restart") { Description = "Discard what an interrupted pull into the file left, and begin anew." };
        var save = new Option<double>("--save") { Description = "How often what was written is made safe on disk, in seconds; 0 for every batch.", HelpName = "SECONDS", DefaultValueFactory = _ => 1 };
        save.Validators.Add(result =>
        {
            if (result.GetValue(save) is < 0 or > 3600 or double.NaN)
            {
                result.AddError("--save is from 0 to 3600 seconds");
            }
        });
        var command = new ToolCommand(
            "pull",
            "Fetches a project's extract: opens it, replaces civil registration numbers by pseudonyms, checks the proof and sends the receipt. A pull that was interrupted, however it happened, is gone on with by the same command.",
            ["delivery pull UNI-2026-017 --out results.arrow", "delivery pull UNI-2026-017 --out results.csv --programme nt --json", "delivery pull UNI-2026-017 --out results.arrow --restart"])
        {
            project, output, programme, key, pseudonymKey, force, restart, save,
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
                    parse.GetValue(force),
                    parse.GetValue(restart),
                    TimeSpan.FromSeconds(parse.GetValue(save))),
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
                    Restart = order.Restart,
                    SaveInterval = order.SaveInterval,
                    Progress = new PullMeter(progress, terminal),
                },
                cancellation));
    }

    private static void Tell(IReadOnlyList<PullResult> results, Terminal terminal)
    {
        foreach (var result in results)
        {
            var seconds = result.Elapsed.TotalSeconds;
            if (result.ResumedRows > 0)
            {
                terminal.Say($"{result.Programme.Code()}: went on from an interrupted pull that had {Quantity.Count(result.ResumedRows)} rows.");
            }

            terminal.Say($"{result.Programme.Code()}: {Quantity.Count(result.Rows)} rows, {Quantity.Bytes(result.SealedBytes)} sealed, in {Quantity.Seconds(seconds)}; proven at leaf {result.LogIndex}. Holding {result.HoldingId} must be deleted by {Values.Text(result.DeletionDue)}.");
            foreach (var warning in result.Warnings)
            {
                terminal.Say($"  {warning.Code}  {warning.Text.English}");
            }

            foreach (var erratum in result.Errata)
            {
                terminal.Say($"  {erratum.Severity.Code()} {erratum.Id}  {erratum.Text.English}");
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
        result.ResumedRows,
        Warnings = result.Warnings.Select(warning => warning.Code),
        Partitions = result.Partitions.Select(one => new { one.Partition, one.Generation, one.SourceDeliveryId, one.Rows, one.RejectedRows }),
        Errata = result.Errata.Select(ErratumTexts.Document),
        Seconds = Math.Round(result.Elapsed.TotalSeconds, 3),
    };

    /// <summary>Adds up the extracts of one pull, each of which counts from 0.</summary>
    private sealed class PullMeter(IProgress<Watched> total, Terminal terminal) : IProgress<ExtractProgress>
    {
        private readonly Dictionary<string, ExtractProgress> _extracts = new(StringComparer.Ordinal);

        public void Report(ExtractProgress value)
        {
            if (!_extracts.ContainsKey(value.ExtractId) && value.ResumedRows > 0)
            {
                terminal.Say($"Resuming {value.ExtractId} after {Quantity.Count(value.ResumedRows)} rows.");
            }

            _extracts[value.ExtractId] = value;
            var rows = _extracts.Values.Sum(extract => extract.Rows);
            var left = value.Remaining is { } remaining ? $", {remaining:hh\\:mm\\:ss} left" : "";
            total.Report(new Watched(rows, $"{Quantity.Count(rows)} rows, {Quantity.Bytes(_extracts.Values.Sum(extract => extract.SealedBytes))}{left}"));
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
/// <param name="Restart">Whether to discard what an interrupted pull left.</param>
/// <param name="SaveInterval">How often what was written is made safe.</param>
internal sealed record PullOrder(
    string ProjectId, string OutputFile, Programme? Programme, string RecipientKeyFile, string PseudonymKeyFile, bool Overwrite, bool Restart, TimeSpan SaveInterval);
