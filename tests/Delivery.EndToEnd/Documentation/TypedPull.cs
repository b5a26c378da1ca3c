using System.CommandLine;
using System.Text.Json.Nodes;
using Delivery.EndToEnd.Running;
using Delivery.Tool;

namespace Delivery.EndToEnd.Documentation;

/// <summary>A pull as Danmarks Statistik types it, with a key and a folder of its own. Disposing it removes the folder.</summary>
internal sealed class TypedPull(RunningServer server) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("delivery-pull-");

    public string At(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Pulls a project into a file; what the command answers.</summary>
    public async Task<JsonNode> IntoAsync(string projectId, string name, params string[] options)
    {
        var key = At("recipient.key");
        if (!File.Exists(key))
        {
            var output = new InvocationConfiguration { Output = TextWriter.Null, Error = TextWriter.Null };
            Assert.Equal(0, await DeliveryCommand.RunAsync(["keys", "generate", "--out", key, "--certs", server.CertificateFolder], server.Clock, output));
            await ToolRun.DoneAsync(server, "keys", "register", key);
        }

        return await ToolRun.DoneAsync(server, ["pull", projectId, "--out", At(name), "--key", key, .. options]);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
