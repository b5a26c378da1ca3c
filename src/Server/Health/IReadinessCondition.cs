namespace Delivery.Server.Health;

/// <summary>
/// Something that must hold for the server to be of use, said by the part that knows. Each part that registers one with the services is asked;
/// see docs/operations.md, "Health".
/// </summary>
internal interface IReadinessCondition
{
    /// <summary>A word for operators: lower case with hyphens, the same for the life of the product.</summary>
    string Name { get; }

    /// <summary>
    /// How it stands now. Any thread may ask at any time, so it answers at once from memory: a question that waited for a disk or a database would
    /// be silent exactly when the answer matters.
    /// </summary>
    ReadinessState State { get; }
}
