using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Results;
using Delivery.EndToEnd.Running;

namespace Delivery.EndToEnd.Failover;

/// <summary>
/// A wide project for each server of a fleet, because one extract is acknowledged once, the keys of the command line, and the files that pulls end with
/// which nothing happens to.
/// </summary>
internal sealed class DeliveredProjects
{
    // Enough that a stream cannot end in buffers before something is killed.
    private const int FileRows = 40_000;

    // Far more than the rounds have interruptions.
    private const int RunsMax = 12;

    private readonly Fleet _fleet;
    private readonly List<byte[]> _uncut = [];

    private DeliveredProjects(Fleet fleet) => _fleet = fleet;

    /// <summary>Small segments and windows make many of both out of few rows.</summary>
    public static IEnumerable<(string Key, string Value)> Settings => [("Delivery:Storage:SegmentRowsMax", "256"), ("Delivery:Extracts:WindowBatches", "2")];

    public static async Task<DeliveredProjects> MakeAsync(Fleet fleet)
    {
        var results = await ResultsFile.MakeAsync(FileRows, seed: 7);
        await fleet.Home.Channel("stil-intake").ImportAsync("failover", results.Bytes);
        await PulledKeys.MakeAsync(fleet.Home);
        var projects = new DeliveredProjects(fleet);
        for (var first = 0; first < fleet.Replicas.Count; first++)
        {
            await fleet.Home.PushAsync(SampleApproval.WideOf(fleet.Home, Id(first)));
        }

        // The first warms the servers, and makes the keys that are missing.
        await projects.PullAsync("warm.arrow", 0, fleet.Home.CertificateFolder);
        for (var first = 0; first < fleet.Replicas.Count; first++)
        {
            // Pulls at one time, each with a memory of its own of the log.
            Directory.CreateDirectory(projects.Keys(first));
            foreach (var file in Directory.GetFiles(fleet.Home.CertificateFolder))
            {
                File.Copy(file, Path.Combine(projects.Keys(first), Path.GetFileName(file)));
            }

            await projects.PullAsync($"uncut-{first}.arrow", first, projects.Keys(first));
            projects._uncut.Add(await File.ReadAllBytesAsync(fleet.At($"uncut-{first}.arrow")));
        }

        return projects;
    }

    /// <summary>Pulls through every address, the command typed again while it gives up, and requires the bytes of the uncut pull.</summary>
    /// <returns>How often it was typed.</returns>
    public async Task<int> RequireSameAsync(string name, int first)
    {
        var runs = await PullAsync(name, first, Keys(first));
        var bytes = await File.ReadAllBytesAsync(_fleet.At(name));
        Assert.True(_uncut[first].AsSpan().SequenceEqual(bytes), $"{name} ends with other bytes.");
        File.Delete(_fleet.At(name));
        return runs;
    }

    private static string Id(int first) => $"FAILOVER-{first}";

    private string Keys(int first) => _fleet.At($"keys-{first}");

    private async Task<int> PullAsync(string name, int first, string keys)
    {
        for (var runs = 1; ; runs++)
        {
            var talk = new StringWriter();
            var code = await Tool.DeliveryCommand.RunAsync(
                ["pull", Id(first), "--out", _fleet.At(name), "--json", "--server", _fleet.Addresses(first), "--certs", keys],
                _fleet.Home.Clock,
                new System.CommandLine.InvocationConfiguration { Output = TextWriter.Null, Error = talk });
            if (code == 0)
            {
                return runs;
            }

            Assert.True(runs < RunsMax && code == 1 && talk.ToString().Contains("E_S", StringComparison.Ordinal), talk.ToString());
        }
    }
}
