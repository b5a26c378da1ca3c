using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Delivery.Tests.House;

/// <summary>Holds deploy/ to the program it installs: units that systemd takes, files that exist, settings that are settings.</summary>
public sealed partial class DeployTests : IDisposable
{
    // systemd-analyze counts from 0, nothing exposed, to 10. Ours stand at 1.3 and lower; what is left is the network and the compiler.
    private const int ExposureMaxTenths = 15;

    private static readonly string[] Units = ["delivery-server.service", "delivery-server@.service"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    [SystemdTheory]
    [InlineData("delivery-server.service", "delivery-server.service")]
    [InlineData("delivery-server@.service", "delivery-server@7443.service")]
    public void Systemd_finds_nothing_to_say_about_a_unit_and_little_that_it_exposes(string unit, string instance)
    {
        // The program stands elsewhere on a machine that builds.
        var copy = Path.Combine(_folder.FullName, instance);
        File.WriteAllText(copy, Regex.Replace(Read(unit), "^ExecStart=.*$", "ExecStart=/bin/true", RegexOptions.Multiline));
        Assert.Equal((0, ""), Run("systemd-analyze", "verify", "--man=no", copy));
        var (code, said) = Run("systemd-analyze", "security", "--no-pager", "--offline=true", $"--threshold={ExposureMaxTenths}", copy);
        Assert.True(code == 0, said);
    }

    [Fact]
    public void A_server_that_found_its_log_altered_is_not_started_again()
    {
        Assert.Contains("return alarm.IsRaised ? 3 : 0;", Repository.Read("src/Server/Program.cs"), StringComparison.Ordinal);
        Assert.All(Units, unit => Assert.Contains("\nRestartPreventExitStatus=3\n", Read(unit), StringComparison.Ordinal));
    }

    [Fact]
    public void The_template_is_the_unit_but_for_what_is_a_replicas_own()
    {
        var (one, many) = (Read(Units[0]).Split('\n'), Read(Units[1]).Split('\n'));
        Assert.DoesNotContain(one.Except(many).Concat(many.Except(one)), line => !line.StartsWith('#') && !OfAReplica().IsMatch(line));
    }

    [Fact]
    public void Every_setting_of_a_unit_and_of_an_example_is_on_the_page_of_settings()
    {
        var page = Repository.Read("docs/operations.md");
        var settings = Units.SelectMany(unit => Variable().Matches(Read(unit)).Select(match => match.Groups[1].Value.Replace("__", ":", StringComparison.Ordinal)))
            .Concat(Directory.GetFiles(Path.Combine(Repository.Root, "deploy"), "appsettings.*.json").SelectMany(Settings));
        Assert.DoesNotContain(settings, setting => !page.Contains($"`{setting}`", StringComparison.Ordinal));
    }

    [Fact]
    public void Units_and_examples_together_give_every_setting_that_must_be_given()
    {
        string[] given = [.. Variable().Matches(Read(Units[0])).Select(match => match.Groups[1].Value.Replace("__", ":", StringComparison.Ordinal)), .. Settings(Path.Combine(Repository.Root, "deploy/appsettings.sqlite.json"))];
        string[] needed =
        [
            "Delivery:Storage:KeyEncryptionKeyFile", "Delivery:Identity:ServerCertificateFile", "Delivery:Identity:ServerKeyFile", "Delivery:Identity:ClientRootsFile",
            "Delivery:TransferLog:Origin", "Delivery:TransferLog:SigningKeyFile", "Delivery:Extracts:SigningKeyFile", "Delivery:Extracts:RecipientKeyRootsFile",
        ];
        Assert.Empty(needed.Except(given));
    }

    [Fact]
    public void A_container_is_made_of_what_is_in_the_repository_and_runs_without_rights()
    {
        var lines = Read("Containerfile").Replace("\\\n", " ", StringComparison.Ordinal).Split('\n');
        var copied = lines.Where(line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from=", StringComparison.Ordinal))
            .SelectMany(line => line.Split(' ')[1..^1]).ToList();
        Assert.All(copied, source => Assert.True(Path.Exists(Path.Combine(Repository.Root, source)), source));
        Assert.DoesNotContain(copied, source => source is "." or "certs-dev" or "data");

        // Every project the server is built of, and what each build reads at the root.
        Assert.All(Projects("src/Server/Delivery.Server.csproj"), project => Assert.Contains(copied, source => project.StartsWith(source + "/", StringComparison.Ordinal)));
        Assert.All(
            new[] { "global.json", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "BannedSymbols.txt", ".editorconfig" },
            file => Assert.Contains(file, copied));

        var assembly = Repository.Xml("src/Server/Delivery.Server.csproj").Descendants("AssemblyName").Single().Value;
        Assert.Contains($"ENTRYPOINT [\"dotnet\", \"/opt/delivery/server/{assembly}.dll\"]", lines);
        Assert.All(Units, unit => Assert.Contains($"\nExecStart=/usr/bin/dotnet /opt/delivery/server/{assembly}.dll\n", Read(unit), StringComparison.Ordinal));
        Assert.True(int.Parse(lines.Single(line => line.StartsWith("USER ", StringComparison.Ordinal))[5..], System.Globalization.CultureInfo.InvariantCulture) > 0);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Read(string name) => Repository.Read("deploy/" + name);

    private static IEnumerable<string> Projects(string project) => Repository.Xml(project).Descendants("ProjectReference")
        .Select(reference => Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(project)!, reference.Attribute("Include")!.Value))))
        .SelectMany(Projects).Append(project);

    private static IEnumerable<string> Settings(string file)
    {
        using var settings = JsonDocument.Parse(File.ReadAllText(file));
        return [.. Leaves("Delivery", settings.RootElement.GetProperty("Delivery"))];
    }

    private static IEnumerable<string> Leaves(string path, JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => Leaves($"{path}:{member.Name}", member.Value)),
        // On the page the first of several stands for all; a list of texts stands there itself.
        JsonValueKind.Array when element.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.Object) => element.EnumerateArray().SelectMany(item => Leaves(path + ":0", item)).Distinct(),
        _ => [path],
    };

    private static (int Code, string Said) Run(string program, params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (data, talk) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.WaitForExit();
        return (process.ExitCode, data.Result + talk.Result);
    }

    [GeneratedRegex("%i|^Environment=PGPASSFILE=|^LoadCredential=pgpass:|^Environment=Delivery__Storage__DataFolder=|^StateDirectory=|^Description=")]
    private static partial Regex OfAReplica();

    [GeneratedRegex("^Environment=(Delivery__[A-Za-z_]+)=", RegexOptions.Multiline)]
    private static partial Regex Variable();
}

/// <summary>A test that asks systemd's own checker.</summary>
internal sealed class SystemdTheoryAttribute : TheoryAttribute
{
    public SystemdTheoryAttribute()
    {
        if (!File.Exists("/usr/bin/systemd-analyze"))
        {
            Skip = "systemd is not installed.";
        }
    }
}
