using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Delivery.EndToEnd.Running;

/// <summary>Everything the server writes to its operations log, at any level and with the scopes it is written in, kept as text. Threads may share it.</summary>
internal sealed class CapturedLog : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<string> _lines = new();
    private IExternalScopeProvider? _scopes;

    public IReadOnlyList<string> Lines => [.. _lines];

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
    }

    private string Scopes()
    {
        var text = new StringBuilder();
        _scopes?.ForEachScope((scope, all) => all.Append(CultureInfo.InvariantCulture, $" => {scope}"), text);
        return text.ToString();
    }

    private sealed class Logger(CapturedLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log._lines.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{logLevel} {category} {eventId.Id} {formatter(state, exception)} {exception}{log.Scopes()}"));
    }
}
