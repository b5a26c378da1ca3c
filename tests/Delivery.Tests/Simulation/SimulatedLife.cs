using System.Globalization;

namespace Delivery.Tests.Simulation;

/// <summary>What a life went through.</summary>
internal sealed record LifeFigures(
    int Commits, int Crashes, int InDoubt, int Starts, int BackupsRefused, int Refused, int Leaves, int Checkpoints, int Batches)
{
    public static LifeFigures operator +(LifeFigures left, LifeFigures right) => new(
        left.Commits + right.Commits,
        left.Crashes + right.Crashes,
        left.InDoubt + right.InDoubt,
        left.Starts + right.Starts,
        left.BackupsRefused + right.BackupsRefused,
        left.Refused + right.Refused,
        left.Leaves + right.Leaves,
        left.Checkpoints + right.Checkpoints,
        left.Batches + right.Batches);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Commits} commits, {Crashes} crashes, {InDoubt} commits in doubt, {Starts} starts, {BackupsRefused} older databases refused, {Refused} acts refused, {Leaves} leaves appended, {Checkpoints} checkpoints and proofs and {Batches} batches held outside");
}

/// <summary>
/// One service from a seed: users act, the clock jumps, processes die at commits, between them, and while they start; backups are brought
/// back. After every start and at the end the log is held against what is known outside. Dispose it; one use.
/// </summary>
internal sealed class SimulatedLife : IAsyncDisposable
{
    private const int Steps = 40;
    private const int LongestJumpHours = 20;

    private readonly SimulatedWorld _world;
    private readonly Canary _canary;
    private readonly Random _random;
    private readonly SimulatedClock _clock = new(SimulatedWorld.Start);
    private readonly SimulatedUsers _users;
    private readonly string _root = DataFolder.Make();
    private readonly List<string> _broken = [];
    private LifeFigures _figures = new(0, 0, 0, 0, 0, 0, 0, 0, 0);
    private SimulatedServer _server = null!;
    private string _folder;
    private string? _backup;
    private string _leftBehind = "";
    private int _folders;

    public SimulatedLife(SimulatedWorld world, int seed, Canary canary = Canary.None)
    {
        (_world, _canary) = (world, canary);
        _random = new Random(seed);
        _users = new SimulatedUsers(world, _random, _clock, canary);
        _folder = NewFolder();
        DataFolder.Copy(world.Template, _folder);
    }

    /// <summary>What did not hold, or nothing.</summary>
    public IReadOnlyList<string> Broken => [.. _broken, .. _users.Findings];

    public LifeFigures Figures => _figures with
    {
        Refused = _users.Refused,
        Checkpoints = _users.Outside.Checkpoints.Count + _users.Outside.Proofs.Count,
        Batches = _users.Outside.Batches.Count,
    };

    public async Task LiveAsync()
    {
        await StartAsync();
        for (var step = 0; step < Steps && Broken.Count == 0; step++)
        {
            await StepAsync();
            await GoOnAsync();
        }

        // The last start ends what is still open, so that the whole can be judged.
        await RestartAsync();
        _figures = _figures with { Leaves = Recovered().Leaves.Count - new RecoveredLog(Path.Combine(_world.Template, "delivery.db")).Leaves.Count };
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        LeafScan.Require(_folder);
        Directory.Delete(_root, recursive: true);
    }

    private async Task StepAsync()
    {
        _clock.Move(TimeSpan.FromMilliseconds(_random.Next(5000)));
        _server.Points.IsInDoubt = false;
        var together = _random.Next(4) == 0 ? _random.Next(2, 6) : 1;
        switch (_random.Next(40))
        {
            case < 6:
                // Acts that run together wait behind one commit more.
                _server.Points.Arm((Fault)_random.Next(1, 4), _random.Next(1, 4) + (together > 1 ? 1 : 0));
                break;
            case 6:
                _server.Points.Die();
                return;
            case 7:
                await RestartAsync();
                break;
            case 8:
                _backup = NewFolder();
                DataFolder.CopyDatabase(_folder, _backup);
                break;
            case < 12 when _backup is not null:
                await BringBackAsync(_backup);
                return;
            case < 14:
                _clock.Move(TimeSpan.FromHours(_random.Next(-LongestJumpHours, LongestJumpHours)));
                break;
        }

        await (together > 1 ? _users.ActTogetherAsync(together) : _users.ActAsync());
        _figures = _figures with { InDoubt = _figures.InDoubt + (_server.Points.IsInDoubt ? 1 : 0) };
    }

    private async Task GoOnAsync()
    {
        if (_server.Points.IsDead)
        {
            await BuryAsync();
            await StartAsync();
        }
    }

    private async Task RestartAsync()
    {
        await EndAsync();
        await StartAsync();
    }

    private async Task StartAsync()
    {
        do
        {
            if (_canary is Canary.SkipPinCheck or Canary.ReuseIndex)
            {
                // The pin would notice first; here the checker has to.
                File.Delete(PinFile);
            }

            _server = New();
            if (_random.Next(12) == 0)
            {
                _server.Points.Arm(_random.Next(2) == 0 ? Fault.CrashBeforeCommit : Fault.CrashAfterCommit, _random.Next(2, 5));
            }

            try
            {
                _figures = _figures with { Starts = _figures.Starts + 1 };
                await _server.StartAsync(endsCutCalls: _canary is not Canary.SkipRecovery);
            }
            catch (Exception) when (_server.Points.IsDead)
            {
            }
        }
        while (await IsBuriedAsync());

        _users.Meet(_server);
        _broken.AddRange(new LogInvariants(Recovered(), _users.Outside, _world.LogPublicKey).Broken());
    }

    private async Task<bool> IsBuriedAsync()
    {
        var isDead = _server.Points.IsDead;
        if (isDead)
        {
            await BuryAsync();
        }

        return isDead;
    }

    private async Task BuryAsync()
    {
        _figures = _figures with { Crashes = _figures.Crashes + 1 };
        await EndAsync();
        _folder = _leftBehind;
    }

    private async Task EndAsync()
    {
        _figures = _figures with { Commits = _figures.Commits + _server.Points.Commits };
        await _server.DisposeAsync();
    }

    /// <summary>Somebody restores a backup under a service that has signed more than it holds: it must not serve.</summary>
    private async Task BringBackAsync(string backup)
    {
        if (!File.Exists(PinFile) || Pinned() <= new RecoveredLog(Path.Combine(backup, "delivery.db")).Size)
        {
            return;
        }

        await EndAsync();
        var newest = NewFolder();
        DataFolder.Copy(_folder, newest);
        DataFolder.CopyDatabase(backup, _folder);
        if (_canary is Canary.SkipPinCheck)
        {
            await StartAsync();
            return;
        }

        _server = New();
        var refusal = await Record.ExceptionAsync(() => _server.StartAsync());
        await _server.DisposeAsync();
        if (refusal is not InvalidDataException)
        {
            _broken.Add("An older copy of the database was served.");
        }

        _figures = _figures with { BackupsRefused = _figures.BackupsRefused + 1 };
        _folder = newest;
        await StartAsync();
    }

    private string PinFile => Path.Combine(_folder, "log.pin");

    private long Pinned() => long.Parse(File.ReadAllText(PinFile).Split(' ')[0], CultureInfo.InvariantCulture);

    private RecoveredLog Recovered() => new(Path.Combine(_folder, "delivery.db"));

    private SimulatedServer New()
    {
        var from = _folder;
        return new SimulatedServer(_world, from, _clock, () =>
        {
            var to = NewFolder();
            DataFolder.Copy(from, to);
            _leftBehind = to;
            if (_folders % 2 == 0)
            {
                // Half of the processes die while they replace the pin.
                File.WriteAllText(Path.Combine(to, "log.pin.new"), "2");
            }
        });
    }

    private string NewFolder() =>
        Directory.CreateDirectory(Path.Combine(_root, (++_folders).ToString(CultureInfo.InvariantCulture))).FullName;
}
