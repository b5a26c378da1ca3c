namespace Delivery.EndToEnd.Running.Postgres;

/// <summary>Marks a class of tests that need a PostgreSQL server. Where none can be started each of them is reported as skipped.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class NeedsPostgresAttribute : Attribute;
