using Delivery.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Delivery.Server.Extracts;

/// <summary>
/// What the generated base class of the extract service would be, but for one method: the stream's frames have a marshaller of their own, made
/// once, that seals into the transport's buffer.
/// </summary>
[BindServiceMethod(typeof(ExtractMethods), nameof(ExtractMethods.Bind))]
internal abstract class ExtractServiceBase
{
    public abstract Task<ListExtractsResponse> ListExtracts(ListExtractsRequest request, ServerCallContext context);

    public abstract Task StreamExtract(StreamExtractRequest request, IServerStreamWriter<ExtractFrame> responseStream, ServerCallContext context);

    public abstract Task<AcknowledgeExtractResponse> AcknowledgeExtract(AcknowledgeExtractRequest request, ServerCallContext context);

    public abstract Task<ReportPseudonymisedResponse> ReportPseudonymised(ReportPseudonymisedRequest request, ServerCallContext context);

    public abstract Task<RegisterRecipientKeyResponse> RegisterRecipientKey(RegisterRecipientKeyRequest request, ServerCallContext context);

    public abstract Task<ListRecipientKeysResponse> ListRecipientKeys(ListRecipientKeysRequest request, ServerCallContext context);

    public abstract Task<GetIncidentReportResponse> GetIncidentReport(GetIncidentReportRequest request, ServerCallContext context);
}

/// <summary>The methods of <c>delivery.v1.ExtractService</c>, bound to their paths.</summary>
internal static class ExtractMethods
{
    private const string Service = "delivery.v1.ExtractService";

    private static readonly Method<ListExtractsRequest, ListExtractsResponse> List = Unary<ListExtractsRequest, ListExtractsResponse>(nameof(ExtractServiceBase.ListExtracts));

    private static readonly Method<StreamExtractRequest, ExtractFrame> Stream = new(
        MethodType.ServerStreaming,
        Service,
        nameof(ExtractServiceBase.StreamExtract),
        Message<StreamExtractRequest>(),
        new Marshaller<ExtractFrame>(ExtractFrame.Serialize, _ => throw new NotSupportedException("The server only sends frames.")));

    private static readonly Method<AcknowledgeExtractRequest, AcknowledgeExtractResponse> Acknowledge =
        Unary<AcknowledgeExtractRequest, AcknowledgeExtractResponse>(nameof(ExtractServiceBase.AcknowledgeExtract));

    private static readonly Method<ReportPseudonymisedRequest, ReportPseudonymisedResponse> Report =
        Unary<ReportPseudonymisedRequest, ReportPseudonymisedResponse>(nameof(ExtractServiceBase.ReportPseudonymised));

    private static readonly Method<RegisterRecipientKeyRequest, RegisterRecipientKeyResponse> RegisterKey =
        Unary<RegisterRecipientKeyRequest, RegisterRecipientKeyResponse>(nameof(ExtractServiceBase.RegisterRecipientKey));

    private static readonly Method<ListRecipientKeysRequest, ListRecipientKeysResponse> ListKeys =
        Unary<ListRecipientKeysRequest, ListRecipientKeysResponse>(nameof(ExtractServiceBase.ListRecipientKeys));

    private static readonly Method<GetIncidentReportRequest, GetIncidentReportResponse> Incident =
        Unary<GetIncidentReportRequest, GetIncidentReportResponse>(nameof(ExtractServiceBase.GetIncidentReport));

    public static void Bind(ServiceBinderBase binder, ExtractServiceBase service)
    {
        binder.AddMethod(List, service is null ? null : service.ListExtracts);
        binder.AddMethod(Stream, service is null ? null : service.StreamExtract);
        binder.AddMethod(Acknowledge, service is null ? null : service.AcknowledgeExtract);
        binder.AddMethod(Report, service is null ? null : service.ReportPseudonymised);
        binder.AddMethod(RegisterKey, service is null ? null : service.RegisterRecipientKey);
        binder.AddMethod(ListKeys, service is null ? null : service.ListRecipientKeys);
        binder.AddMethod(Incident, service is null ? null : service.GetIncidentReport);
    }

    private static Method<TRequest, TResponse> Unary<TRequest, TResponse>(string name)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        new(MethodType.Unary, Service, name, Message<TRequest>(), Message<TResponse>());

    private static Marshaller<T> Message<T>()
        where T : class, IMessage<T>, new()
    {
        var parser = new MessageParser<T>(() => new T());
        return new Marshaller<T>(
            (message, context) =>
            {
                context.SetPayloadLength(message.CalculateSize());
                message.WriteTo(context.GetBufferWriter());
                context.Complete();
            },
            context => parser.ParseFrom(context.PayloadAsReadOnlySequence()));
    }
}
