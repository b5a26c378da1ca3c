using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace Delivery.EndToEnd.Operations;

/// <summary>
/// Listens to every activity source and every meter of the process, the framework's included, and keeps all words they say. Numbers that were measured
/// are not words; numbers in attributes are.
/// </summary>
internal sealed class HeardSignals : IDisposable
{
    private readonly ConcurrentQueue<(string Source, string Name, string Text)> _spans = new();
    private readonly ConcurrentDictionary<(string Instrument, string Text), byte> _measurements = new();
    private readonly ActivityListener _traces;
    private readonly MeterListener _metrics = new();

    public HeardSignals()
    {
        _traces = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            SampleUsingParentId = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => _spans.Enqueue((activity.Source.Name, activity.DisplayName, Words(activity))),
        };
        ActivitySource.AddActivityListener(_traces);
        _metrics.InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        Hear<byte>();
        Hear<short>();
        Hear<int>();
        Hear<long>();
        Hear<float>();
        Hear<double>();
        Hear<decimal>();
        _metrics.Start();
    }

    /// <summary>Spans that ended: their source, their name and everything said in them.</summary>
    public IReadOnlyCollection<(string Source, string Name, string Text)> Spans => [.. _spans];

    /// <summary>Instruments that measured something, with the attributes of each measurement.</summary>
    public IReadOnlyCollection<(string Instrument, string Text)> Measurements => [.. _measurements.Keys];

    /// <summary>Everything, a line each.</summary>
    public IEnumerable<string> Lines => Spans.Select(span => span.Text).Concat(Measurements.Select(measured => $"{measured.Instrument} {measured.Text}"));

    /// <summary>Asks what is measured only when somebody asks.</summary>
    public void Observe() => _metrics.RecordObservableInstruments();

    public void Dispose()
    {
        _traces.Dispose();
        _metrics.Dispose();
    }

    private void Hear<T>()
        where T : struct => _metrics.SetMeasurementEventCallback<T>((instrument, _, tags, _) => _measurements.TryAdd((instrument.Name, Words(tags.ToArray())), 0));

    private static string Words(Activity activity) => string.Join(
        ' ',
        activity.OperationName,
        activity.DisplayName,
        activity.StatusDescription,
        activity.TraceStateString,
        Words(activity.TagObjects),
        string.Join(' ', activity.Baggage.Select(item => $"{item.Key}={item.Value}")),
        string.Join(' ', activity.Events.Select(happened => $"{happened.Name} {Words(happened.Tags)}")),
        string.Join(' ', activity.Links.Select(link => Words(link.Tags ?? []))));

    private static string Words(IEnumerable<KeyValuePair<string, object?>> tags) =>
        string.Join(' ', tags.Select(tag => string.Create(CultureInfo.InvariantCulture, $"{tag.Key}={tag.Value}")));
}
