using Delivery.Protocol.Domain;
using Delivery.Server.Extracts;
using Delivery.Server.Refusals;
using static Delivery.Tests.Domain.SampleApproval;

namespace Delivery.Tests.Extracts;

public class ScopeGuardTests
{
    private static readonly ScopeGuard Guard = new(Wanted);
    private static readonly byte[] Obligatory = [(byte)Obligation.Obligatory, (byte)Obligation.Obligatory];

    private static IReadOnlyList<Variable> Columns => Wanted.ColumnsOf(Programme.NT);

    [Fact]
    public void What_is_approved_may_leave() => Guard.Require(Key("NT-DAN-2-2014"), Columns, [0, 1], Obligatory);

    [Theory]
    [InlineData("NT-DAN-6-2014")]
    [InlineData("NT-DAN-2-2017")]
    [InlineData("NT-MAT-3-2014")]
    [Proves("R04")]
    public void A_test_outside_the_approval_may_not(string partition) =>
        Assert.Equal("R04", Assert.Throws<RefusedException>(() => Guard.Require(Key(partition), Columns, [0], Obligatory)).Code);

    [Fact]
    [Proves("R04")]
    public void A_column_outside_the_approval_may_not() =>
        Assert.Equal("R04", Assert.Throws<RefusedException>(() => Guard.Require(Key("NT-DAN-2-2014"), [.. Columns, VariableCatalogue.Get(VariableId.Points0To50)], [0], Obligatory)).Code);

    [Theory]
    [InlineData(Obligation.Voluntary, 2014)]
    [InlineData(Obligation.Unspecified, 2014)]
    [InlineData(Obligation.ObligatorySample2020, 2014)]
    [Proves("R04", "A25")]
    public void A_row_nobody_was_obliged_to_may_not_and_is_only_looked_at_where_it_is_chosen(Obligation kind, int year)
    {
        byte[] obligations = [(byte)Obligation.Obligatory, (byte)kind];
        var key = Key($"NT-DAN-2-{year}");
        Guard.Require(key, Columns, [0], obligations);
        Assert.Equal("R04", Assert.Throws<RefusedException>(() => Guard.Require(key, Columns, [0, 1], obligations)).Code);
    }

    private static PartitionKey Key(string text) => PartitionKey.TryParse(text, out var key) ? key : throw new ArgumentException(text);
}
