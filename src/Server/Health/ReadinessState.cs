namespace Delivery.Server.Health;

/// <summary>What does not work while a condition does not hold. Each includes those before it.</summary>
internal enum Impairment
{
    /// <summary>Everything works.</summary>
    None = 0,

    /// <summary>No results leave the server.</summary>
    Extracts,

    /// <summary>Nothing changes and nothing is delivered; what is there can be read and proven.</summary>
    Changes,

    /// <summary>The server as a whole is of no use now. Calls are tried nevertheless and meet the fault themselves.</summary>
    Server,

    /// <summary>Calls are refused before they touch anything.</summary>
    Closed,
}

/// <summary>How a condition stands.</summary>
/// <param name="Impairment">What does not work; nothing of it when the condition holds.</param>
/// <param name="Code">Why, as a code of the reason catalogue; null when the condition holds.</param>
internal readonly record struct ReadinessState(Impairment Impairment, string? Code)
{
    /// <summary>The condition holds.</summary>
    public static ReadinessState Ready => default;

    public bool IsReady => Impairment is Impairment.None;

    /// <summary>The condition does not hold.</summary>
    public static ReadinessState Without(Impairment impaired, string code) => new(impaired, code);
}
