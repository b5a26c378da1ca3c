using System.Security.Cryptography;
using System.Text;
using Delivery.Protocol.Log;
using Delivery.Protocol.V1;
using Delivery.Server.Extracts;
using Delivery.Server.Refusals;
using Delivery.Server.Storage;
using Delivery.Server.TransferLog;
using Google.Protobuf;

namespace Delivery.Tests.Simulation;

/// <summary>
/// Everyone who uses a simulated service: recipients, the agency, auditors, strangers. Every act draws its chances before it first waits, so that
/// a seed fixes what is tried; what comes back is kept only if a living process said it.
/// </summary>
internal sealed partial class SimulatedUsers(SimulatedWorld world, Random random, SimulatedClock clock, Canary canary)
{
    private const int RowsOfABatch = 100;

    private readonly Lock _lock = new();
    private readonly List<SimulatedStream> _streams = [];
    private readonly Dictionary<string, ExtractPosition> _arrived = [];
    private readonly List<string> _projects = [.. Enumerable.Range(0, SimulatedWorld.Projects).Select(project => $"LIFE-{project}")];
    private SimulatedServer _server = null!;

    public Outside Outside { get; } = new();

    /// <summary>Acts that were refused by a rule, which is an answer.</summary>
    public int Refused { get; private set; }

    /// <summary>Answers that must not be given.</summary>
    public List<string> Findings { get; } = [];

    /// <summary>Turns to a new process; the calls of the old one are gone.</summary>
    public void Meet(SimulatedServer server)
    {
        _server = server;
        _streams.Clear();
    }

    /// <summary>Somebody does something.</summary>
    public Task ActAsync() => random.Next(32) switch
    {
        < 4 => OpenAsync(),
        < 20 => StreamAsync(),
        < 24 => SignAsync(),
        < 27 => AppendAsync(),
        27 => StepAsync((desk, project) => desk.SuspendAsync(project, "Simuleret", SimulatedWorld.Stil, CancellationToken.None), "approval.suspended"),
        < 30 => StepAsync((desk, project) => desk.ResumeAsync(project, "Simuleret", SimulatedWorld.Stil, CancellationToken.None), "approval.resumed"),
        30 => random.Next(3) == 0
            ? StepAsync((desk, project) => desk.WithdrawAsync(project, "Simuleret", SimulatedWorld.Stil, CancellationToken.None), "approval.withdrawn")
            : AppendAsync(),
        _ => PushAsync(),
    };

    /// <summary>Several act while the writer is busy, so that their changes share a transaction.</summary>
    public async Task ActTogetherAsync(int count)
    {
        using var free = new ManualResetEventSlim();
        // The writer takes no other change meanwhile.
        var busy = AskAsync(async () =>
        {
            await _server.Get<StoreWriter>().WriteAsync(_ => free.Wait(), CancellationToken.None);
            return true;
        });
        var acts = Enumerable.Range(0, count).Select(_ => ActAsync()).ToList();
        free.Set();
        await Task.WhenAll([.. acts, busy]);
    }

    // An answer of a dead process reaches nobody, and a change in doubt has no answer. Anything else that fails is a fault of the service.
    private async Task<(bool IsAnswered, T? Value)> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            var value = await ask();
            return _server.Points.IsDead ? default : (true, value);
        }
        catch (RefusedException refused)
        {
            Answered(refused);
            return default;
        }
        catch (Exception) when (_server.Points.IsDead || _server.Points.IsInDoubt)
        {
            return default;
        }
    }

    private void Answered(RefusedException refused)
    {
        lock (_lock)
        {
            Refused++;
            if (refused.Code == "E_RESUME_MISMATCH")
            {
                Findings.Add("A recipient could not go on from a position it had reached.");
            }
        }
    }

    private string Project() => _projects[random.Next(_projects.Count)];

    private async Task OpenAsync()
    {
        var desk = _server.Get<ExtractDesk>();
        var (project, row, _, plan) = desk.List(Project(), SimulatedWorld.Recipient)[0];
        var callId = new byte[LogHash.SizeBytes];
        random.NextBytes(callId);
        var request = new StreamExtractRequest
        {
            ProjectId = project.Row.ProjectId,
            ApprovalVersion = project.Row.Version,
            ExtractId = row.ExtractId,
            SchemaFingerprint = ByteString.CopyFrom(plan.Schema.Fingerprint),
            CallId = ByteString.CopyFrom(callId),
            RecipientKeyId = ByteString.CopyFrom(world.RecipientKeyId),
        };
        if (_arrived.TryGetValue(row.ExtractId, out var arrived) && random.Next(3) > 0)
        {
            request.FirstBatch = arrived.Batch;
            request.RunningDigest = ByteString.CopyFrom(arrived.RunningDigest);
        }

        var (isOpen, extract) = await AskAsync(() => desk.OpenAsync(request, SimulatedWorld.Recipient, CancellationToken.None));
        if (isOpen)
        {
            lock (_lock)
            {
                _streams.Add(new SimulatedStream(extract!));
            }
        }
    }

    private Task StreamAsync()
    {
        SimulatedStream stream;
        lock (_lock)
        {
            if (_streams.Count == 0)
            {
                return OpenAsync();
            }

            // A stream does one thing at a time, so it is away until that is done.
            stream = _streams[random.Next(_streams.Count)];
            _streams.Remove(stream);
        }

        return random.Next(16) == 0 ? EndEarlyAsync(stream, "CALL_CUT") : stream.IsComplete ? CompleteAsync(stream) : ReleaseAsync(stream);
    }

    private async Task ReleaseAsync(SimulatedStream stream)
    {
        var extract = stream.Extract;
        var count = Math.Min(random.Next(1, 5), extract.Plan.Segments.Count - stream.Position.Batch);
        List<ExtractPosition> after = [];
        for (var batch = stream.Position.Batch; after.Count < count; batch++)
        {
            after.Add(new ExtractPosition(batch + 1, (batch + 1) * RowsOfABatch, SHA256.HashData(Encoding.ASCII.GetBytes($"{extract.ExtractId} {batch}"))));
        }

        if (canary is Canary.ReleaseAfterBytes)
        {
            Arrive(extract, after);
        }

        if (canary is Canary.AnswerBeforeCommit)
        {
            _server.Points.BeforeNextCommit = () => Arrive(extract, after);
        }

        var from = stream.Position.Batch;
        var (isReleased, _) = await AskAsync(async () =>
        {
            await _server.Get<ExtractDesk>().ReleaseAsync(extract, from, after, sealedBytes: 1000);
            return true;
        });
        if (!isReleased)
        {
            await EndEarlyAsync(stream, "E_INTERNAL");
            return;
        }

        if (canary is not (Canary.ReleaseAfterBytes or Canary.AnswerBeforeCommit))
        {
            Arrive(extract, after);
        }

        stream.Position = after[^1];
        lock (_lock)
        {
            _streams.Add(stream);
        }
    }

    private void Arrive(OpenedExtract extract, IReadOnlyList<ExtractPosition> after)
    {
        lock (_lock)
        {
            Outside.Batches.AddRange(after.Select(position => (extract.CallId.ToString(), position.Batch - 1, Convert.ToHexStringLower(position.RunningDigest))));
            if (!_arrived.TryGetValue(extract.ExtractId, out var arrived) || arrived.Batch < after[^1].Batch)
            {
                _arrived[extract.ExtractId] = after[^1];
            }
        }
    }

    private async Task CompleteAsync(SimulatedStream stream)
    {
        var (isComplete, index) = await AskAsync(() => _server.Get<ExtractDesk>().CompleteAsync(stream.Extract, stream.Position, new byte[LogHash.SizeBytes]));
        if (!isComplete)
        {
            await EndEarlyAsync(stream, "E_INTERNAL");
            return;
        }

        Changed(index, "extract.completed");
        var (isProven, proven) = await AskAsync(() => _server.Get<Checkpoints>().ProveAsync(index, knownSize: 0, CancellationToken.None));
        if (isProven)
        {
            lock (_lock)
            {
                Outside.Proofs.Add((proven!.Leaf, proven.Proof));
            }
        }
    }

    // As the service does when a stream fails: where that fails too, recovery ends the call.
    private async Task EndEarlyAsync(SimulatedStream stream, string reason) => await AskAsync(async () =>
    {
        await _server.Get<ExtractDesk>().AbortAsync(stream.Extract, reason);
        return true;
    });

    private async Task SignAsync()
    {
        var (isSigned, note) = await AskAsync(async () => canary is Canary.SignUncommitted
            ? await PlantedBugs.SignUncommittedAsync(_server, Seen)
            : (await _server.Get<Checkpoints>().SignAsync(CancellationToken.None)).Note);
        if (isSigned)
        {
            Seen(note!);
        }
    }

    private void Seen(byte[] note)
    {
        lock (_lock)
        {
            Outside.Checkpoints.Add(note);
        }
    }

    private async Task AppendAsync()
    {
        var reusesIndex = canary is Canary.ReuseIndex && random.Next(2) == 0;
        var (isAppended, leaf) = await AskAsync(() => _server.Get<StoreWriter>().WriteAsync(
            scope => _server.Get<LogAppender>().Append(scope, SimulatedWorld.Refusal()), CancellationToken.None));
        if (isAppended)
        {
            Changed(leaf!.Index, "access.refused");
        }

        if (reusesIndex)
        {
            await AskAsync(() => PlantedBugs.SetBackHeadAsync(_server));
        }
    }
}
