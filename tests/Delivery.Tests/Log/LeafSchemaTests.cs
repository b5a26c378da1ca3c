using Delivery.Protocol.Log;

namespace Delivery.Tests.Log;

/// <summary>
/// Holds <c>docs/leaves</c> to the table of forms. With DELIVERY_RENDER_DOCS=1 in the environment the files are written
/// afresh before they are compared.
/// </summary>
public sealed class LeafSchemaTests
{
    private static readonly string Docs = Path.Combine(RepositoryRoot(), "docs");
    private static readonly string Leaves = Path.Combine(Docs, "leaves");

    [Fact]
    public void The_published_schemas_are_those_of_the_table_of_forms()
    {
        if (Environment.GetEnvironmentVariable("DELIVERY_RENDER_DOCS") == "1")
        {
            Directory.CreateDirectory(Leaves);
            foreach (var type in Enum.GetValues<LeafType>())
            {
                File.WriteAllText(Path.Combine(Leaves, LeafSchema.FileName(type)), LeafSchema.Render(type));
            }
        }

        foreach (var type in Enum.GetValues<LeafType>())
        {
            Assert.Equal(LeafSchema.Render(type), File.ReadAllText(Path.Combine(Leaves, LeafSchema.FileName(type))));
        }
    }

    [Fact]
    public void No_schema_is_published_for_a_leaf_that_does_not_exist() => Assert.Equal(
        Enum.GetValues<LeafType>().Select(LeafSchema.FileName).Order(StringComparer.Ordinal),
        Directory.EnumerateFiles(Leaves).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));

    [Fact]
    public void The_page_on_the_log_names_every_type_and_every_code()
    {
        var page = File.ReadAllText(Path.Combine(Docs, "transfer-log.md"));
        Assert.All(Enum.GetValues<LeafType>(), type => Assert.Contains($"`{type.WireName()}`", page, StringComparison.Ordinal));
        Assert.All(Enum.GetNames<LogProofCode>(), code => Assert.Contains($"`{code}`", page, StringComparison.Ordinal));
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Delivery.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
