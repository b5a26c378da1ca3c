using Delivery.Protocol.Log;
using Delivery.Server.Health;
using Delivery.Server.Identity;
using Delivery.Server.Refusals;
using Delivery.Server.Storage;
using Delivery.Server.Telemetry;
using Delivery.Server.TransferLog;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Delivery.Server.Hosting;

/// <summary>
/// Stands before every call: finds out who calls, lets in only roles the access table names, and turns what goes wrong inside into a status with
/// codes and words. Every refusal becomes a leaf. Threads share it.
/// </summary>
internal sealed class CallGuard(
    ClientCertificates certificates, Store store, StoreWriter writer, LogAppender log, Readiness readiness, ILogger<CallGuard> logger) : Interceptor
{
    private const string HealthPath = "/grpc.health.v1.Health/";

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(context, () => continuation(request, context));

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(context, () => continuation(requestStream, context));

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(context, async () =>
        {
            await continuation(request, responseStream, context);
            return true;
        });

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        RunAsync(context, async () =>
        {
            await continuation(requestStream, responseStream, context);
            return true;
        });

    /// <summary>Records a refusal of a call that did not come as far as the guard.</summary>
    public Task RecordAsync(RefusedException refused, HttpContext context) => RecordAsync(refused, Identify(context), context.Request.Path);

    private async Task<T> RunAsync<T>(ServerCallContext context, Func<Task<T>> call)
    {
        using var signals = new CallSignals(context.Method);
        try
        {
            return await GuardAsync(context, call);
        }
        catch (Exception exception)
        {
            signals.End(exception);
            throw;
        }
    }

    private async Task<T> GuardAsync<T>(ServerCallContext context, Func<Task<T>> call)
    {
        var caller = Identify(context.GetHttpContext());
        if (readiness.ClosedBy is { } code && !context.Method.StartsWith(HealthPath, StringComparison.Ordinal))
        {
            // No leaf either: what closed the server may be the log itself.
            throw RefusedException.By(code).ToRpcException();
        }

        try
        {
            Admit(context, caller);
            return await call();
        }
        catch (Exception exception) when (!IsCallersOwnEnd(exception, context))
        {
            var refused = Refused(exception, context);
            await RecordAsync(refused, caller, context.Method);
            throw refused.ToRpcException();
        }
    }

    private Caller? Identify(HttpContext context) =>
        context.Connection.ClientCertificate is { } certificate ? certificates.Identify(certificate) : null;

    private static void Admit(ServerCallContext context, Caller? caller)
    {
        if (caller is null)
        {
            throw RefusedException.By("CLIENT_CERTIFICATE_MISSING");
        }

        var acting = caller.Roles & AccessTable.For(context.Method);
        if (acting == Role.None)
        {
            throw RefusedException.By("ROLE_NOT_ALLOWED");
        }

        context.SetCaller(caller with { Roles = acting });
    }

    private static bool IsCallersOwnEnd(Exception exception, ServerCallContext context) =>
        exception is RpcException || (exception is OperationCanceledException && context.CancellationToken.IsCancellationRequested);

    private RefusedException Refused(Exception exception, ServerCallContext context)
    {
        switch (exception)
        {
            case RefusedException refused:
                return refused;
            case StoreFullException:
                return RefusedException.By("E_STORE_FULL");
            case StoreUnavailableException unavailable:
                return RefusedException.By(unavailable.Code);
            case var _ when store.Judge(exception) is StoreFault.Lost:
                return RefusedException.By(StoreUnavailableException.Unreachable);
            case var _ when store.Judge(exception) is StoreFault.Busy:
                return RefusedException.By(StoreUnavailableException.Busy);
            default:
                // The words of an unforeseen exception may hold anything, so they stay in the operations log and out of the answer.
                Log.CallFailed(logger, context.Method, exception);
                return RefusedException.By("E_INTERNAL");
        }
    }

    private async Task RecordAsync(RefusedException refused, Caller? caller, string method)
    {
        CallSignals.Refused(refused.Code, method);
        if (refused.Code == StoreUnavailableException.Unreachable)
        {
            // There is nothing to record it in, and waiting for it would keep the caller from trying another server.
            return;
        }

        var actor = caller?.Actor ?? new LeafActor("unknown", "none", LogHash.Empty);
        try
        {
            await writer.WriteAsync(
                scope => log.Append(scope, LeafDraft.AccessRefused(actor, refused.Code, method.TrimStart('/'), caller?.SpkiSha256, count: 1)),
                CancellationToken.None);
        }
        catch (Exception exception)
        {
            // The refusal stands even where it cannot be recorded: nothing was given away.
            Log.RefusalNotRecorded(logger, refused.Code, exception);
        }
    }
}
