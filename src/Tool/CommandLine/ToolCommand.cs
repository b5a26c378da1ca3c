using System.CommandLine;

namespace Delivery.Tool.CommandLine;

/// <summary>A command with examples, whose failures come out as words and exit codes rather than stack traces.</summary>
internal sealed class ToolCommand : Command
{
    private readonly Option<bool>? _json;

    /// <param name="name">What is typed.</param>
    /// <param name="description">What it does, in a sentence.</param>
    /// <param name="examples">Shown by <c>--help</c>; whole command lines.</param>
    /// <param name="hasJson">Whether it can answer with a JSON document.</param>
    public ToolCommand(string name, string description, IReadOnlyList<string> examples, bool hasJson = true)
        : base(name, description)
    {
        Examples = examples;
        if (hasJson)
        {
            _json = new Option<bool>("--json") { Description = "Answer with one JSON document on stdout." };
            Options.Add(_json);
        }
    }

    /// <summary>Whole command lines.</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary>Says what the command does when it is asked for.</summary>
    public ToolCommand Runs(Func<ParseResult, Terminal, CancellationToken, Task<int>> work)
    {
        SetAction(async (parse, cancellation) =>
        {
            var terminal = Terminal.For(parse.InvocationConfiguration, _json is not null && parse.GetValue(_json));
            try
            {
                return await work(parse, terminal, cancellation);
            }
            catch (Exception failure) when (Failures.ExitCodeOf(failure) is { } code)
            {
                Failures.Report(failure, terminal);
                return code;
            }
        });
        return this;
    }
}
