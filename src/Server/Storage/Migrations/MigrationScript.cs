using Microsoft.EntityFrameworkCore.Migrations;

namespace Delivery.Server.Storage.Migrations;

/// <summary>The SQL files of the migrations, one per provider, as they are built into the assembly.</summary>
internal static class MigrationScript
{
    /// <summary>Runs a migration's file. PostgreSQL begins with the seventh: there is no file for it of what came before.</summary>
    public static void Run(MigrationBuilder migration, string name)
    {
        var provider = migration.ActiveProvider == "Microsoft.EntityFrameworkCore.Sqlite" ? "sqlite" : "postgres";
        if (provider == "sqlite" || string.CompareOrdinal(name, "0007") >= 0)
        {
            migration.Sql(Read($"{name}.{provider}.sql"));
        }
    }

    private static string Read(string name)
    {
        using var stream = typeof(MigrationScript).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"Migration script {name} is not built in.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
