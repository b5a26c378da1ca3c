using Delivery.Client;
using Delivery.Client.Extracts;
using Delivery.Client.Keys;
using Delivery.Client.Refusals;
using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;

namespace Delivery.EndToEnd;

/// <summary>The client library's stream, used as a program of somebody else's would use it.</summary>
public abstract class LibraryTests(ServedResults served)
{
    [Fact]
    public async Task Batches_are_typed_counted_resumable_and_proven_at_their_end()
    {
        var server = served.Server;
        await PulledKeys.MakeAsync(server);
        await server.PushAsync(SampleApproval.WideOf(server, "LIBRARY"));
        using var client = Open(server);
        using var recipientKey = RecipientKeyFile.Load(Path.Combine(server.CertificateFolder, "recipient.key"));
        var options = new ExtractReadOptions
        {
            RecipientKey = recipientKey,
            SenderPublicKeyFile = Path.Combine(server.CertificateFolder, "delivery-signing.pub.pem"),
            LogPolicyFile = Path.Combine(server.CertificateFolder, "log-policy.txt"),
        };
        var extract = Assert.Single(await client.Extracts.ListAsync("LIBRARY"));

        var whole = new Reading(0);
        await using (var opened = await client.Extracts.OpenAsync(extract, options))
        {
            await foreach (var batch in opened.ReadBatchesAsync())
            {
                whole.Take(extract, batch);
                Assert.Equal((whole.Rows, batch.Index + 1, extract.Batches), (opened.Progress.Rows, opened.Progress.Batches, opened.Progress.BatchesTotal));
                Assert.NotNull(opened.Progress.Remaining);
                Assert.Throws<InvalidOperationException>(() => opened.Proof);
            }

            Assert.Equal((whole.Rows, extract.Batches), (opened.Proof.Rows, opened.Proof.Batches));
            Assert.Equal(TimeSpan.Zero, opened.Progress.Remaining);
        }

        // Another program on another day goes on from a bookmark and gets exactly the rest.
        var middle = whole.Bookmarks[(int)extract.Batches / 2];
        var rest = new Reading(middle.Rows);
        await using (var opened = await client.Extracts.OpenAsync(extract, options, middle))
        {
            await foreach (var batch in opened.ReadBatchesAsync())
            {
                rest.Take(extract, batch);
            }

            Assert.Equal((whole.Rows, middle.Rows), (opened.Proof.Rows, opened.Progress.ResumedRows));
            Assert.NotEmpty((await opened.AcknowledgeAsync()).HoldingId);
        }

        Assert.Equal(whole.Cells[(int)middle.Rows..], rest.Cells);
        Assert.Equal(whole.Rows, middle.Rows + rest.Rows);

        var next = Assert.Single(await client.Extracts.ListAsync("LIBRARY"));
        Assert.Equal("E_PULL_OTHER", (await Assert.ThrowsAsync<DeliveryClientException>(() => client.Extracts.OpenAsync(next, options, middle))).Code);
        var forged = middle with { RunningDigest = new byte[32] };
        Assert.Equal("E_EXTRACT_CHANGED", (await Assert.ThrowsAsync<DeliveryRefusedException>(() => client.Extracts.OpenAsync(extract, options, forged))).Code);
        Assert.Equal("E_RESUME_MISMATCH", (await Assert.ThrowsAsync<DeliveryRefusedException>(
            () => client.Extracts.OpenAsync(next, options, forged with { ExtractId = next.ExtractId }))).Code);
    }

    private static DeliveryClient Open(RunningServer server) => new(new DeliveryClientOptions
    {
        Address = server.Address,
        ServerRootsFile = server.CertificateFile("ca"),
        CertificateFile = server.CertificateFile("dst-ingestion"),
        KeyFile = Path.Combine(server.CertificateFolder, "dst-ingestion.key"),
    });

    private sealed class Reading(long rowsBefore)
    {
        public List<string> Cells { get; } = [];

        public List<ExtractBookmark> Bookmarks { get; } = [];

        public long Rows { get; private set; }

        public void Take(ExtractInfo extract, ExtractBatch batch)
        {
            var (cpr, ability, taken, subject) = (
                extract.ColumnOf("cpr_number"), extract.ColumnOf("recalculated_ability_logit"), extract.ColumnOf("tested_at"), extract.ColumnOf("subject"));
            Assert.Equal((typeof(double), typeof(long), null), (extract.Columns[ability].ElementType, extract.Columns[taken].ElementType, extract.Columns[subject].ElementType));
            Assert.Equal(-1, extract.ColumnOf("no_such_column"));
            Assert.Equal(batch.RowCount * 10, batch.FixedBytes(cpr).Length);
            Assert.Throws<InvalidOperationException>(() => batch.Values<int>(ability).Length);
            var nulls = 0;
            for (var row = 0; row < batch.RowCount; row++)
            {
                nulls += batch.HasValue(ability, row) ? 0 : 1;
                Assert.Equal(batch.Instant(taken, row).ToUnixTimeSeconds(), batch.Values<long>(taken)[row]);
                Cells.Add($"{Convert.ToHexString(batch.FixedBytes(cpr).Slice(row * 10, 10))} {batch.Values<double>(ability)[row]:R} {batch.Text(subject, row)}");
            }

            Assert.Equal(nulls, batch.NullCount(ability));
            Rows += batch.RowCount;
            Bookmarks.Add(batch.Bookmark);
            Assert.Equal(rowsBefore + Rows, batch.Bookmark.Rows);
        }
    }
}

public sealed class LibraryTestsOnSqlite(ServedOnSqlite served) : LibraryTests(served), IClassFixture<ServedOnSqlite>;

[NeedsPostgres]
public sealed class LibraryTestsOnPostgres(ServedOnPostgres served) : LibraryTests(served), IClassFixture<ServedOnPostgres>;
