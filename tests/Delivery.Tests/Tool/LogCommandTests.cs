using System.CommandLine;
using System.Text.Json;
using Delivery.Client.Development;
using Delivery.Server.Hosting;
using Delivery.Tool;
using Delivery.Tool.Hosting;
using Microsoft.AspNetCore.Builder;

namespace Delivery.Tests.Tool;

/// <summary>The commands about the log, typed against a running development server.</summary>
public sealed class LogCommandTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private WebApplication _app = null!;

    private string Certs => At("certs");

    private string Data => At("data");

    private string Policy => Path.Combine(Certs, "log-policy.txt");

    public async Task InitializeAsync()
    {
        DevelopmentCertificates.Create(Certs, TimeProvider.System);
        var settings = DevelopmentServer.Settings(Certs, Data, port: 0);
        settings["Logging:LogLevel:Default"] = "Error";
        _app = DeliveryServer.Build([], settings);
        await _app.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        LeafScan.Require(Data);
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task The_log_is_cosigned_proven_exported_and_checked()
    {
        using var cosigned = await AnswerAsync(0, "log", "cosign", "--json");
        Assert.Equal((2, DevelopmentCertificates.WitnessName), (cosigned.RootElement.GetProperty("log_size").GetInt64(), cosigned.RootElement.GetProperty("witness").GetString()));
        Assert.True(File.Exists(Path.Combine(Certs, "dst-witness.state")));

        await RunAsync(0, "log", "prove", "0", "--leaf", At("leaf"), "--proof", At("proof"));
        Assert.Equal("proven", await OfflineAsync(0, "log", "verify", "--policy", Policy, "--leaf", At("leaf"), "--proof", At("proof")));

        using var exported = await AnswerAsync(0, "log", "export", "--tiles", At("tiles"), "--json");
        Assert.Equal(cosigned.RootElement.GetProperty("root").GetString(), exported.RootElement.GetProperty("root").GetString());
        Assert.Equal("proven", await OfflineAsync(0, "log", "verify", "--policy", Policy, "--leaf", At("leaf"), "--proof", At("proof"), "--previous", At("tiles/checkpoint")));
        await OfflineAsync(0, "log", "export", "--tiles", At("copy"), "--data", Data);
        Assert.Equal(File.ReadAllBytes(At("tiles/tile/entries/000.p/2")), File.ReadAllBytes(At("copy/tile/entries/000.p/2")));

        using var checkedLog = JsonDocument.Parse(await OfflineAsync(0, "log", "fsck", "--data", Data, "--policy", Policy, "--json"));
        Assert.Equal((true, 1), (checkedLog.RootElement.GetProperty("sound").GetBoolean(), checkedLog.RootElement.GetProperty("cosignature_count").GetInt64()));
    }

    [Fact]
    public async Task Watching_tells_every_leaf_from_where_it_was_asked()
    {
        var lines = (await RunAsync(0, "log", "watch", "--max", "2")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(["log.genesis", "access.changed"], lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("t").GetString()));
    }

    [Fact]
    public async Task A_log_that_is_not_what_was_signed_exits_1_and_no_log_exits_2()
    {
        await _app.StopAsync();
        File.WriteAllText(Path.Combine(Data, "log.pin"), $"2 {new string('0', 64)}\n");
        using var found = JsonDocument.Parse(await OfflineAsync(1, "log", "fsck", "--data", Data, "--json"));
        Assert.Equal("PinContradicts", found.RootElement.GetProperty("findings")[0].GetProperty("fault").GetString());

        Assert.Empty(await OfflineAsync(2, "log", "fsck", "--data", At("nowhere")));
        Assert.Empty(await OfflineAsync(2, "log", "export", "--tiles", At("tiles"), "--data", At("nowhere")));
        await OfflineAsync(2, "log", "fsck", "--data", Data, "--policy", At("no-policy"));
    }

    [Fact]
    public async Task A_witness_that_was_shown_another_log_signs_nothing()
    {
        await RunAsync(0, "log", "cosign");
        var state = Path.Combine(Certs, "dst-witness.state");
        var note = File.ReadAllLines(state);
        note[1] = "9";
        File.WriteAllText(state, string.Join('\n', note) + "\n");

        Assert.Empty(await RunAsync(3, "log", "cosign"));
    }

    private async Task<JsonDocument> AnswerAsync(int code, params string[] args) => JsonDocument.Parse(await RunAsync(code, args));

    private Task<string> RunAsync(int code, params string[] args) => OfflineAsync(code, [.. args, "--address", _app.Urls.First(), "--certs", Certs]);

    private static async Task<string> OfflineAsync(int code, params string[] args)
    {
        var (data, talk) = (new StringWriter(), new StringWriter());
        var ended = await DeliveryCommand.RunAsync(args, TimeProvider.System, new InvocationConfiguration { Output = data, Error = talk });
        Assert.True(code == ended, $"{string.Join(' ', args)}: {ended}\n{talk}");
        return data.ToString().Trim();
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);
}
