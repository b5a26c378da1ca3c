namespace Delivery.Tests.Rules;

/// <summary>A page of docs/ that is written by the program it describes. With DELIVERY_RENDER_DOCS=1 in the environment it is written afresh first.</summary>
internal static class RenderedPage
{
    public static void AssertIs(string name, string text)
    {
        var path = Path.Combine(Proofs.Top, "docs", name);
        if (Environment.GetEnvironmentVariable("DELIVERY_RENDER_DOCS") == "1")
        {
            File.WriteAllText(path, text);
        }

        Assert.True(File.Exists(path), $"docs/{name} is missing: run the tests once with DELIVERY_RENDER_DOCS=1.");
        Assert.Equal(text, File.ReadAllText(path));
    }
}
