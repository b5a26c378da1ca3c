using System.Runtime.CompilerServices;
using Delivery.Client.Connection;
using Delivery.Client.Refusals;
using Delivery.Protocol.Domain;
using Grpc.Core;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Client.Errata;

/// <summary>Caveats and faults in results: registers and ends them, and tells whom they concern.</summary>
public sealed class ErratumClient
{
    private readonly ServerConnection _connection;
    private readonly Wire.ErratumService.ErratumServiceClient _service;

    internal ErratumClient(ServerConnection connection) =>
        (_connection, _service) = (connection, new Wire.ErratumService.ErratumServiceClient(connection.Invoker));

    /// <summary>Registers an erratum; it travels with every delivery it concerns from then on. Repeating it changes nothing. Role: stil-approvals.</summary>
    /// <param name="erratum">What to register.</param>
    /// <param name="cancellation">Gives up waiting; the erratum may be registered.</param>
    /// <exception cref="DeliveryRefusedException">It concerns no test, its text is not fit to be sent out, or its id was used for another.</exception>
    public async Task<RegisteredErratum> RegisterAsync(NewErratum erratum, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(erratum);
        var request = new Wire.RegisterErratumRequest
        {
            ErratumId = erratum.Id,
            Severity = (Wire.ErratumSeverity)erratum.Severity,
            Programme = WireText.Programme(erratum.Programme),
            Subjects = { erratum.Subjects.Select(subject => (Wire.Subject)subject) },
            Grades = { erratum.Grades },
            SchoolYears = { erratum.SchoolYears.Select(year => year.StartYear) },
            Columns = { erratum.Columns },
            Reach = (Wire.ErratumReach)erratum.Reach,
            TextDa = erratum.Text.Danish,
            TextEn = erratum.Text.English,
        };
        return ErratumMessages.Read((await _connection.CallAsync(options => _service.RegisterErratumAsync(request, options), cancellation)).Erratum);
    }

    /// <summary>Ends an erratum; deliveries planned from then on do not carry it. Role: stil-approvals.</summary>
    /// <param name="erratumId">The erratum.</param>
    /// <param name="reason">Why, 1 to 2,000 characters in each language.</param>
    /// <param name="cancellation">Gives up waiting; the erratum may be withdrawn.</param>
    public async Task<RegisteredErratum> WithdrawAsync(string erratumId, Bilingual reason, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(reason);
        var request = new Wire.WithdrawErratumRequest { ErratumId = erratumId, ReasonDa = reason.Danish, ReasonEn = reason.English };
        return ErratumMessages.Read((await _connection.CallAsync(options => _service.WithdrawErratumAsync(request, options), cancellation)).Erratum);
    }

    /// <summary>Every erratum, withdrawn ones too, in the order of registration. Any role.</summary>
    public async Task<IReadOnlyList<RegisteredErratum>> ListAsync(CancellationToken cancellation = default)
    {
        var response = await _connection.CallAsync(options => _service.ListErrataAsync(new Wire.ListErrataRequest(), options), cancellation);
        return [.. response.Errata.Select(ErratumMessages.Read)];
    }

    /// <summary>Every delivery that brought what an erratum concerns. Roles: stil-approvals, auditor.</summary>
    /// <exception cref="DeliveryRefusedException">E_ERRATUM_UNKNOWN: there is none with that id.</exception>
    public async Task<IReadOnlyList<AffectedDelivery>> ListAffectedAsync(string erratumId, CancellationToken cancellation = default)
    {
        var request = new Wire.ListAffectedDeliveriesRequest { ErratumId = erratumId };
        var response = await _connection.CallAsync(options => _service.ListAffectedDeliveriesAsync(request, options), cancellation);
        return [.. response.Deliveries.Select(ErratumMessages.Read)];
    }

    /// <summary>
    /// Every erratum the caller is told of, then each again when it is registered or withdrawn, until it is cancelled. A cut connection is
    /// made again, with waits that double up to half a minute. Roles: stil-approvals, dst-ingestion, auditor.
    /// </summary>
    /// <param name="cancellation">Ends the watch, with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="DeliveryClientException">The server refused, or could not be reached in the first place.</exception>
    public async IAsyncEnumerable<ErratumNews> WatchAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        // A watch waits for ever for a server that has gone; so first make sure that there is one.
        await ListAsync(cancellation);
        await foreach (var news in new ErratumWatch(OpenWatchAsync, _connection.Translate, _connection.Clock).RunAsync(cancellation))
        {
            yield return news;
        }
    }

    private async IAsyncEnumerable<Wire.WatchErrataResponse> OpenWatchAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        using var call = _service.WatchErrata(new Wire.WatchErrataRequest(), new CallOptions(cancellationToken: cancellation));
        while (await call.ResponseStream.MoveNext(cancellation))
        {
            _connection.NoteAnswer();
            yield return call.ResponseStream.Current;
        }
    }
}
