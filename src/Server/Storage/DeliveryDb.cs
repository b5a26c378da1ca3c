using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Delivery.Server.Storage;

/// <summary>
/// The EF Core model of the one database. Each capability maps its own tables in its <c>…Tables</c> file; they are found by assembly scan
/// so that this folder knows none of its users. Hot paths (segments, leaves) use plain ADO.NET on the same tables.
/// </summary>
internal sealed class DeliveryDb(DbContextOptions<DeliveryDb> options) : DbContext(options)
{
    /// <summary>A context over a connection somebody else owns, opens and closes.</summary>
    public static DeliveryDb Over(SqliteConnection connection) =>
        new(new DbContextOptionsBuilder<DeliveryDb>()
            .UseSqlite(connection)
            // Migrations are written by hand; a test, not a snapshot, holds them to the model.
            .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning))
            .Options);

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(DeliveryDb).Assembly);
}
