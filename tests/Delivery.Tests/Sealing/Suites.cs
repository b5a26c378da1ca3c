using System.Reflection;
using Delivery.Protocol.Sealing;
using Xunit.Sdk;

namespace Delivery.Tests.Sealing;

/// <summary>Gives a theory the P-256 suite.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class P256SuiteAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[HpkeSuite.P256]];
}

/// <summary>Gives a theory the hybrid suite; reported as skipped where the platform has no ML-KEM. .ci/hybrid runs it for real.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class HybridSuiteAttribute : DataAttribute
{
    public HybridSuiteAttribute() => Skip = HybridFactAttribute.Reason!;

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[HpkeSuite.MlKem768P256]];
}

/// <summary>A fact about the hybrid suite; reported as skipped where the platform has no ML-KEM.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class HybridFactAttribute : FactAttribute
{
    public HybridFactAttribute() => Skip = Reason!;

    internal static string? Reason =>
        Hpke.IsSupported(HpkeSuite.MlKem768P256) ? null : "This platform has no ML-KEM (OpenSSL 3.5 or later); .ci/hybrid runs it.";
}
