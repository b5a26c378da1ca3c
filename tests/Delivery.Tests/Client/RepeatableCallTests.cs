using Delivery.Client.Connection;
using Delivery.Protocol.V1;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace Delivery.Tests.Client;

/// <summary>No act is done twice because an answer was lost: which calls are made again elsewhere, and after which failures.</summary>
public sealed class RepeatableCallTests(TestServer server) : IClassFixture<TestServer>
{
    // Each leaves a second leaf, or meets the state it made itself, when it is repeated.
    private static readonly string[] NotRepeated =
    [
        "ApprovalService/ResumeProject", "ApprovalService/SuspendProject", "ApprovalService/WithdrawApproval", "CatalogueService/PublishNationalResults",
        "ClosureService/CloseWithoutData", "ClosureService/RegisterReuse",
    ];

    private static readonly FileDescriptor[] Services =
    [
        ApprovalServiceReflection.Descriptor, CatalogueServiceReflection.Descriptor, ClosureServiceReflection.Descriptor, DocumentationServiceReflection.Descriptor,
        ErratumServiceReflection.Descriptor, ExtractServiceReflection.Descriptor, IntakeServiceReflection.Descriptor, TransferLogServiceReflection.Descriptor,
    ];

    [Fact]
    public void Every_call_with_one_answer_is_either_repeatable_or_known_not_to_be()
    {
        var calls = Services.SelectMany(file => file.Services).SelectMany(service => service.Methods)
            .Where(method => !method.IsClientStreaming && !method.IsServerStreaming)
            .Select(method => $"{method.Service.Name}/{method.Name}");
        Assert.Equal(NotRepeated, calls.Where(call => !RepeatableCalls.Contains("/delivery.v1." + call)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_call_that_may_have_been_carried_out_is_made_again_only_if_it_is_repeatable()
    {
        using var replicas = Two();
        var lost = new RpcException(new Status(StatusCode.Unavailable, "", new HttpRequestException("", new IOException())));
        await Rounds(replicas, isRepeatable: true).MoveOnAsync(lost, default);
        Assert.Same(lost, await Assert.ThrowsAsync<RpcException>(() => Rounds(replicas, isRepeatable: false).MoveOnAsync(lost, default)));
    }

    [Fact]
    public async Task A_call_that_found_nobody_is_made_elsewhere_whatever_it_is()
    {
        using var replicas = Two();
        var first = replicas.Current;
        var refused = new RpcException(new Status(StatusCode.Unavailable, "", new HttpRequestException(HttpRequestError.ConnectionError)));
        var rounds = Rounds(replicas, isRepeatable: false);
        await rounds.MoveOnAsync(refused, default);
        Assert.NotSame(first, rounds.Replica);
        Assert.Same(rounds.Replica, replicas.Current);
    }

    [Fact]
    public async Task A_replica_that_says_it_is_unavailable_sends_the_caller_on_and_is_believed_in_the_end()
    {
        using var replicas = Two();
        var said = new RpcException(new Status(StatusCode.Unavailable, "stopping"));
        var refused = new RpcException(new Status(StatusCode.Unavailable, "", new HttpRequestException(HttpRequestError.ConnectionError)));
        var rounds = Rounds(replicas, isRepeatable: true, roundsMax: 1);
        await rounds.MoveOnAsync(said, default);
        Assert.Same(said, await Assert.ThrowsAsync<RpcException>(() => rounds.MoveOnAsync(refused, default)));
    }

    [Fact]
    public async Task Callers_that_fail_together_move_on_once()
    {
        using var replicas = Two();
        var first = replicas.Current;
        var (one, other) = (Rounds(replicas, isRepeatable: true), Rounds(replicas, isRepeatable: true));
        var lost = new RpcException(new Status(StatusCode.Unavailable, ""));
        await one.MoveOnAsync(lost, default);
        await other.MoveOnAsync(lost, default);
        Assert.NotSame(first, replicas.Current);
    }

    private static ReplicaRounds Rounds(Replicas replicas, bool isRepeatable, int roundsMax = 3) => new(replicas, roundsMax, isRepeatable, new HastyClock());

    private Replicas Two()
    {
        var access = new ReplicaAccess(
            ClientIdentity.Load(server.At("known.pem"), server.At("known.key")),
            new ServerTrust(server.At("roots.pem"), TimeProvider.System),
            TimeSpan.FromSeconds(1),
            System.Net.Dns.GetHostAddressesAsync);
        return new Replicas([new Replica(server.Address, access), new Replica(new Uri("https://localhost:1"), access)]);
    }
}
