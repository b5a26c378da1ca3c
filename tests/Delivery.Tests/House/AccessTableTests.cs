using System.Reflection;
using Delivery.Protocol.Domain;
using Delivery.Server.Extracts;
using Delivery.Server.Identity;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace Delivery.Tests.House;

public class AccessTableTests
{
    private static readonly string[] Methods =
    [
        .. typeof(CprNumber).Assembly.GetTypes()
            .Where(type => type.Name.EndsWith("Reflection", StringComparison.Ordinal))
            .Select(type => type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)?.GetValue(null))
            .OfType<FileDescriptor>()
            .SelectMany(file => file.Services)
            .SelectMany(service => service.Methods)
            .Select(method => $"/{method.Service.FullName}/{method.Name}")
            .Order(StringComparer.Ordinal),
    ];

    [Fact]
    public void Every_call_of_the_contract_is_in_the_table_and_no_other() =>
        Assert.Equal(Methods, AccessTable.Methods.Order(StringComparer.Ordinal));

    [Fact]
    public void A_call_nobody_decided_about_is_closed_to_everybody()
    {
        Assert.Equal(Role.None, AccessTable.For("/delivery.v1.ExtractService/StreamEverything"));
        Assert.Equal(Role.None, AccessTable.For("/delivery.v1.ExtractService/streamextract"));
        Assert.Equal(Role.None, AccessTable.For(""));
    }

    [Fact]
    public void Only_the_statistics_office_streams_results_and_only_the_agency_brings_them()
    {
        Assert.Equal(Role.DstIngestion, AccessTable.For("/delivery.v1.ExtractService/StreamExtract"));
        Assert.Equal(Role.StilIntake, AccessTable.For("/delivery.v1.IntakeService/ImportResults"));
        Assert.Equal(Role.StilApprovals, AccessTable.For("/delivery.v1.ApprovalService/PushApproval"));
        Assert.Equal(Role.Administrator, AccessTable.For("/delivery.v1.ClosureService/ConfirmDeletion"));
    }

    [Fact]
    public void Every_role_has_a_name_that_reads_back() =>
        Assert.All(Enum.GetValues<Role>().Where(role => int.PopCount((int)role) == 1), role => Assert.Equal(role, RoleNames.Parse(RoleNames.First(role))));

    [Fact]
    public void The_extract_service_binds_every_call_of_its_contract_by_hand()
    {
        var binder = new Recorder();

        ExtractMethods.Bind(binder, null!);

        Assert.Equal(Methods.Where(method => method.StartsWith("/delivery.v1.ExtractService/", StringComparison.Ordinal)), binder.Names.Order(StringComparer.Ordinal));
    }

    private sealed class Recorder : ServiceBinderBase
    {
        public List<string> Names { get; } = [];

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) =>
            Names.Add(method.FullName);

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler) =>
            Names.Add(method.FullName);
    }
}
