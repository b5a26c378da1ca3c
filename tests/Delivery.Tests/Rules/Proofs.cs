using System.Text.RegularExpressions;

namespace Delivery.Tests.Rules;

/// <summary>A test that names the rules it proves.</summary>
/// <param name="Codes">The codes.</param>
/// <param name="Test">Class and method.</param>
/// <param name="File">Path of its source from the top of the repository.</param>
internal sealed record Proof(IReadOnlyList<string> Codes, string Test, string File);

/// <summary>
/// Reads from the sources of both test projects which test proves which rule. Only a method that carries a fact or theory attribute beside
/// <see cref="ProvesAttribute"/> counts, so a proof is a test that runs.
/// </summary>
internal static partial class Proofs
{
    private static readonly string[] Projects = ["tests/Delivery.Tests", "tests/Delivery.EndToEnd"];

    public static IReadOnlyList<Proof> All { get; } =
    [
        .. from project in Projects
           let folder = Path.Combine(Top, project)
           from file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
           let path = Path.GetRelativePath(Top, file).Replace('\\', '/')
           where !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal)
           from proof in In(File.ReadAllText(file), path)
           select proof,
    ];

    /// <summary>The folder that holds Delivery.sln.</summary>
    public static string Top
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Delivery.sln")))
            {
                folder = folder.Parent;
            }

            return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        }
    }

    public static IEnumerable<Proof> Of(string code) => All.Where(proof => proof.Codes.Contains(code));

    /// <summary>The proofs one source file holds.</summary>
    public static IEnumerable<Proof> In(string source, string path)
    {
        var text = source.ReplaceLineEndings("\n");
        foreach (Match test in Method().Matches(text))
        {
            var attributes = test.Groups["attributes"].Value;
            if (Runs().IsMatch(attributes) && Claims().Match(attributes) is { Success: true } claim)
            {
                var owner = Class().Matches(text[..test.Index])[^1].Groups["name"].Value;
                yield return new Proof([.. Code().Matches(claim.Value).Select(code => code.Groups["code"].Value)], $"{owner}.{test.Groups["name"].Value}", path);
            }
        }
    }

    // A run of attribute lists, which may span lines, straight before a public method.
    [GeneratedRegex("^(?<attributes>(?:[ \\t]*\\[[^\\]]*\\]\\n)+)[ \\t]*public (?:static )?(?:async )?(?:void|Task|Property) (?<name>\\w+)\\(", RegexOptions.Multiline)]
    private static partial Regex Method();

    [GeneratedRegex("\\[(?:\\w*Fact|Theory)\\b")]
    private static partial Regex Runs();

    [GeneratedRegex("\\[Proves\\([^\\]]*\\]")]
    private static partial Regex Claims();

    [GeneratedRegex("\"(?<code>[A-Z_0-9]+)\"")]
    private static partial Regex Code();

    [GeneratedRegex("^public (?:sealed |abstract )?(?:partial )?class (?<name>\\w+)", RegexOptions.Multiline)]
    private static partial Regex Class();
}
