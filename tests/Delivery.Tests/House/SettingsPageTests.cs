using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Delivery.Client.Development;
using Delivery.Server.Hosting;
using Delivery.Server.Identity;

namespace Delivery.Tests.House;

/// <summary>Holds the table of settings in docs/operations.md to the options the server reads.</summary>
public partial class SettingsPageTests
{
    private static readonly Dictionary<string, string> Documented = Row().Matches(Repository.Read("docs/operations.md"))
        .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value.Trim());

    private static readonly Dictionary<string, string> Real = typeof(DeliveryServer).Assembly.GetTypes()
        .Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal) && type.GetField("Section") is not null)
        .SelectMany(type => Settings(type, (string)type.GetField("Section")!.GetRawConstantValue()!))
        .Concat(Settings(typeof(RoleGrant), IdentityOptions.Section + ":Roles:0"))
        .Append(("Delivery:Listen", "127.0.0.1:7443"))
        .ToDictionary();

    [Fact]
    public void Every_setting_is_on_the_page_and_no_other() =>
        Assert.Equal(Real.Keys.Order(StringComparer.Ordinal), Documented.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Every_default_on_the_page_is_the_real_one() =>
        Assert.All(Real, setting => Assert.Equal($"{setting.Key} {setting.Value}", $"{setting.Key} {Documented.GetValueOrDefault(setting.Key)}"));

    [Fact]
    public void The_settings_of_the_repository_are_settings_that_exist()
    {
        var known = Real.Keys.Select(key => key.Replace(":0:", ":", StringComparison.Ordinal)).ToHashSet();
        using var settings = System.Text.Json.JsonDocument.Parse(Repository.Read("src/Server/appsettings.json"));

        Assert.DoesNotContain(Leaves("Delivery", settings.RootElement.GetProperty("Delivery")), key => !known.Contains(key));
    }

    [Fact]
    public void The_role_table_of_the_repository_is_the_one_the_development_certificates_are_made_for()
    {
        using var settings = System.Text.Json.JsonDocument.Parse(Repository.Read("src/Server/appsettings.json"));
        var roles = settings.RootElement.GetProperty("Delivery").GetProperty("Identity").GetProperty("Roles").EnumerateArray()
            .Select(row => (Text("Issuer", row), Text("OrganizationIdentifier", row), Text("CommonName", row), Text("Role", row)));
        Assert.Equal(
            DevelopmentCertificates.Grants.Select(grant => (DevelopmentCertificates.Authority, grant.OrganizationIdentifier, grant.CommonName, grant.Role)).Order(),
            roles.Order());

        static string Text(string name, System.Text.Json.JsonElement row) => row.GetProperty(name).GetString()!;
    }

    private static IEnumerable<(string Key, string Default)> Settings(Type type, string section)
    {
        var made = Activator.CreateInstance(type)!;
        return type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite || typeof(IEnumerable).IsAssignableFrom(property.PropertyType) && property.PropertyType != typeof(string))
            .Select(property => ($"{section}:{property.Name}", Text(property.GetValue(made)!)));
    }

    private static string Text(object value) => value switch
    {
        "" => "none",
        string text => text,
        IEnumerable => "none",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static IEnumerable<string> Leaves(string path, System.Text.Json.JsonElement element) => element.ValueKind switch
    {
        System.Text.Json.JsonValueKind.Object => element.EnumerateObject().SelectMany(member => Leaves($"{path}:{member.Name}", member.Value)),
        System.Text.Json.JsonValueKind.Array => element.EnumerateArray().SelectMany(item => Leaves(path, item)).Distinct(),
        _ => [path],
    };

    [GeneratedRegex("^\\| `(Delivery:[A-Za-z0-9:]+)` \\|([^|]*)\\|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
