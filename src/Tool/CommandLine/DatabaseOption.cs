using System.CommandLine;

namespace Delivery.Tool.CommandLine;

/// <summary><c>--database</c>, of the commands that read a log at rest.</summary>
internal static class DatabaseOption
{
    private const string Variable = "DELIVERY_DATABASE";

    public static Option<string?> Create() => new("--database")
    {
        Description = $"A PostgreSQL database, as the server's setting names it, with --data for the pin of one of its servers. Also: {Variable}.",
        HelpName = "CONNECTION",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(Variable),
    };
}
