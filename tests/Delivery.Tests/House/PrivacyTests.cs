using System.Globalization;
using System.Text.RegularExpressions;

namespace Delivery.Tests.House;

public partial class PrivacyTests
{
    [Fact]
    public void No_file_holds_a_number_a_person_could_have() => Assert.Empty(Repository.Files
        .SelectMany(file => file.Lines.SelectMany((line, index) => Shape().Matches(line).Select(match => (file, number: index + 1, match.Groups))))
        .Where(found => CouldBeAPersons(found.Groups))
        .Select(found => $"{found.file}:{found.number}"));

    [Theory]
    [InlineData("150345", "5001", false)]
    [InlineData("750308", "4001", false)]
    [InlineData("150345", "3001", true)]
    [InlineData("150399", "5001", true)]
    [InlineData("151399", "4001", false)]
    public void Numbers_of_the_unborn_and_of_nobody_are_safe(string day, string serial, bool isUnsafe) =>
        Assert.Equal(isUnsafe, CouldBeAPersons(Shape().Match($"{day}-{serial}").Groups));

    // Safe are days above 60, which the register never gives; days and months that do not exist; and births from 2040 on.
    private static bool CouldBeAPersons(GroupCollection number)
    {
        var (day, month, year) = (Number(number[1]), Number(number[2]), Number(number[3]));
        var unborn = number[4].Value[0] is >= '5' and <= '8' && year is >= 40 and <= 57;
        return day is >= 1 and <= 31 && month is >= 1 and <= 12 && !unborn;
    }

    private static int Number(Group digits) => int.Parse(digits.Value, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex("(?<![A-Za-z0-9+/=])([0-9]{2})([0-9]{2})([0-9]{2})-?([0-9]{4}|[A-ZÆØÅ]{3}[0-9])(?![A-Za-z0-9+/=])")]
    private static partial Regex Shape();
}
