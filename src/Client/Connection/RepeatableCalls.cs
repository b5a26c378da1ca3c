namespace Delivery.Client.Connection;

/// <summary>
/// Which calls with one answer may be made again when the first may have been carried out unheard. Those not named here would leave a second leaf,
/// or be refused with E_STATE although it was they who changed the state, or undo what somebody else did in between.
/// </summary>
internal static class RepeatableCalls
{
    private const string Package = "/delivery.v1.";
    private const string Health = "/grpc.health.v1.Health/Check";

    // They read, or answer a repetition as the first time.
    private static readonly HashSet<string> Names =
    [
        "ApprovalService/PushApproval", "ApprovalService/AmendApproval", "ApprovalService/GetProject", "ApprovalService/ListProjects",
        "ApprovalService/GetProcessingRecord",
        "CatalogueService/ListTests", "CatalogueService/ListVariables", "CatalogueService/ListPublications",
        "ClosureService/ConfirmDeletion", "ClosureService/ConfirmArchival", "ClosureService/ConfirmPartDeletion", "ClosureService/ListDueHoldings",
        "DocumentationService/GetDocumentation", "DocumentationService/GetNationalFigures",
        "ErratumService/RegisterErratum", "ErratumService/WithdrawErratum", "ErratumService/ListErrata", "ErratumService/ListAffectedDeliveries",
        "ExtractService/ListExtracts", "ExtractService/AcknowledgeExtract", "ExtractService/ReportPseudonymised", "ExtractService/RegisterRecipientKey",
        "ExtractService/ListRecipientKeys", "ExtractService/GetIncidentReport",
        "IntakeService/GetQualityReport", "IntakeService/ListRejectedRows", "IntakeService/GetPartitionHistory",
        "TransferLogService/GetCheckpoint", "TransferLogService/GetProof", "TransferLogService/GetConsistencyProof", "TransferLogService/Cosign",
    ];

    /// <param name="fullName">As HTTP/2 has it, for example <c>/delivery.v1.ApprovalService/PushApproval</c>.</param>
    public static bool Contains(string fullName) =>
        fullName == Health || (fullName.StartsWith(Package, StringComparison.Ordinal) && Names.Contains(fullName[Package.Length..]));
}
