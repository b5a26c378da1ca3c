using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace Delivery.Tool.CommandLine;

/// <summary>Where a command speaks: data to stdout, talk to stderr. One thread, except for what is reported as progress.</summary>
internal sealed class Terminal(TextWriter data, TextWriter talk, bool json, bool isWatched, bool isRead)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,

        // Danish letters stay readable; the document goes to a terminal or a program, never into HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonSerializerOptions JsonLine = new(Json) { WriteIndented = false };

    /// <summary>True when the answer is to be one JSON document.</summary>
    public bool WantsJson => json;

    /// <summary>
    /// Speaks through the writers of an invocation. A progress bar is drawn only when stderr is a terminal, and tables have frames only
    /// when stdout is one: elsewhere a program may be reading the columns.
    /// </summary>
    public static Terminal For(InvocationConfiguration invocation, bool json) => new(
        invocation.Output,
        invocation.Error,
        json,
        isWatched: invocation.Error == Console.Error && !Console.IsErrorRedirected,
        isRead: invocation.Output == Console.Out && !Console.IsOutputRedirected);

    /// <summary>A line for people.</summary>
    public void Say(string line) => talk.WriteLine(line);

    /// <summary>The answer: as JSON when that was asked for, otherwise as the lines given.</summary>
    public void Answer(object document, params IEnumerable<string> lines)
    {
        if (json)
        {
            data.WriteLine(JsonSerializer.Serialize(document, Json));
            return;
        }

        foreach (var line in lines)
        {
            data.WriteLine(line);
        }
    }

    /// <summary>The answer: as JSON when that was asked for, otherwise as a table.</summary>
    /// <param name="document">What JSON says.</param>
    /// <param name="titles">Titles of the columns.</param>
    /// <param name="rows">A text for each column.</param>
    public void AnswerTable(object document, IReadOnlyList<string> titles, IEnumerable<IReadOnlyList<string>> rows)
    {
        if (json || !isRead)
        {
            Answer(document, Columns(titles, rows));
            return;
        }

        var table = new Table().RoundedBorder();
        foreach (var title in titles)
        {
            table.AddColumn(new TableColumn(new Text(title)));
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(text => new Text(text)));
        }

        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(data) }).Write(table);
    }

    /// <summary>One answer of many that follow each other: a JSON document on a line of its own, or the line given.</summary>
    public void AnswerNext(object document, string line) => data.WriteLine(json ? JsonSerializer.Serialize(document, JsonLine) : line);

    // Columns as wide as they need.
    private static IEnumerable<string> Columns(IReadOnlyList<string> titles, IEnumerable<IReadOnlyList<string>> rows)
    {
        var all = rows.Prepend(titles).ToList();
        var widths = titles.Select((_, column) => all.Max(row => row[column].Length)).ToArray();
        return all.Select(row => string.Join("  ", row.Select((text, column) => text.PadRight(widths[column]))).TrimEnd());
    }

    /// <summary>Does something long while showing how far it is.</summary>
    /// <param name="title">What is being done.</param>
    /// <param name="total">How much there is to do, in the unit progress is reported in.</param>
    /// <param name="work">Does it; reports how much is done so far.</param>
    public Task<T> WatchAsync<T>(string title, long total, Func<IProgress<long>, Task<T>> work) =>
        WatchAsync<T>(title, total, (IProgress<Watched> progress) => work(new Counted(progress)));

    /// <summary>Does something long while showing how far it is, and in words too.</summary>
    /// <param name="title">What is being done.</param>
    /// <param name="total">How much there is to do, in the unit progress is reported in.</param>
    /// <param name="work">Does it; reports how much is done so far.</param>
    public async Task<T> WatchAsync<T>(string title, long total, Func<IProgress<Watched>, Task<T>> work)
    {
        if (!isWatched)
        {
            return await work(new Unwatched());
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(talk) });
        return await console.Progress().AutoClear(true).StartAsync(async context =>
        {
            var bar = context.AddTask(Markup.Escape(title), maxValue: Math.Max(1, total));
            return await work(new Bar(bar, title));
        });
    }

    private sealed class Unwatched : IProgress<Watched>
    {
        public void Report(Watched value)
        {
        }
    }

    private sealed class Counted(IProgress<Watched> progress) : IProgress<long>
    {
        public void Report(long value) => progress.Report(new Watched(value, ""));
    }

    private sealed class Bar(ProgressTask task, string title) : IProgress<Watched>
    {
        public void Report(Watched value)
        {
            task.Value = value.Done;
            task.Description = Markup.Escape(value.Words.Length == 0 ? title : $"{title}: {value.Words}");
        }
    }
}

/// <summary>How far something is: a number for the bar, and words beside it.</summary>
internal readonly record struct Watched(long Done, string Words);
