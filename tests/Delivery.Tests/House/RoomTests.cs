using System.Reflection;
using Delivery.Client.Synthetic;
using Delivery.Protocol.Domain;
using Delivery.Server.Hosting;

namespace Delivery.Tests.House;

public class RoomTests
{
    private const string ServerNamespace = "Delivery.Server";

    // From left to right: each uses only those before it.
    private static readonly string[] Rooms =
        ["Health", "Telemetry", "Storage", "Refusals", "Identity", "TransferLog", "Catalogue", "Approvals", "Intake", "Extracts", "Closure", "Documentation", "Hosting"];

    private static readonly Assembly Server = typeof(DeliveryServer).Assembly;

    [Fact]
    public void Every_room_uses_only_rooms_to_its_left()
    {
        var uses = Server.GetTypes()
            .Where(type => RoomOf(type) >= 0)
            .SelectMany(user => TypeUses.By(user).Where(used => used.Assembly == Server).Select(used => (user, used)))
            .ToList();

        Assert.True(uses.Count > 500, "too few uses were found for the search to be believed");
        Assert.Empty(uses.Where(use => RoomOf(use.used) > RoomOf(use.user)).Select(use => $"{use.user} uses {use.used}").Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_folder_of_the_server_is_a_room() => Assert.Equal(
        Rooms.Order(StringComparer.Ordinal),
        Repository.Code.Select(file => file.Path.Split('/'))
            .Where(path => path is ["src", "Server", _, _, ..])
            .Select(path => path[2])
            .Distinct()
            .Order(StringComparer.Ordinal));

    [Fact]
    public void The_architecture_page_shows_the_rooms_in_this_order() =>
        Assert.Contains(string.Join(" ◄ ", Rooms), Repository.Read("docs/architecture.md"), StringComparison.Ordinal);

    [Fact]
    public void The_protocol_knows_neither_database_nor_web_server() => Assert.DoesNotContain(
        References(typeof(CprNumber).Assembly),
        name =>
            name.StartsWith("Microsoft.EntityFrameworkCore", StringComparison.Ordinal)
            || name.StartsWith("Microsoft.Data", StringComparison.Ordinal)
            || name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
            || name.StartsWith("Delivery.", StringComparison.Ordinal));

    [Fact]
    public void The_protocol_reads_no_clock_file_or_socket()
    {
        string[] outside = ["System.IO.File", "System.IO.FileStream", "System.IO.Directory", "System.Net.Sockets", "System.Net.Http", "System.TimeProvider"];
        var used = typeof(CprNumber).Assembly.GetTypes().SelectMany(TypeUses.By).Select(type => type.FullName ?? "").Distinct();

        Assert.DoesNotContain(used, name => outside.Any(prefix => name == prefix || name.StartsWith(prefix + ".", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_client_does_not_know_the_server() =>
        Assert.DoesNotContain(ServerNamespace, References(typeof(SyntheticPlan).Assembly));

    [Fact]
    public void Nobody_but_the_houses_own_libraries_and_tests_sees_internals()
    {
        string[] trusted = ["Delivery.Server", "Delivery.Client", "Delivery.Tests", "Delivery.EndToEnd", "Delivery.Benchmarks"];
        var shown = Repository.Files
            .Where(file => file.Path.StartsWith("src/", StringComparison.Ordinal) && file.Path.EndsWith(".csproj", StringComparison.Ordinal))
            .SelectMany(file => Repository.Xml(file.Path).Descendants("InternalsVisibleTo").Select(element => element.Attribute("Include")!.Value));

        Assert.Empty(shown.Except(trusted));
    }

    [Fact]
    public void No_generated_message_is_public() => Assert.DoesNotContain(
        typeof(CprNumber).Assembly.GetExportedTypes(),
        type => type.Namespace is { } space
            && (space.StartsWith("Delivery.Protocol.V1", StringComparison.Ordinal) || space.StartsWith("Grpc", StringComparison.Ordinal) || space.StartsWith("Google", StringComparison.Ordinal)));

    private static IEnumerable<string> References(Assembly assembly) => assembly.GetReferencedAssemblies().Select(name => name.Name!);

    // -1 for what stands in no room: the entry point, and what the compiler adds.
    private static int RoomOf(Type type) =>
        type.Namespace is { } space && space.StartsWith(ServerNamespace + ".", StringComparison.Ordinal) ? Array.IndexOf(Rooms, space.Split('.')[2]) : -1;
}
