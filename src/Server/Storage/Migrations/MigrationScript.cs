namespace Delivery.Server.Storage.Migrations;

/// <summary>The SQL files of the migrations, as they are built into the assembly.</summary>
internal static class MigrationScript
{
    public static string Read(string name)
    {
        using var stream = typeof(MigrationScript).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"Migration script {name} is not built in.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
