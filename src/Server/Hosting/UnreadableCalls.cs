using System.Globalization;
using Delivery.Server.Refusals;
using Grpc.Core;

namespace Delivery.Server.Hosting;

/// <summary>
/// Names the one failure that never reaches <see cref="CallGuard"/>: gRPC reads a request before any interceptor runs, and answers bytes that
/// are no message with <c>Unknown</c> and no code. Stands around gRPC; threads share it.
/// </summary>
internal static class UnreadableCalls
{
    private const string StatusHeader = "grpc-status", MessageHeader = "grpc-message", ContentType = "application/grpc";

    private static readonly string Unknown = ((int)StatusCode.Unknown).ToString(CultureInfo.InvariantCulture);

    public static async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        var response = context.Response;

        // Whatever fails inside a call the guard has given another status.
        if (response.HasStarted || response.Headers[StatusHeader] != Unknown)
        {
            return;
        }

        var refused = RefusedException.By("E_MESSAGE_MALFORMED");
        await context.RequestServices.GetRequiredService<CallGuard>().RecordAsync(refused, context);
        var answer = refused.ToRpcException();
        response.ContentType = ContentType;
        response.Headers[StatusHeader] = ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
        response.Headers[MessageHeader] = Uri.EscapeDataString(answer.Status.Detail);
        foreach (var trailer in answer.Trailers.Where(trailer => trailer.IsBinary))
        {
            response.Headers[trailer.Key] = Convert.ToBase64String(trailer.ValueBytes);
        }
    }
}
