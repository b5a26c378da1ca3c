using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Delivery.Server.Storage;

/// <summary>
/// The EF Core model of the one database. Each capability maps its own tables in its <c>…Tables</c> file; they are found by assembly scan
/// so that this folder knows none of its users. Hot paths (segments, leaves) use plain ADO.NET on the same tables.
/// </summary>
internal sealed class DeliveryDb(DbContextOptions<DeliveryDb> options) : DbContext(options)
{
    /// <summary>The settings every provider's options begin with.</summary>
    public static DbContextOptionsBuilder<DeliveryDb> Options() =>
        // Migrations are written by hand; a test, not a snapshot, holds them to the model.
        new DbContextOptionsBuilder<DeliveryDb>().ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning));

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(DeliveryDb).Assembly);
        if (Database.IsNpgsql())
        {
            // Texts are codes, ids and days: they are ordered by their bytes, as SQLite does, whatever the language of the database.
            foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(table => table.GetProperties()).Where(property => property.ClrType == typeof(string)))
            {
                property.SetCollation("C");
            }
        }
    }
}
