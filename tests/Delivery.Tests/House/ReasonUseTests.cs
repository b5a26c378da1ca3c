using System.Text.RegularExpressions;
using Delivery.Protocol.Domain;

namespace Delivery.Tests.House;

public partial class ReasonUseTests
{
    [Fact]
    public void Every_code_the_program_refuses_with_is_in_the_catalogue()
    {
        var codes = Repository.Code.Where(file => file.Path.StartsWith("src/", StringComparison.Ordinal))
            .SelectMany(file => Refused().Matches(file.Text).Select(match => (file, code: match.Groups[1].Value)))
            .ToList();

        Assert.True(codes.Count > 40, "too few refusals were found for the search to be believed");
        Assert.Empty(codes.Where(use => ReasonCatalogue.Find(use.code) is null).Select(use => $"{use.file}: {use.code}"));
    }

    [Fact]
    public void Every_code_the_contract_promises_is_in_the_catalogue()
    {
        var codes = Repository.Files.Where(file => file.Path.StartsWith("protos/delivery/", StringComparison.Ordinal))
            .SelectMany(file => file.Lines.Where(line => line.TrimStart().StartsWith("//", StringComparison.Ordinal))
                .SelectMany(line => Promised().Matches(line).Select(match => (file, code: match.Value))))
            .ToList();

        Assert.True(codes.Count > 20, "too few codes were found for the search to be believed");
        Assert.Empty(codes.Where(use => ReasonCatalogue.Find(use.code) is null).Select(use => $"{use.file}: {use.code}"));
    }

    [GeneratedRegex("(?:RefusedException[.]By|ReasonCatalogue[.]Get)\\(\\s*\"([^\"]+)\"")]
    private static partial Regex Refused();

    [GeneratedRegex("\\b([AR][0-9]{2}|[EWI]_[A-Z0-9_]+|RECIPIENT_KEY_[A-Z]+|CLIENT_CERTIFICATE_[A-Z]+|ROLE_NOT_ALLOWED)\\b")]
    private static partial Regex Promised();
}
