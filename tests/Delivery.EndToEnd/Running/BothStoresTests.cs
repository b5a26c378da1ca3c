using System.Reflection;
using Delivery.EndToEnd.Running.Postgres;

namespace Delivery.EndToEnd.Running;

/// <summary>No test of the whole product runs on one store only, unless its class says so and why.</summary>
[OneStore]
public sealed class BothStoresTests
{
    private static readonly Type[] Classes =
        [.. typeof(BothStoresTests).Assembly.GetTypes().Where(type => type.GetMethods().Any(method => method.GetCustomAttribute<FactAttribute>() is not null))];

    [Fact]
    public void Every_class_of_tests_runs_on_each_store()
    {
        var tests = Classes.Where(type => type.IsAbstract && type.GetCustomAttribute<OneStoreAttribute>() is null).ToList();
        Assert.NotEmpty(tests);
        Assert.All(tests, type => Assert.Equal(
            Enum.GetNames<StoreKind>().Select(store => $"{type.Name}On{store}"),
            Classes.Where(one => one.BaseType == type && one.IsSealed).Select(one => one.Name).OrderDescending(StringComparer.Ordinal)));
    }

    [Fact]
    public void Every_other_class_of_tests_says_that_it_has_no_second_store() => Assert.Empty(
        Classes.Where(type => !type.IsAbstract && !type.BaseType!.IsAbstract && type.GetCustomAttribute<OneStoreAttribute>() is null).Select(type => type.Name));

    [Fact]
    public void Whatever_runs_on_PostgreSQL_is_skipped_where_there_is_none() => Assert.All(
        Classes.Where(type => type.Name.EndsWith("On" + nameof(StoreKind.Postgres), StringComparison.Ordinal)),
        type => Assert.NotNull(type.GetCustomAttribute<NeedsPostgresAttribute>()));
}
