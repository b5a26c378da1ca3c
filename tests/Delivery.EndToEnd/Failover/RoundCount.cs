using System.Globalization;

namespace Delivery.EndToEnd.Failover;

/// <summary>How many rounds are run: few with every run of the tests, and as many as the environment says where the figures are wanted.</summary>
internal static class RoundCount
{
    public const string Variable = "DELIVERY_FAILOVER_ROUNDS";

    private const int Usual = 4;

    public static int Value { get; } = int.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) ? rounds : Usual;
}
