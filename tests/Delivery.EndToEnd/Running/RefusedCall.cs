using Google.Rpc;
using Grpc.Core;

namespace Delivery.EndToEnd.Running;

/// <summary>A call the server refused, with the violations it named.</summary>
internal sealed record RefusedCall(RpcException Failure, IReadOnlyList<ErrorInfo> Violations)
{
    private const string DetailsKey = "grpc-status-details-bin";

    public StatusCode Status => Failure.StatusCode;

    public IEnumerable<string> Codes => Violations.Select(violation => violation.Reason);

    public static RefusedCall Of(RpcException failure)
    {
        var details = failure.Trailers.FirstOrDefault(entry => entry.Key == DetailsKey)?.ValueBytes;
        return new RefusedCall(failure, details is null ? [] : [.. Google.Rpc.Status.Parser.ParseFrom(details).Details.Select(detail => detail.Unpack<ErrorInfo>())]);
    }

    /// <summary>Makes a call that must be refused with a code first, in words of both languages and with a remedy.</summary>
    public static async Task<RefusedCall> ExpectAsync(string code, StatusCode status, Func<Task> call)
    {
        var refused = Of(await Assert.ThrowsAsync<RpcException>(call));
        Assert.True(refused.Violations.Count > 0, $"No violation was named: {refused.Failure.Status}");
        Assert.Equal(code, refused.Violations[0].Reason);
        Assert.Equal(status, refused.Status);
        Assert.All(refused.Violations, violation =>
        {
            Assert.Equal("delivery", violation.Domain);
            Assert.All(["da", "en", "remedy_da", "remedy_en"], key => Assert.NotEmpty(violation.Metadata[key]));
        });
        return refused;
    }
}
