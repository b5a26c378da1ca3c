using System.CommandLine;
using Delivery.Client.Development;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery certs init</c>: the certificates and keys of a development set-up.</summary>
internal static class CertsInitCommand
{
    public static Command Create(TimeProvider clock)
    {
        var directory = new Option<string>("--out") { Description = "Folder to write to.", HelpName = "DIR", DefaultValueFactory = _ => "certs-dev" };
        var force = new Option<bool>("--force") { Description = "Replace what is there; proofs, recipient keys and pseudonyms made with the old keys no longer hold." };
        var command = new ToolCommand(
            "init",
            "Makes certificates and keys for development: two authorities, the server, one client per role, and the signing keys.",
            ["delivery certs init", "delivery certs init --out /tmp/certs --force"])
        {
            directory, force,
        };
        return command.Runs((parse, terminal, _) =>
        {
            var folder = parse.GetRequiredValue(directory);
            var files = DevelopmentCertificates.Create(folder, clock, parse.GetValue(force));
            terminal.Say($"{files.Count} files for development in {folder}; valid for one year. Never use them with real data.");
            terminal.Answer(new { Directory = Path.GetFullPath(folder), Files = files }, files.Select(file => Path.Combine(folder, file)));
            return Task.FromResult(ExitCode.Done);
        });
    }
}
