using System.Globalization;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.Log;
using Delivery.Server.Approvals;
using Delivery.Server.Refusals;
using FsCheck;
using FsCheck.Fluent;

namespace Delivery.EndToEnd.Rules;

/// <summary>Random lives of projects, lived by the server and by a model written without it. The two never disagree.</summary>
public abstract class LifeCycleModelTests(RuleServer rules)
{
    private const int Lives = 150;
    private const int StepsMax = 25;

    // Certificates and the recipient's key last a year.
    private const int DaysMax = 300;

    private static readonly string[] Acts =
    [
        "open", "open", "open", "finish", "finish", "finish", "cut", "acknowledge", "acknowledge", "acknowledge", "extend", "shorten", "widen", "narrow", "suspend", "resume",
        "resume", "withdraw", "delete", "archive one", "delete part", "close", "pass", "pass", "pass",
    ];

    // Lives that end in each state: chance reaches most of them, these all.
    private static readonly (string Act, int Number)[][] Walks =
    [
        [("open", 0)],
        [("open", 0), ("finish", 0), ("acknowledge", 0)],
        [("open", 0), ("finish", 0), ("acknowledge", 0), ("delete", 0)],
        [("open", 0), ("finish", 0), ("acknowledge", 0), ("archive one", 0)],
        [("open", 0), ("finish", 0), ("acknowledge", 0), ("pass", 40), ("pass", 40), ("pass", 40)],
        [("suspend", 0)],
        [("suspend", 0), ("resume", 0)],
        [("withdraw", 0)],
        [("pass", 40), ("pass", 40)],
        [("close", 0)],
    ];

    private int _lives;
    private readonly HashSet<string> _seen = [];

    [Fact]
    [Proves("T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9", "T10", "T11", "T12", "T13", "R03", "R06")]
    public void Server_and_model_agree_on_every_life_of_a_project()
    {
        var step = from act in Gen.Elements(Acts)
                   from number in Gen.Choose(0, 40)
                   select (Act: act, Number: number);
        var lives = from count in Gen.Choose(5, StepsMax) from steps in step.ArrayOf(count) select steps;
        Assert.All(Walks, walk => Assert.True(LiveAsync(walk).GetAwaiter().GetResult()));
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(Lives),
            Prop.ForAll(lives.ToArbitrary(), life => LiveAsync(life).GetAwaiter().GetResult()));

        // The lives were long and different enough to have been everywhere.
        Assert.Equal(Enum.GetValues<ProjectState>().Select(state => state.WireName()).Except(_seen), []);
    }

    private async Task<bool> LiveAsync((string Act, int Number)[] life)
    {
        var clock = rules.Server.Clock;
        var (first, turned) = (clock.Today, 0);
        var model = new ProjectModel(first, first.AddDays(60), first.AddDays(90));
        using var project = new ProjectUnderTest(rules, string.Create(CultureInfo.InvariantCulture, $"LIFE-{_lives++}"), model.PeriodTo, model.Due);
        try
        {
            await project.PushAsync();
            foreach (var (act, number) in life)
            {
                var leaves = project.Leaves().Count;
                var before = model.State;
                if (act == "pass")
                {
                    turned += number;
                }

                if (turned > DaysMax || Prepare(act, number, model, project) is not { } both)
                {
                    continue;
                }

                Assert.Equal(both.Expected.Refusal, await RefusalAsync(both.Act));
                Assert.Equal(both.Expected.Leaves, project.Leaves().Skip(leaves).Select(leaf => leaf.Type.WireName()));
                Compare(model, project);
                Assert.True(!before.StartsWith("CLOSED", StringComparison.Ordinal) || model.State == before, "What is closed stays closed.");
                _seen.Add(model.State);
            }

            return true;
        }
        finally
        {
            // A life that is over no longer concerns the clock, nor whoever opens a stream in the next.
            await project.CutAllAsync();
            await RefusalAsync(project.WithdrawAsync);
            clock.Turn(TimeSpan.FromDays(first.DayNumber - clock.Today.DayNumber));
        }
    }

    // What the model expects and the server is to do; null for an act there is nothing to do it with. The model goes first, so the act is deferred.
    private static (Effect Expected, Func<Task> Act)? Prepare(string act, int number, ProjectModel model, ProjectUnderTest project)
    {
        var (periodTo, due, extras, today) = (model.PeriodTo, model.Due, model.Extras, model.Today);
        var signedOn = number % 3 == 0 ? model.SignedOn : today;
        return act switch
        {
            "open" => (model.Open(), project.OpenAsync),
            "finish" => model.OpenCalls == 0 ? null : (model.Finish(), project.FinishAsync),
            "cut" => model.OpenCalls == 0 ? null : (model.Cut(), () => project.CutAsync()),
            "acknowledge" => model.AwaitsReceipt ? (model.Acknowledge(), project.AcknowledgeAsync) : null,
            "extend" => Amended(periodTo.AddDays(number), due.AddDays(number), extras),
            // The deadline stays behind the period, as A21 asks.
            "shorten" => Amended(periodTo.AddDays(-Math.Min(number, 10)), due.AddDays(-Math.Min(number, due.DayNumber - periodTo.DayNumber)), extras),
            "widen" => Amended(periodTo, due, Math.Min(extras + 1, 3)),
            "narrow" => Amended(periodTo, due, Math.Max(extras - 1, 0)),
            "suspend" => (model.Suspend(), project.SuspendAsync),
            "resume" => (model.Resume(), project.ResumeAsync),
            "withdraw" => (model.Withdraw(), project.WithdrawAsync),
            "delete" => (model.End("DELETED", []), () => project.EndAsync("DELETED", [])),
            "archive one" => OpenAt(model) is not { } at ? null : (model.End("ARCHIVED", [at]), () => project.EndAsync("ARCHIVED", [at])),
            "delete part" => (model.EndPart(), project.EndPartAsync),
            "close" => (model.CloseWithoutData(), project.CloseWithoutDataAsync),
            "pass" => (model.Pass(number), () => project.PassAsync(number)),
            _ => throw new ArgumentOutOfRangeException(nameof(act), act, "Nobody does this."),
        };

        // A withdrawal may have set a deadline before the end of the period; what would break A21 is not tried.
        (Effect, Func<Task>)? Amended(DateOnly to, DateOnly deletion, int variables) => to > deletion || to < today.AddDays(-60)
            ? null
            : (model.Amend(to, deletion, variables, signedOn), () => project.AmendAsync(to, deletion, variables, signedOn));
    }

    private static int? OpenAt(ProjectModel model) => model.Holdings.FindIndex(holding => holding.IsOpen) is >= 0 and var at ? at : null;

    private static async Task<string> RefusalAsync(Func<Task> act)
    {
        try
        {
            await act();
            return "";
        }
        catch (RefusedException refused)
        {
            return refused.Code;
        }
    }

    private static void Compare(ProjectModel model, ProjectUnderTest project)
    {
        var row = project.Project();
        Assert.Equal((model.State, model.Version, Text(model.Due)), (row.State.WireName(), row.Version, row.DeletionDue));
        Assert.Equal(
            model.Holdings.Select(holding => (holding.State, Text(holding.Due), holding.WasOverdue, holding.IsPartDeletionDue, Text(holding.RemindedOn))),
            project.Holdings().Select(holding => (holding.State.WireName(), holding.DeletionDue, holding.WasOverdue, holding.PartDeletionDue, holding.LastRemindedOn)));
    }

    private static string Text(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";
}

public sealed class LifeCycleModelTestsOnSqlite(RuleServerOnSqlite rules) : LifeCycleModelTests(rules), IClassFixture<RuleServerOnSqlite>;

[NeedsPostgres]
public sealed class LifeCycleModelTestsOnPostgres(RuleServerOnPostgres rules) : LifeCycleModelTests(rules), IClassFixture<RuleServerOnPostgres>;
