namespace Delivery.Server.Health;

/// <summary>All conditions of the server together. Threads may share it.</summary>
internal sealed class Readiness(IEnumerable<IReadinessCondition> conditions)
{
    private readonly IReadinessCondition[] _conditions = [.. conditions.OrderBy(condition => condition.Name, StringComparer.Ordinal)];

    /// <summary>How much does not work now.</summary>
    public Impairment Impairment => _conditions.Aggregate(Impairment.None, (worst, condition) => (Impairment)Math.Max((int)worst, (int)condition.State.Impairment));

    /// <summary>The code to refuse every call with, or null while calls are taken.</summary>
    public string? ClosedBy => _conditions.Select(condition => condition.State).FirstOrDefault(state => state.Impairment is Impairment.Closed).Code;

    /// <summary>Every condition by its name, in order.</summary>
    public IReadOnlyList<(string Name, ReadinessState State)> Look() => [.. _conditions.Select(condition => (condition.Name, condition.State))];
}
