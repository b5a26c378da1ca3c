using System.Security.Cryptography;
using Delivery.Client.Closure;
using Delivery.Client.Development;
using Delivery.Client.Extracts;
using Delivery.Client.Intake;
using Delivery.Client.Keys;
using Delivery.Client.Log;
using Delivery.Client.Refusals;
using Delivery.Client.Synthetic;
using Delivery.Protocol.Domain;
using Delivery.Server.Hosting;
using Delivery.Tool.Commands;
using Delivery.Tool.CommandLine;
using Delivery.Tool.Hosting;

namespace Delivery.Tool.Demonstration;

/// <summary>
/// The whole product once, on its real parts: a real server on a free port, mutual TLS, each party with its own certificate. A step
/// that does not hold ends it with <see cref="StepFailedException"/>. One use.
/// </summary>
internal sealed class Demo(DemoOrder order, DemoFolder folder, TimeProvider clock, Terminal terminal)
{
    private const string ProjectId = "UNI-2026-017";
    private const ulong Seed = 1;
    private const int KeyDays = 30;
    private const int StepsTotal = 12;

    private int _step;

    private Scope Scope => order.IsWidest ? DemoScope.Widest : DemoScope.Usual;

    /// <summary>Runs every step.</summary>
    public async Task<DemoReport> RunAsync(CancellationToken cancellation)
    {
        using var memory = new MemoryWatch(clock);
        var files = DevelopmentCertificates.Create(folder.Certs, clock);
        Tell($"Certificates: {files.Count} files for a server, its clients and Danmarks Statistik's signing key");

        var settings = DevelopmentServer.Settings(folder.Certs, folder.Data, port: 0);
        settings["Logging:LogLevel:Default"] = "Warning";
        await using var app = DeliveryServer.Build([], settings);
        await app.StartAsync(cancellation);
        try
        {
            var address = new Uri(app.Urls.First());
            Tell($"Server: {address} with mutual TLS 1.3, SQLite store and transfer log");
            var report = await DeliverAsync(new Connection(address, folder.Certs, "dst-ingestion"), cancellation);
            return report with { PeakWorkingSetBytes = MemoryWatch.PeakWorkingSetBytes, PeakManagedHeapBytes = memory.PeakManagedHeapBytes };
        }
        finally
        {
            await app.StopAsync(CancellationToken.None);
        }
    }

    private async Task<DemoReport> DeliverAsync(Connection server, CancellationToken cancellation)
    {
        var results = new SyntheticResults(order.Rows, Seed, order.VoluntaryShare);
        var synthSeconds = await SynthesiseAsync(results, cancellation);
        var (import, importSeconds) = await ImportAsync(server, cancellation);
        await RegisterKeyAsync(server, cancellation);
        await PublishAsync(server, cancellation);
        await ApproveAsync(server, cancellation);
        var (pulled, pullSeconds) = await PullAsync(server, Expected(results, import), cancellation);
        await VerifyAsync(server, pulled, cancellation);
        var state = await CloseAsync(server, cancellation);
        var code = await RefuseAsync(server, cancellation);
        var logSize = await ExportAsync(server, cancellation);

        var rows = pulled.Sum(result => result.Rows);
        var sealedBytes = pulled.Sum(result => result.SealedBytes);
        string[] outputs = [.. pulled.Select(result => Path.GetFullPath(result.OutputFile))];
        return new DemoReport(
            import.AcceptedRows, import.VoluntaryRows, rows, sealedBytes, Math.Round((double)sealedBytes / Math.Max(rows, 1), 2),
            Math.Round(synthSeconds, 3), Math.Round(importSeconds, 3), Math.Round(pullSeconds, 3),
            logSize, ProofVerified: true, state, RefusedAfterClose: true, code, outputs[0], outputs, folder.IsKept, folder.IsKept ? folder.LogExport : null, 0, 0);
    }

    private async Task<double> SynthesiseAsync(SyntheticResults results, CancellationToken cancellation)
    {
        var start = clock.GetTimestamp();
        await using var file = File.Create(folder.SourceFile);
        var rows = await SyntheticCsvWriter.WriteAsync(results, file, cancellation);
        var seconds = Since(start);
        Tell($"Results: {Quantity.Count(rows)} made up in {Quantity.Seconds(seconds)} ({Quantity.Bytes(file.Length)} of CSV, {Quantity.Rate(rows, seconds)} rows/s)");
        return seconds;
    }

    private async Task<(ImportReport Report, double Seconds)> ImportAsync(Connection server, CancellationToken cancellation)
    {
        var start = clock.GetTimestamp();
        using var client = server.As("stil-intake").Open();
        var report = await ImportCommand.RunAsync(client, folder.SourceFile, new ImportOptions { SourceDeliveryId = "demo" }, terminal, cancellation);
        var seconds = Since(start);
        Require(report.AcceptedRows == order.Rows && report.RejectedRows == 0, $"{report.AcceptedRows} of {order.Rows} rows were accepted");
        folder.DropSource();
        Tell($"Import: {Quantity.Count(report.AcceptedRows)} rows into {report.Partitions.Count} partitions in {Quantity.Seconds(seconds)} ({Quantity.Rate(report.AcceptedRows, seconds)} rows/s), sealed at rest");
        return (report, seconds);
    }

    private async Task RegisterKeyAsync(Connection server, CancellationToken cancellation)
    {
        var from = clock.GetUtcNow().AddMinutes(-1);
        using var key = RecipientKeyFile.Generate(
            RecipientKeySuite.P256,
            DevelopmentCertificates.RecipientOrganisation,
            Path.Combine(folder.Certs, "dst-recipient-signing.pem"),
            Path.Combine(folder.Certs, "dst-recipient-signing.key"),
            from,
            from.AddDays(KeyDays));
        key.Save(folder.RecipientKeyFile);
        using var client = server.Open();
        var registered = await client.Extracts.RegisterRecipientKeyAsync(key, cancellation);
        Tell($"Recipient key: {registered.KeyId[..16]}… made, vouched for by Danmarks Statistik and registered");
    }

    private async Task PublishAsync(Connection server, CancellationToken cancellation)
    {
        using var client = server.As("stil-approvals").Open();
        var wanted = Scope.Partitions().Select(partition => (partition.Programme, partition.SchoolYear)).ToHashSet();
        var unknown = (await client.Catalogue.ListPublicationsAsync(cancellation))
            .Where(publication => publication.PublishedOn is null && wanted.Contains((publication.Programme, publication.SchoolYear)))
            .ToList();
        foreach (var publication in unknown)
        {
            await client.Catalogue.PublishNationalResultsAsync(publication.Programme, publication.SchoolYear, Today(), "demonstration", cancellation);
        }

        Tell(unknown.Count == 0
            ? "Publications: nothing in this approval waits for national results"
            : $"Publications: STIL recorded the national results of {string.Join(", ", unknown.Select(publication => publication.SchoolYear.ShortText))}, with today's date for the demonstration");
    }

    private async Task ApproveAsync(Connection server, CancellationToken cancellation)
    {
        var json = DemoApproval.Write(ProjectId, Scope, clock.GetUtcNow());
        await File.WriteAllTextAsync(folder.ApprovalFile, json, cancellation);
        using var client = server.As("stil-approvals").Open();
        var pushed = await client.Approvals.PushAsync(json, cancellation);
        Tell($"Approval: {pushed.ProjectId} version {pushed.Version}, {Scope.Partitions().Count} tests and {Scope.Variables.Count} variables; every rule kept");
    }

    private async Task<(IReadOnlyList<PullResult> Results, double Seconds)> PullAsync(Connection server, long expected, CancellationToken cancellation)
    {
        var start = clock.GetTimestamp();
        var results = await PullCommand.RunAsync(server, Order(server), terminal, cancellation);
        var seconds = Since(start);
        var rows = results.Sum(result => result.Rows);
        var size = results.Sum(result => result.SealedBytes);
        Require(rows == expected, $"{rows} rows were delivered and {expected} approved");
        Tell($"Pull: {Quantity.Count(rows)} rows, {Quantity.Bytes(size)} sealed, in {Quantity.Seconds(seconds)} ({Quantity.Rate(rows, seconds)} rows/s); opened, pseudonymised, written to {string.Join(" and ", results.Select(result => Path.GetFileName(result.OutputFile)))}");
        return (results, seconds);
    }

    private async Task VerifyAsync(Connection server, IReadOnlyList<PullResult> pulled, CancellationToken cancellation)
    {
        Require(pulled.All(result => result.ProofVerified), "an extract's proof was not verified");
        foreach (var result in pulled)
        {
            await using var file = File.OpenRead(result.OutputFile);
            Require(Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation)) == result.OutputSha256, "an output file is not what was acknowledged");
        }

        var report = await AuditAsync(server, cancellation);
        Tell($"Proof: the extract stands in the log; the auditor read all {report.LogSize} leaves and came to the same root");
    }

    private async Task<string> CloseAsync(Connection server, CancellationToken cancellation)
    {
        using var client = server.As("administrator").Open();
        var confirmed = await client.Closure.ConfirmDeletionAsync(ProjectId, null, DeletionMethod.Deleted, Today(), "Institutlederen", "26/04711-9", cancellation);
        confirmed.Save(folder.ConfirmationFile);

        // From the file alone, as the controller or Datatilsynet would years from now.
        var outcome = ConfirmationVerification.VerifyFile(folder.ConfirmationFile, server.SenderPublicKeyFile, server.LogPolicyFile);
        Require(outcome.Verdict == LogVerdict.Proven, $"the confirmation of the deletion does not hold: {outcome.Reason}");

        var project = await client.Approvals.GetProjectAsync(ProjectId, cancellation);
        Require(project.State.StartsWith("CLOSED", StringComparison.Ordinal), $"the project is {project.State} after its deletion");
        Tell($"Deletion: {confirmed.HoldingIds.Count} holding(s) confirmed; the signed {Path.GetFileName(folder.ConfirmationFile)} holds offline; the project is {project.State}");
        return project.State;
    }

    private async Task<string> RefuseAsync(Connection server, CancellationToken cancellation)
    {
        try
        {
            await PullCommand.RunAsync(server, Order(server) with { Overwrite = true }, terminal, cancellation);
        }
        catch (DeliveryRefusedException refused)
        {
            Tell($"A further pull is refused: {refused.Code}, {refused.Violations[0].TextEn}");
            return refused.Code;
        }

        throw new StepFailedException("a closed project delivered again");
    }

    private async Task<long> ExportAsync(Connection server, CancellationToken cancellation)
    {
        var report = await AuditAsync(server, cancellation);
        using var client = server.As("auditor").Open();
        var export = await client.Log.ExportAsync(server.LogPolicyFile, folder.LogExport, cancellation);
        Require(export.LogSize == report.LogSize && export.Root == report.Root, "the export is not the log that was audited");
        Tell($"Export: all {export.LogSize} leaves as files that anyone can check{(folder.IsKept ? $", in {export.Directory}" : "")}");
        return export.LogSize;
    }

    private static async Task<LogReport> AuditAsync(Connection server, CancellationToken cancellation)
    {
        using var client = server.As("auditor").Open();
        var report = await client.Log.VerifyAsync(server.LogPolicyFile, cancellation);
        Require(report.IsWhole, "the auditor did not see the whole log");
        return report;
    }

    // A usual project's rows are made once more and counted; for the widest, what the import counted is enough.
    private long Expected(SyntheticResults results, ImportReport import) => order.IsWidest
        ? import.AcceptedRows - import.VoluntaryRows
        : Scope.Partitions().Sum(partition => (long)results.RowsOf(partition).Count(row => Obligations.MayLeave(row.Obligation, partition.SchoolYear)));

    private PullOrder Order(Connection server) => new(ProjectId, folder.OutputFile, null, folder.RecipientKeyFile, server.PseudonymKeyFile, Overwrite: false, Restart: false, TimeSpan.FromSeconds(1));

    private DateOnly Today() => DanishTime.DateOf(clock.GetUtcNow());

    private double Since(long start) => clock.GetElapsedTime(start).TotalSeconds;

    private void Tell(string line) => terminal.Say($"[{++_step,2}/{StepsTotal}] {line}");

    private static void Require(bool held, string otherwise)
    {
        if (!held)
        {
            throw new StepFailedException(otherwise);
        }
    }
}
