using System.Security.Cryptography;
using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;

namespace Delivery.EndToEnd;

/// <summary>What keeps a server from serving: a missing key, a database that is not the newest, settings that cannot be.</summary>
public abstract class StartTests(StoreKind store)
{
    [Theory]
    [InlineData("Delivery:Listen", "somewhere")]
    [InlineData("Delivery:Storage:KeyEncryptionKeyFile", "")]
    [InlineData("Delivery:Storage:SegmentRowsMax", "1")]
    [InlineData("Delivery:Storage:DatabaseSizeBytesMax", "-1")]
    [InlineData("Delivery:Identity:ClientRootsFile", "")]
    [InlineData("Delivery:Identity:Roles:0:Role", "emperor")]
    [InlineData("Delivery:TransferLog:Origin", "two words")]
    [InlineData("Delivery:Extracts:WindowBatches", "0")]
    [InlineData("Delivery:Extracts:RecipientOrganisation", "1715")]
    [InlineData("Delivery:Intake:LineBytesMax", "1")]
    public async Task A_wrong_setting_stops_the_start_and_is_named(string key, string value)
    {
        await using var server = new RunningServer(store, (key, value));
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(server.StartAsync);
        Assert.Contains(key.StartsWith("Delivery:Identity:Roles", StringComparison.Ordinal) ? "Delivery:Identity:Roles" : key, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Delivery:Intake:CprPolicy", "Whatever")]
    [InlineData("Delivery:Storage:SegmentRowsMax", "many")]
    public async Task A_setting_of_the_wrong_kind_stops_the_start_and_is_named(string key, string value)
    {
        await using var server = new RunningServer(store, (key, value));
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(server.StartAsync);
        Assert.Contains(key, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_without_its_key_is_not_served_and_gets_no_new_one()
    {
        await using var server = await RunningServer.StartNewAsync(store);
        await server.StopAsync();
        File.Delete(server.KeyEncryptionKeyFile);
        var failure = await Assert.ThrowsAsync<InvalidDataException>(server.StartAsync);
        Assert.Contains(server.KeyEncryptionKeyFile, failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(server.KeyEncryptionKeyFile));
    }

    [Fact]
    public async Task A_key_that_others_can_read_is_not_used()
    {
        await using var server = await RunningServer.StartNewAsync(store);
        await server.StopAsync();
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(server.KeyEncryptionKeyFile, UnixFileMode.UserRead | UnixFileMode.OtherRead);
            Assert.Contains("0600", (await Assert.ThrowsAsync<InvalidDataException>(server.StartAsync)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_key_that_the_service_manager_hands_over_is_used_though_its_mode_shows_the_list_of_its_reader()
    {
        await using var server = await RunningServer.StartNewAsync(store);
        await server.StopAsync();
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(server.KeyEncryptionKeyFile, UnixFileMode.UserRead | UnixFileMode.GroupRead);
            await Assert.ThrowsAsync<InvalidDataException>(server.StartAsync);
            Environment.SetEnvironmentVariable("CREDENTIALS_DIRECTORY", Path.GetDirectoryName(server.KeyEncryptionKeyFile));
            try
            {
                await server.StartAsync();
                await server.StopAsync();
                File.SetUnixFileMode(server.KeyEncryptionKeyFile, UnixFileMode.UserRead | UnixFileMode.OtherRead);
                await Assert.ThrowsAsync<InvalidDataException>(server.StartAsync);
            }
            finally
            {
                Environment.SetEnvironmentVariable("CREDENTIALS_DIRECTORY", null);
            }
        }
    }

    [Fact]
    public async Task An_older_copy_of_the_database_is_not_served()
    {
        await using var server = new RunningServer(store);
        await PushAndStopAsync(server, "BEFORE-BACKUP");
        var backup = new Backup(server);
        await PushAndStopAsync(server, "AFTER-BACKUP");

        backup.Restore(withPin: false);
        Assert.Contains("older copy", (await Assert.ThrowsAsync<InvalidDataException>(server.StartAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_whose_history_is_another_is_not_served()
    {
        await using var server = new RunningServer(store);
        await PushAndStopAsync(server, "BEFORE-BACKUP");
        var backup = new Backup(server);
        await PushAndStopAsync(server, "ONE");
        var signed = new Backup(server);

        // The same number of leaves, but others than those that were signed.
        backup.Restore(withPin: true);
        await PushAndStopAsync(server, "OTHER");
        signed.RestorePin();
        Assert.Contains("altered", (await Assert.ThrowsAsync<InvalidDataException>(server.StartAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_does_not_change_its_name()
    {
        await using var server = await RunningServer.StartNewAsync(store);
        await server.StopAsync();
        server.Settings["Delivery:TransferLog:Origin"] = "delivery.example/another";
        Assert.Contains("delivery.example/another", (await Assert.ThrowsAsync<InvalidDataException>(server.StartAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restart_changes_nothing_and_a_changed_role_table_is_recorded()
    {
        await using var server = await RunningServer.StartNewAsync(store);
        var size = server.LogSize();
        await server.StopAsync();
        await server.StartAsync();
        Assert.Equal(size, server.LogSize());

        await server.StopAsync();
        server.Settings["Delivery:Identity:Roles:3:SpkiSha256"] = Convert.ToHexStringLower(SHA256.HashData("an auditor's key"u8));
        server.Settings["Delivery:Identity:Roles:3:Issuer"] = "";
        await server.StartAsync();
        Assert.Equal(Protocol.Log.LeafType.AccessChanged, Assert.Single(server.Leaves(size)).Type);
    }

    // The checkpoint it asks for moves the pin past the push.
    private static async Task PushAndStopAsync(RunningServer server, string project)
    {
        await server.StartAsync();
        await server.PushAsync(SampleApproval.Of(server, project));
        await new Protocol.V1.TransferLogService.TransferLogServiceClient(server.Channel("auditor")).GetCheckpointAsync(new Protocol.V1.GetCheckpointRequest());
        await server.StopAsync();
    }

    /// <summary>The database and the pin as they were at one time.</summary>
    private sealed class Backup(RunningServer server)
    {
        private readonly string _pinFile = Path.Combine(server.DataFolder, "log.pin");
        private readonly byte[] _pin = File.ReadAllBytes(Path.Combine(server.DataFolder, "log.pin"));
        private readonly Action _restore = server.Database.Copy();

        public void Restore(bool withPin)
        {
            _restore();
            if (withPin)
            {
                RestorePin();
            }
        }

        public void RestorePin() => File.WriteAllBytes(_pinFile, _pin);
    }
}

public sealed class StartTestsOnSqlite() : StartTests(StoreKind.Sqlite);

[NeedsPostgres]
public sealed class StartTestsOnPostgres() : StartTests(StoreKind.Postgres);
