using System.Security.Cryptography;
using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.V1;

namespace Delivery.EndToEnd.Storage;

/// <summary>A database may have met servers of other versions: what they added is left alone, and what they took away or left half done stops the start.</summary>
public abstract class SharedSchemaTests(StoreKind store)
{
    [Fact]
    public async Task A_database_that_a_newer_server_has_added_to_is_served_as_before()
    {
        await using var server = await AfterAsync("""
            ALTER TABLE project ADD COLUMN added_later TEXT NOT NULL DEFAULT '';
            CREATE TABLE added_later (id INTEGER PRIMARY KEY);
            INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion") VALUES ('0008_added_later', '10.0.0');
            UPDATE store_schema SET number = 8, oldest_server = 7;
            """);
        await server.StartAsync();
        await server.PushAsync(SampleApproval.Of(server, "AFTER"));
        var projects = new ApprovalService.ApprovalServiceClient(server.Channel("stil-approvals"));
        Assert.All(["BEFORE", "AFTER"], id => Assert.Equal("APPROVED", projects.GetProject(new GetProjectRequest { ProjectId = id }).Project.State));
    }

    [Fact]
    public async Task A_database_that_a_newer_server_has_changed_is_refused() =>
        Assert.Contains("is for servers of schema 99 or later", await RefusalAsync("UPDATE store_schema SET oldest_server = 99"), StringComparison.Ordinal);

    [Theory]
    [InlineData("ALTER TABLE project DROP COLUMN reason")]
    [InlineData("DROP TABLE store_replica")]
    public async Task A_migration_that_was_applied_in_part_is_refused(string sql) =>
        Assert.Contains("a migration was applied in part", await RefusalAsync(sql), StringComparison.Ordinal);

    [Fact]
    public async Task The_key_encryption_key_of_another_is_refused()
    {
        await using var server = await AfterAsync("");
        await File.WriteAllBytesAsync(server.KeyEncryptionKeyFile, RandomNumberGenerator.GetBytes(32));
        Assert.Contains("is not the one that the results in the database are sealed under", (await Assert.ThrowsAsync<InvalidDataException>(server.StartAsync)).Message, StringComparison.Ordinal);
    }

    private async Task<string> RefusalAsync(string sql)
    {
        await using var server = await AfterAsync(sql);
        return (await Assert.ThrowsAsync<InvalidDataException>(server.StartAsync)).Message;
    }

    // A server that has served its database and has stopped; then somebody changed the database.
    private async Task<RunningServer> AfterAsync(string sql)
    {
        var server = await RunningServer.StartNewAsync(store);
        await server.PushAsync(SampleApproval.Of(server, "BEFORE"));
        await server.StopAsync();
        if (sql.Length > 0)
        {
            await server.Database.ExecuteAsync(sql);
        }

        return server;
    }
}

public sealed class SharedSchemaTestsOnSqlite() : SharedSchemaTests(StoreKind.Sqlite);

[NeedsPostgres]
public sealed class SharedSchemaTestsOnPostgres() : SharedSchemaTests(StoreKind.Postgres);
