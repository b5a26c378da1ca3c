using System.CommandLine;
using Delivery.Client.Development;

namespace Delivery.Tool.CommandLine;

/// <summary>Which server, with which certificates, in which role: the options of every command that calls one.</summary>
internal sealed class ConnectionOptions
{
    private const string DefaultAddress = "https://127.0.0.1:7443";

    private readonly Option<string> _address = new("--server", "--address")
    {
        Description = "The server, or its replicas separated by commas, as HOST:PORT or https://HOST:PORT. Also: DELIVERY_ADDRESS.",
        HelpName = "ADDRESSES",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("DELIVERY_ADDRESS") ?? DefaultAddress,
    };

    private readonly Option<string> _certs = new("--certs")
    {
        Description = "Folder of the certificates. Also: DELIVERY_CERTS.",
        HelpName = "DIR",
        DefaultValueFactory = _ => DefaultCerts(),
    };

    private readonly Option<string> _role;

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="role">The certificate used when <c>--as</c> is not given.</param>
    public ConnectionOptions(Command command, string role)
    {
        _role = new Option<string>("--as")
        {
            Description = "Whose certificate to call with.",
            HelpName = "ROLE",
            DefaultValueFactory = _ => role,
        };
        _role.AcceptOnlyFromAmong([.. DevelopmentCertificates.ClientNames]);
        _address.Validators.Add(result =>
        {
            if (ServerAddresses.Read(result.GetValue(_address) ?? "") is null)
            {
                result.AddError("--server is HOST:PORT or https://HOST:PORT, several of them separated by commas");
            }
        });
        command.Options.Add(_address);
        command.Options.Add(_certs);
        command.Options.Add(_role);
    }

    /// <summary>The folder used when <c>--certs</c> is not given.</summary>
    public static string DefaultCerts() => Environment.GetEnvironmentVariable("DELIVERY_CERTS") ?? "certs-dev";

    /// <summary>What was asked for.</summary>
    public Connection Read(ParseResult parse) =>
        new(ServerAddresses.Read(parse.GetRequiredValue(_address))!, parse.GetRequiredValue(_certs), parse.GetRequiredValue(_role));
}
