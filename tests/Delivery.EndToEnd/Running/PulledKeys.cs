namespace Delivery.EndToEnd.Running;

/// <summary>Gives the command line a recipient key, as a person would.</summary>
internal static class PulledKeys
{
    /// <summary>Makes the key <c>pull</c> takes when none is named, and registers it.</summary>
    public static async Task MakeAsync(RunningServer server)
    {
        var file = Path.Combine(server.CertificateFolder, "recipient.key");
        var made = await Tool.DeliveryCommand.RunAsync(
            ["keys", "generate", "--out", file, "--certs", server.CertificateFolder],
            server.Clock,
            new System.CommandLine.InvocationConfiguration { Output = TextWriter.Null, Error = TextWriter.Null });
        Assert.Equal(0, made);
        await ToolRun.DoneAsync(server, "keys", "register", file);
    }
}
