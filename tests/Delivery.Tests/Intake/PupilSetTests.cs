using Delivery.Protocol.Domain;
using Delivery.Server.Intake;
using FsCheck;
using FsCheck.Fluent;

namespace Delivery.Tests.Intake;

public class PupilSetTests
{
    [Fact]
    public void A_pupil_is_known_from_the_second_time_on_and_nobody_else_is() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(30),
        Prop.ForAll(Gen.Choose(0, 40_000).ListOf(20_000).ToArbitrary(), numbers =>
        {
            var (set, known) = (new PupilSet(), new HashSet<int>());
            return numbers.All(number => set.Add(Key(number)) == known.Add(number)) && set.Count == known.Count;
        }));

    [Fact]
    public void Different_numbers_have_different_keys()
    {
        string[] numbers = ["7503084001", "7503084002", "6503084001", "7503084101", "7503085001", "750308ÆØÅ1", "750308AAA1", "750308ØØÅ1", "750318AAA1"];
        Assert.Equal(numbers.Length, numbers.Select(Key).Distinct().Count());
    }

    private static ulong Key(int number) => Key($"750308{number % 10_000:D4}".Remove(2, 1).Insert(2, (number / 10_000).ToString("D1", System.Globalization.CultureInfo.InvariantCulture)));

    private static ulong Key(string number)
    {
        Assert.True(CprNumber.TryParse(number, out var read));
        return PupilSet.KeyOf(read);
    }
}
