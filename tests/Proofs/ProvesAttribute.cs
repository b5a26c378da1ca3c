namespace Delivery.Proofs;

/// <summary>
/// Names the rules a test would go red for. The page on rules lists these tests, and a rule that no test names fails the build's tests.
/// </summary>
/// <param name="codes">Codes as in docs/rules.md, for example A14, R06, T7 or C3.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ProvesAttribute(params string[] codes) : Attribute
{
    /// <summary>The codes named.</summary>
    public IReadOnlyList<string> Codes => codes;
}
