using Delivery.Protocol.Domain;
using Delivery.Protocol.V1;
using Delivery.Server.Catalogue;
using Delivery.Server.Extracts;
using Delivery.Server.Identity;
using Delivery.Server.Storage;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace Delivery.Server.Documentation;

/// <summary>The gRPC edge of errata.</summary>
internal sealed class ErratumService(ErratumDesk desk, ErratumFeed feed, Store store, IOptions<ExtractOptions> extracts)
    : Protocol.V1.ErratumService.ErratumServiceBase
{
    public override async Task<RegisterErratumResponse> RegisterErratum(RegisterErratumRequest request, ServerCallContext context)
    {
        var registered = await desk.RegisterAsync(ErratumMessages.Read(request), request.ToByteArray(), context.Identify(), context.CancellationToken);
        return new RegisterErratumResponse { Erratum = ErratumMessages.Message(registered) };
    }

    public override async Task<WithdrawErratumResponse> WithdrawErratum(WithdrawErratumRequest request, ServerCallContext context)
    {
        KnownFields.Require(request, WithdrawErratumRequest.Parser, "erratum");
        var withdrawn = await desk.WithdrawAsync(
            request.ErratumId, new Bilingual(request.ReasonDa, request.ReasonEn), context.Identify(), context.CancellationToken);
        return new WithdrawErratumResponse { Erratum = ErratumMessages.Message(withdrawn) };
    }

    public override Task<ListErrataResponse> ListErrata(ListErrataRequest request, ServerCallContext context) =>
        Task.FromResult(new ListErrataResponse { Errata = { desk.List().Select(ErratumMessages.Message) } });

    public override Task<ListAffectedDeliveriesResponse> ListAffectedDeliveries(ListAffectedDeliveriesRequest request, ServerCallContext context) =>
        Task.FromResult(store.Read(db => new ListAffectedDeliveriesResponse
        {
            Deliveries = { new AffectedDeliveries(db).Of(ErratumDesk.Require(db, request.ErratumId).Erratum).Select(ErratumMessages.Message) },
        }));

    public override async Task WatchErrata(WatchErrataRequest request, IServerStreamWriter<WatchErrataResponse> responseStream, ServerCallContext context)
    {
        var caller = context.Identify();
        await foreach (var (erratumId, logSize) in feed.WatchAsync(context.CancellationToken))
        {
            if (Told(erratumId, logSize, caller) is { } told)
            {
                await responseStream.WriteAsync(told, context.CancellationToken);
            }
        }
    }

    private WatchErrataResponse? Told(string erratumId, long logSize, Caller caller)
    {
        if (erratumId.Length == 0)
        {
            return new WatchErrataResponse { LogSize = logSize };
        }

        var told = store.Read(db =>
        {
            var known = ErratumDesk.Require(db, erratumId);
            return new WatchErrataResponse
            {
                LogSize = logSize,
                Erratum = ErratumMessages.Message(known),
                Deliveries = { new AffectedDeliveries(db).Of(known.Erratum).Select(ErratumMessages.Message) },
            };
        });
        return caller.Has(Role.StilApprovals | Role.Auditor) || (caller.Cvr == extracts.Value.RecipientOrganisation && told.Deliveries.Count > 0) ? told : null;
    }
}
