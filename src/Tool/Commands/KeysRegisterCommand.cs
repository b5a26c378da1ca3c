using System.CommandLine;
using Delivery.Client.Keys;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery keys register</c>: the server learns a key that extracts may be sealed to.</summary>
internal static class KeysRegisterCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The key file. Only its public half and the signature over it are sent." };
        var command = new ToolCommand(
            "register",
            "Registers a recipient key. The server accepts it only if the organisation it trusts for this has signed it. Registering it again changes nothing.",
            ["delivery keys register certs-dev/recipient.key"])
        {
            file,
        };
        var connection = new ConnectionOptions(command, "dst-ingestion");
        return command.Runs(async (parse, terminal, cancellation) =>
        {
            using var key = RecipientKeyFile.Load(parse.GetRequiredValue(file));
            using var client = connection.Read(parse).Open();
            var registered = await client.Extracts.RegisterRecipientKeyAsync(key, cancellation);
            terminal.Say($"Registered; leaf {registered.LogIndex} in the transfer log.");
            terminal.Answer(registered, registered.KeyId);
            return ExitCode.Done;
        });
    }
}
