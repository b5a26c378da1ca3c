using System.CommandLine;
using System.Text.RegularExpressions;
using Delivery.Tool;
using Delivery.Tool.CommandLine;

namespace Delivery.Tests.Tool;

public sealed class CommandLineTests
{
    [Fact]
    public void Every_command_shows_examples_that_can_be_typed()
    {
        Assert.All(Commands(), command =>
        {
            Assert.NotEmpty(command.Examples);
            Assert.All(command.Examples, example => Assert.Empty(Parse(example).Errors));
            Assert.All(command.Examples, example => Assert.Same(command.Name, Parse(example).CommandResult.Command.Name));
        });
    }

    [Fact]
    public void Every_line_of_the_command_reference_can_be_typed()
    {
        var lines = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "docs", "commands.md")).Where(line => line.StartsWith("delivery ", StringComparison.Ordinal)).ToList();

        Assert.All(lines, line => Assert.Empty(Parse(line).Errors));
        Assert.All(Commands(), command => Assert.Contains(lines, line => Parse(line).CommandResult.Command.Name == command.Name));
    }

    [Fact]
    public async Task Help_is_data_and_ends_with_examples()
    {
        var (code, data, talk) = await RunAsync("pull", "--help");

        Assert.Equal(ExitCode.Done, code);
        Assert.Matches(new Regex("Examples:\n  delivery pull "), data.ReplaceLineEndings("\n"));
        Assert.Empty(talk);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("log")]
    [InlineData("synth", "--rows", "0", "--out", "x.csv")]
    [InlineData("synth", "--out", "x.csv")]
    [InlineData("demo", "--rows", "10")]
    [InlineData("server", "--port", "70000")]
    [InlineData("import", "x.csv", "--encoding", "latin1")]
    [InlineData("import", "x.csv", "--address", "http://127.0.0.1:7443")]
    [InlineData("pull", "P-1")]
    [InlineData("publish", "abc", "2023", "--on", "2024-05-02", "--source", "x")]
    [InlineData("publish", "fno", "2023/25", "--on", "2024-05-02", "--source", "x")]
    [InlineData("publish", "fno", "2023", "--on", "02-05-2024", "--source", "x")]
    [InlineData("confirm-deletion", "P-1")]
    [InlineData("confirm-deletion", "P-1", "--signer", "S", "--method", "shredded")]
    [InlineData("suspend", "P-1")]
    [InlineData("suspend", "P-1", "--reason", "")]
    [InlineData("withdraw", "--reason", "r")]
    [InlineData("watch")]
    [InlineData("amend")]
    [InlineData("reuse", "P-1")]
    [InlineData("reuse", "P-1", "--rows", "0")]
    [InlineData("due", "--within", "0")]
    [InlineData("due", "--within", "40000")]
    [InlineData("confirm-archival", "P-1", "--signer", "S", "--receipt", "R")]
    [InlineData("confirm-part-deletion", "P-1")]
    [InlineData("confirm-part-deletion", "P-1", "--signer", "S", "--on", "yesterday")]
    [InlineData("close")]
    [InlineData("incident")]
    [InlineData("confirmation", "verify")]
    [InlineData("log", "verify", "--leaf", "l")]
    [InlineData("log", "verify", "--leaf", "l", "--proof", "p")]
    [InlineData("project", "list", "--as", "nobody")]
    public async Task A_wrong_command_line_exits_2_and_leaves_stdout_empty(params string[] args)
    {
        var (code, data, talk) = await RunAsync(args);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Empty(data);
        Assert.NotEmpty(talk);
    }

    [Fact]
    public async Task A_missing_certificate_folder_is_told_before_anything_is_sent()
    {
        var (code, data, talk) = await RunAsync("project", "list", "--certs", Path.Combine(Path.GetTempPath(), "no-such-folder"));

        Assert.Equal(ExitCode.Usage, code);
        Assert.Empty(data);
        Assert.Contains("E_", talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_comes_with_code_both_languages_and_remedy()
    {
        var (code, data, talk) = await RunAsync("project", "list", "--certs", Path.Combine(Path.GetTempPath(), "no-such-folder"), "--json");

        Assert.Equal(ExitCode.Usage, code);
        Assert.Matches(@"\n  da  .+\. .+\.\n  en  .+\. .+\.\n", talk.ReplaceLineEndings("\n"));
        Assert.Contains("\"refused\": true", data, StringComparison.Ordinal);
        Assert.Contains("\"remedy_da\"", data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Offline_verification_of_files_that_are_not_there_is_unusable()
    {
        var (code, data, _) = await RunAsync("log", "verify", "--policy", "no-policy", "--leaf", "no-leaf", "--proof", "no-proof");

        Assert.Equal(2, code);
        Assert.Equal("unusable", data.Trim());
    }

    [Fact]
    public async Task A_confirmation_that_is_not_there_is_unusable()
    {
        var (code, data, talk) = await RunAsync("confirmation", "verify", "no-file", "--json");

        Assert.Equal(2, code);
        Assert.Contains("\"verdict\": \"unusable\"", data, StringComparison.Ordinal);
        Assert.Contains("FileUnreadable", talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_confirmed_when_the_confirmation_could_not_be_kept()
    {
        var taken = Path.GetTempFileName();
        try
        {
            var (code, data, talk) = await RunAsync("confirm-deletion", "P-1", "--signer", "S", "--out", taken, "--certs", "no-such-folder");

            Assert.Equal(ExitCode.Usage, code);
            Assert.Empty(data);
            Assert.Contains("nothing was confirmed", talk, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(taken);
        }
    }

    private static IEnumerable<ToolCommand> Commands() => Below(DeliveryCommand.Create(TimeProvider.System)).OfType<ToolCommand>();

    private static IEnumerable<Command> Below(Command command) => command.Subcommands.SelectMany(Below).Prepend(command);

    private static ParseResult Parse(string line) => DeliveryCommand.Create(TimeProvider.System).Parse(line["delivery ".Length..]);

    private static async Task<(int Code, string Data, string Talk)> RunAsync(params string[] args)
    {
        var (data, talk) = (new StringWriter(), new StringWriter());
        var code = await DeliveryCommand.RunAsync(args, TimeProvider.System, new InvocationConfiguration { Output = data, Error = talk });
        return (code, data.ToString(), talk.ToString());
    }
}
