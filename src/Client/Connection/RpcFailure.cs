using System.Net.Sockets;
using Delivery.Client.Refusals;
using Delivery.Protocol.Domain;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;

namespace Delivery.Client.Connection;

/// <summary>Reads a failed call: refused by the server's rules, turned away by one side's TLS, late, or cut.</summary>
internal static class RpcFailure
{
    private const string DetailsKey = "grpc-status-details-bin";

    /// <summary>
    /// True when the call broke rather than being answered, so that asking again may help: the server or the way to it is
    /// down. A status the server chose is an answer, except Unavailable, by which it says so itself.
    /// </summary>
    public static bool IsCut(RpcException failure) =>
        failure.StatusCode == StatusCode.Unavailable
        || (failure.Status.DebugException is { } cause && failure.StatusCode != StatusCode.DeadlineExceeded
            && !IsMalformed(cause) && Causes(cause).Any(inner => inner is IOException or HttpRequestException or SocketException or TimeoutException));

    /// <summary>True when nothing can have reached the server, for no connection was agreed.</summary>
    public static bool IsNotConnected(RpcException failure) => failure.Status.DebugException is { } cause
        && (NeverConnected(cause) || Causes(cause).Any(inner => inner is HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.NameResolutionError,
        }));

    /// <summary>How much a cut call says of what is wrong: nobody there, a connection that broke, an answer.</summary>
    public static int Weight(RpcException failure) =>
        failure.Status.DebugException is not { } cause ? 2 : NeverConnected(cause) ? 0 : 1;

    /// <summary>What cut a call, in a word that is the same in every language.</summary>
    public static string Kind(RpcException failure)
    {
        var causes = Causes(failure.Status.DebugException).ToList();
        return causes.OfType<SocketException>().FirstOrDefault() is { } socket ? socket.SocketErrorCode.ToString()
            : causes.Exists(inner => inner is TimeoutException) ? nameof(SocketError.TimedOut)
            : causes.OfType<HttpRequestException>().FirstOrDefault(inner => inner.HttpRequestError != HttpRequestError.Unknown) is { } request ? request.HttpRequestError.ToString()
            : failure.StatusCode.ToString();
    }

    /// <param name="failure">The failure.</param>
    /// <param name="hasAnswered">Whether this server ever answered this client: then it knows the certificate.</param>
    /// <param name="trustRefused">Whether our own check turned the server away.</param>
    /// <param name="tried">The addresses that failed.</param>
    public static DeliveryClientException Translate(RpcException failure, bool hasAnswered, bool trustRefused, string tried = "")
    {
        if (Violations(failure) is { Count: > 0 } violations)
        {
            return new DeliveryRefusedException(failure.StatusCode.ToString(), violations, failure);
        }

        if (failure.StatusCode == StatusCode.DeadlineExceeded)
        {
            return new DeliveryClientException(ClientReasons.DeadlineExceeded, cause: failure);
        }

        var broke = failure.Status.DebugException is not null;
        if (broke && IsMalformed(failure.Status.DebugException!))
        {
            return new DeliveryClientException(ClientReasons.ProtocolBroken, cause: failure);
        }

        if (broke && trustRefused)
        {
            return new DeliveryClientException(ClientReasons.ServerCertificateUntrusted, tried, failure);
        }

        // With TLS 1.3 the server judges our certificate after the handshake is over for us, so its refusal looks like a
        // connection that dies before it ever answered.
        if (failure.StatusCode == StatusCode.Unauthenticated || (broke && !hasAnswered && !NeverConnected(failure.Status.DebugException!)))
        {
            return Refused(failure, "CLIENT_CERTIFICATE_UNKNOWN");
        }

        return failure.StatusCode == StatusCode.Unavailable || broke
            ? new DeliveryClientException(ClientReasons.ServerUnreachable, tried, failure)
            : Refused(failure, CodeOf(failure.StatusCode));
    }

    private static DeliveryRefusedException Refused(RpcException failure, string code) =>
        new(failure.StatusCode.ToString(), [Violation.Of(ReasonCatalogue.Get(code))], failure);

    // For a status without details: another server between us and ours, or one of its own layers.
    private static string CodeOf(StatusCode status) => status switch
    {
        StatusCode.PermissionDenied => "ROLE_NOT_ALLOWED",
        StatusCode.NotFound => "E_NOT_FOUND",
        StatusCode.ResourceExhausted => "E_REQUEST_TOO_LARGE",
        _ => "E_INTERNAL",
    };

    private static bool NeverConnected(Exception cause) => Causes(cause).OfType<SocketException>().Any(socket =>
        socket.SocketErrorCode is SocketError.ConnectionRefused or SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain
            or SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.TimedOut or SocketError.AddressNotAvailable)
        || Causes(cause).Any(inner => inner is TimeoutException or HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError });

    // The generated readers' exception is an IOException by inheritance, but no connection broke.
    private static bool IsMalformed(Exception cause) => Causes(cause).Any(inner => inner is InvalidDataException or InvalidProtocolBufferException);

    private static IEnumerable<Exception> Causes(Exception? cause)
    {
        for (; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }

    private static List<Violation> Violations(RpcException failure)
    {
        var bytes = failure.Trailers.FirstOrDefault(entry => entry.Key == DetailsKey && entry.IsBinary)?.ValueBytes;
        if (bytes is null)
        {
            return [];
        }

        try
        {
            return [.. Google.Rpc.Status.Parser.ParseFrom(bytes).Details.Where(detail => detail.Is(ErrorInfo.Descriptor)).Select(detail => Read(detail.Unpack<ErrorInfo>()))];
        }
        catch (InvalidProtocolBufferException)
        {
            return [];
        }
    }

    private static Violation Read(ErrorInfo info)
    {
        return new Violation(info.Reason, Text("da"), Text("en"), Text("remedy_da"), Text("remedy_en"), Text("subject"));

        string Text(string key) => info.Metadata.TryGetValue(key, out var text) ? text : "";
    }
}
