using System.Globalization;
using System.Text;
using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Extracts;
using Delivery.EndToEnd.Results;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.Log;
using Delivery.Server.Extracts;
using Delivery.Server.Intake;
using Grpc.Core;

namespace Delivery.EndToEnd.Storage;

/// <summary>The end of a stream or an import may find a database that takes no changes. It is made up for as soon as it does, without a restart.</summary>
public abstract class UnendedWorkTests(StoreKind store)
{
    private const int RunningState = 1;

    [Fact]
    public async Task A_call_whose_end_could_not_be_recorded_is_ended_once_it_can()
    {
        await using var server = await RunningServer.StartNewAsync(store, ("Delivery:Storage:SegmentRowsMax", "256"), ("Delivery:Extracts:WindowBatches", "2"));
        await server.Channel("stil-intake").ImportAsync("file", (await ResultsFile.MakeAsync(40_000, seed: 3)).Bytes);
        using var recipient = new DstRecipient(server);
        await recipient.RegisterAsync();
        await server.PushAsync(SampleApproval.WideOf(server, "CUT"));
        var size = server.LogSize();
        var extract = Assert.Single(await recipient.ListAsync("CUT"));
        using (var stream = recipient.Open(extract, recipient.Ask(extract)))
        {
            Assert.True(await stream.ReadAsync());
            await server.Database.ExecuteAsync(Block("log_leaf", "INSERT", "NEW.kind = 'extract.aborted'"));
        }

        await Questions.UntilAsync(() => server.Get<ExtractDesk>().HasUnended);
        await server.Database.ExecuteAsync(Unblock("log_leaf"));
        await Questions.UntilAsync(async () => await server.Database.NumberAsync("SELECT count(*) FROM extract_call WHERE terminal_log_index < 0") == 0);
        Assert.Equal("CALL_CUT", Assert.Single(server.Leaves(size), leaf => leaf.Type == LeafType.ExtractAborted).Text("reason_code"));
        await Questions.UntilAsync(() => !server.Get<ExtractDesk>().HasUnended);
    }

    [Fact]
    public async Task An_import_that_could_not_be_removed_is_removed_once_it_can()
    {
        await using var server = await RunningServer.StartNewAsync(store);
        var file = await ResultsFile.MakeAsync(1_000, seed: 3);
        await server.Database.ExecuteAsync(Block("import", "DELETE", "true"));
        await Assert.ThrowsAsync<RpcException>(() => server.Channel("stil-intake").ImportAsync("cut", (byte[])[.. file.Bytes, .. Encoding.UTF8.GetBytes("\"never closed")]));
        Assert.Equal(1, await server.Database.NumberAsync(Running));
        await server.Database.ExecuteAsync(Unblock("import"));
        await Questions.UntilAsync(async () => await server.Database.NumberAsync(Running) == 0);
        Assert.Equal(file.Lines.Count, (await server.Channel("stil-intake").ImportAsync("cut", file.Bytes)).AcceptedRowCount);
    }

    [Fact]
    public async Task An_import_that_was_completed_is_not_removed_by_whoever_did_not_hear_of_it()
    {
        await using var server = await RunningServer.StartNewAsync(store);
        var file = await ResultsFile.MakeAsync(1_000, seed: 3);
        await server.Channel("stil-intake").ImportAsync("heard", file.Bytes);
        var desk = server.Get<ImportDesk>();
        var id = (await desk.BeginAsync("unheard", CancellationToken.None)).ImportId;
        await desk.AbandonAsync(id - 1);
        Assert.NotNull(desk.Earlier("heard"));
        Assert.Equal(2, await server.Database.NumberAsync("SELECT count(*) FROM import"));
    }

    private static string Running => string.Create(CultureInfo.InvariantCulture, $"SELECT count(*) FROM import WHERE state = {RunningState}");

    private string Block(string table, string act, string when) => store is StoreKind.Sqlite
        ? $"CREATE TRIGGER blocked BEFORE {act} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, 'blocked'); END"
        : $"""
           CREATE FUNCTION blocked() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''blocked''; END';
           CREATE TRIGGER blocked BEFORE {act} ON {table} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION blocked()
           """;

    private string Unblock(string table) => store is StoreKind.Sqlite ? "DROP TRIGGER blocked" : $"DROP TRIGGER blocked ON {table}";
}

public sealed class UnendedWorkTestsOnSqlite() : UnendedWorkTests(StoreKind.Sqlite);

[NeedsPostgres]
public sealed class UnendedWorkTestsOnPostgres() : UnendedWorkTests(StoreKind.Postgres);
