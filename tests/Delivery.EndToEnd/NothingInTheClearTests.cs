using System.Text;
using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Results;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.V1;
using Grpc.Core;

namespace Delivery.EndToEnd;

/// <summary>No civil registration number and no institution number stands anywhere in the clear: not on disk, not on the wire, not in any log.</summary>
public abstract class NothingInTheClearTests(ServedResults served)
{
    private readonly RunningServer _server = served.Server;

    [Fact]
    public async Task After_a_whole_run_no_number_of_the_file_is_found_anywhere()
    {
        var secrets = new ClearText([.. served.File.CprNumbers, .. served.File.CprNumbers.Select(number => number.Insert(6, "-")), .. served.File.InstitutionNumbers]);
        var wire = await RunAsync();
        var leaves = Leaves();
        Assert.Null(secrets.FindIn(Encoding.UTF8.GetBytes(string.Join('\n', _server.Log.Lines))));
        Assert.All(wire, frame => Assert.Null(secrets.FindIn(frame)));
        Assert.All(leaves, leaf => Assert.Null(secrets.FindIn(leaf)));

        // Once the server has stopped, everything it will ever write is written down. The project's name shows that the database is looked into.
        await _server.StopAsync();
        var written = _server.Written();
        Assert.Contains(written, part => part.Name == "log.pin");
        Assert.Contains(written, part => part.Name != "log.pin" && part.Bytes.AsSpan().IndexOf("CLEAR"u8) >= 0);
        Assert.All(written, part => Assert.Null(secrets.FindIn(part.Bytes)));
        await _server.StartAsync();
    }

    [Fact]
    public async Task A_file_with_mistakes_leaves_no_number_in_answers_or_logs()
    {
        // Rows that each break a rule, so that the server has every reason to speak about them.
        var line = served.File.Lines[0];
        ResultsLine[] broken =
        [
            line.With("cpr_number", "7503084"), line.With("cpr_number", "9903084001"), line.With("institution_number", "90000X"),
            line.With("tested_at", "2031-01-01T10:00:00"), line.With("points_0_50", "7503084001"), line, line,
        ];
        var text = string.Join("\r\n", broken.Select(row => row.ToString()).Prepend(Client.Synthetic.SyntheticCsvWriter.Header));
        var report = await _server.Channel("stil-intake").ImportAsync("mistakes", Encoding.UTF8.GetBytes(text));
        Assert.Equal(6, report.RejectedRowCount);

        var unread = await RefusedCall.ExpectAsync("E_CSV_QUOTE", StatusCode.InvalidArgument, () =>
            _server.Channel("stil-intake").ImportAsync("unread", Encoding.UTF8.GetBytes(text + "\r\n\"" + line["cpr_number"])));
        var secrets = new ClearText([line["cpr_number"], line["institution_number"], "7503084", "9903084001", "90000X", "7503084001"]);
        Assert.Null(secrets.FindIn(Encoding.UTF8.GetBytes(report.ToString())));
        Assert.Null(secrets.FindIn(Encoding.UTF8.GetBytes(unread.Failure + string.Join(' ', unread.Violations))));
        Assert.Null(secrets.FindIn(Encoding.UTF8.GetBytes(string.Join('\n', _server.Log.Lines))));
        Assert.All(Leaves(), leaf => Assert.Null(secrets.FindIn(leaf)));

        // The partition that was replaced by one row is brought back for the other tests.
        await _server.Channel("stil-intake").ImportAsync("restored", served.File.Bytes);
    }

    private async Task<List<byte[]>> RunAsync()
    {
        await _server.PushAsync(SampleApproval.WideOf(_server, "CLEAR"));
        using var stream = await served.Recipient.PullAsync(Assert.Single(await served.Recipient.ListAsync("CLEAR")));
        Assert.True(stream.Rows > 5000, "A run that delivers little proves little.");
        await Extracts.Receipts.AcknowledgeAsync(served.Recipient, _server, stream);
        var closed = await new ClosureService.ClosureServiceClient(_server.Channel("administrator")).ConfirmDeletionAsync(new ConfirmDeletionRequest
        {
            ProjectId = "CLEAR", Method = DeletionMethod.Destroyed, DeletedOn = SampleApproval.Day(_server.Clock.Today), SignerName = "Institutleder",
        });
        Assert.Equal("CLOSED_DELETED", closed.ProjectState);
        return stream.Call.Frames;
    }

    private List<byte[]> Leaves()
    {
        using var log = new Server.TransferLog.LogReader(_server.Get<Server.Storage.Store>());
        return [.. log.Leaves(0, long.MaxValue, "", "").Select(leaf => leaf.Body)];
    }
}

public sealed class NothingInTheClearTestsOnSqlite(ServedOnSqlite served) : NothingInTheClearTests(served), IClassFixture<ServedOnSqlite>;

[NeedsPostgres]
public sealed class NothingInTheClearTestsOnPostgres(ServedOnPostgres served) : NothingInTheClearTests(served), IClassFixture<ServedOnPostgres>;
