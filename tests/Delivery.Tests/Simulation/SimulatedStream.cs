using Delivery.Server.Extracts;

namespace Delivery.Tests.Simulation;

/// <summary>One streaming call as its server knows it. It dies with the process.</summary>
internal sealed class SimulatedStream(OpenedExtract extract)
{
    public OpenedExtract Extract => extract;

    public ExtractPosition Position { get; set; } = extract.Start;

    public bool IsComplete => Position.Batch == extract.Plan.Segments.Count;
}
