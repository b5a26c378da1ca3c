using System.Security.Cryptography;
using Delivery.Client;
using Delivery.Client.Connection;
using Delivery.Client.Extracts;
using Delivery.Client.Intake;
using Delivery.Client.Refusals;
using Grpc.Core;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Tests.Client;

/// <summary>What a caller is told when something between client and server goes wrong, over real connections.</summary>
public sealed class ConnectionTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task A_known_client_is_answered()
    {
        using var client = server.Client();
        var project = Assert.Single(await client.Approvals.ListProjectsAsync());
        Assert.Equal(("STIL-2026-017", new DateOnly(2027, 12, 31), null), (project.ProjectId, project.PeriodTo, project.PeriodFrom));
    }

    [Fact]
    public async Task Every_violation_of_a_refusal_reaches_the_caller_in_both_languages()
    {
        using var client = server.Client();
        var refused = await Assert.ThrowsAsync<DeliveryRefusedException>(() => client.Approvals.GetProjectAsync("P-1"));

        Assert.Equal(("A14", "InvalidArgument"), (refused.Code, refused.Status));
        Assert.Equal(["A14", "A15"], refused.Violations.Select(violation => violation.Code));
        Assert.Equal(new Violation("A15", "Afvist", "Refused", "Ret det", "Correct it", "grades[0]"), refused.Violations[1]);
    }

    [Fact]
    public async Task A_certificate_the_server_does_not_know_is_called_that()
    {
        using var client = server.Client(certificate: "unknown");
        var refused = await Assert.ThrowsAsync<DeliveryRefusedException>(() => client.Approvals.ListProjectsAsync());
        Assert.Equal("CLIENT_CERTIFICATE_UNKNOWN", refused.Code);
    }

    [Fact]
    public async Task A_server_of_another_root_is_turned_away()
    {
        using var client = server.Client(roots: "other-roots.pem");
        var refused = await Assert.ThrowsAsync<DeliveryClientException>(() => client.Approvals.ListProjectsAsync());
        Assert.Equal("E_SERVER_CERTIFICATE", refused.Code);
    }

    [Fact]
    public async Task A_server_of_another_name_is_turned_away()
    {
        using var client = server.Client(address: new UriBuilder(server.Address) { Host = "127.0.0.1" }.Uri);
        var refused = await Assert.ThrowsAsync<DeliveryClientException>(() => client.Approvals.ListProjectsAsync());
        Assert.Equal("E_SERVER_CERTIFICATE", refused.Code);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_called_that()
    {
        using var client = server.Client(address: new Uri("https://localhost:1"));
        var refused = await Assert.ThrowsAsync<DeliveryClientException>(() => client.Approvals.ListProjectsAsync());
        Assert.Equal("E_SERVER_UNREACHABLE", refused.Code);
    }

    [Fact]
    public async Task A_service_the_server_does_not_have_is_a_refusal_and_not_a_crash()
    {
        using var client = server.Client();
        await Assert.ThrowsAsync<DeliveryRefusedException>(() => client.Catalogue.ListTestsAsync());
    }

    [Fact]
    public async Task A_call_given_up_is_cancelled_and_nothing_else()
    {
        using var client = server.Client();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.Approvals.ListProjectsAsync(new CancellationToken(canceled: true)));
    }

    [Fact]
    public void An_address_without_TLS_is_refused() =>
        Assert.Equal("E_SETTINGS", Assert.Throws<DeliveryClientException>(() => server.Client(address: new Uri("http://localhost"))).Code);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(524_288)]
    [InlineData(3_000_001)]
    public async Task A_file_arrives_byte_for_byte(int size)
    {
        var file = server.At($"results-{size}.csv");
        File.WriteAllBytes(file, RandomNumberGenerator.GetBytes(size));
        using var client = server.Client();
        var sent = new List<long>();

        var report = await client.Intake.ImportCsvAsync(file, new ImportOptions { SourceDeliveryId = "d-1" }, new Told(sent.Add));
        Assert.Equal(size, report.AcceptedRows);
        Assert.Equal(size, sent.LastOrDefault());
    }

    [Fact]
    public async Task An_upload_refused_early_ends_with_the_refusal_every_time()
    {
        var file = server.At("large.csv");
        File.WriteAllBytes(file, new byte[8 << 20]);
        using var client = server.Client();
        for (var attempt = 0; attempt < 40; attempt++)
        {
            var refused = await Assert.ThrowsAsync<DeliveryRefusedException>(
                () => client.Intake.ImportCsvAsync(file, new ImportOptions { SourceDeliveryId = "refuse-early" }));
            Assert.Equal("E_IMPORT_CONFLICT", refused.Code);
        }
    }

    [Fact]
    public async Task A_stream_written_by_generated_code_is_read_by_ours()
    {
        using var connection = Connect();
        var frames = new List<ExtractFrame>();
        await foreach (var frame in new ExtractTransport(connection).OpenAsync(new Wire.StreamExtractRequest(), default))
        {
            frames.Add(frame);
        }

        using var batch = Assert.IsType<BatchFrame>(frames[1]);
        Assert.Equal("schema", Assert.IsType<HeaderFrame>(frames[0]).Header.Schema.ToStringUtf8());
        Assert.Equal((7L, 8, 700_000), (batch.BatchIndex, batch.RowCount, batch.Sealed.Length));
        Assert.False(batch.Sealed.Span.ContainsAnyExcept((byte)9));
        Assert.IsType<TrailerFrame>(frames[2]);
    }

    [Theory]
    [InlineData("cut", true, "E_SERVER_UNREACHABLE")]
    [InlineData("malformed", false, "E_PROTOCOL")]
    public async Task A_stream_that_breaks_may_be_resumed_and_one_that_makes_no_sense_may_not(string project, bool isCut, string code)
    {
        using var connection = Connect();
        var transport = new ExtractTransport(connection);
        var failure = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            await foreach (var frame in transport.OpenAsync(new Wire.StreamExtractRequest { ProjectId = project }, default))
            {
                frame.Dispose();
            }
        });

        Assert.Equal(isCut, RpcFailure.IsCut(failure));
        Assert.Equal(code, Assert.IsAssignableFrom<DeliveryClientException>(transport.Translate(failure, default)).Code);
    }

    private ServerConnection Connect() => new(new DeliveryClientOptions
    {
        Address = server.Address,
        ServerRootsFile = server.At("roots.pem"),
        CertificateFile = server.At("known.pem"),
        KeyFile = server.At("known.key"),
    });

    private sealed class Told(Action<long> tell) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => tell(value.BytesSent);
    }
}
