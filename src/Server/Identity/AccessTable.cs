namespace Delivery.Server.Identity;

/// <summary>
/// Which roles may call which method. A method that is not listed is refused to everybody, so that a new one is closed until somebody
/// decides; a test compares this table with the services' descriptors.
/// </summary>
internal static class AccessTable
{
    private static readonly Dictionary<string, Role> Allowed = new(StringComparer.Ordinal)
    {
        ["/delivery.v1.CatalogueService/ListTests"] = Role.Any,
        ["/delivery.v1.CatalogueService/ListVariables"] = Role.Any,
        ["/delivery.v1.CatalogueService/ListPublications"] = Role.Any,
        ["/delivery.v1.CatalogueService/PublishNationalResults"] = Role.StilApprovals,
        ["/delivery.v1.ApprovalService/PushApproval"] = Role.StilApprovals,
        ["/delivery.v1.ApprovalService/GetProject"] = Role.StilApprovals | Role.DstIngestion | Role.Administrator | Role.Auditor,
        ["/delivery.v1.ApprovalService/ListProjects"] = Role.StilApprovals | Role.DstIngestion | Role.Administrator | Role.Auditor,
        ["/delivery.v1.ApprovalService/AmendApproval"] = Role.StilApprovals,
        ["/delivery.v1.ApprovalService/SuspendProject"] = Role.StilApprovals,
        ["/delivery.v1.ApprovalService/ResumeProject"] = Role.StilApprovals,
        ["/delivery.v1.ApprovalService/WithdrawApproval"] = Role.StilApprovals,
        ["/delivery.v1.ApprovalService/WatchProjects"] = Role.StilApprovals | Role.DstIngestion | Role.Administrator | Role.Auditor,
        ["/delivery.v1.ApprovalService/GetProcessingRecord"] = Role.StilApprovals | Role.Administrator | Role.Auditor,
        ["/delivery.v1.IntakeService/ImportResults"] = Role.StilIntake,
        ["/delivery.v1.IntakeService/GetQualityReport"] = Role.StilIntake | Role.StilApprovals | Role.Auditor,
        ["/delivery.v1.IntakeService/ListRejectedRows"] = Role.StilIntake | Role.StilApprovals | Role.Auditor,
        ["/delivery.v1.IntakeService/GetPartitionHistory"] = Role.StilIntake | Role.StilApprovals | Role.Auditor,
        ["/delivery.v1.ExtractService/ListExtracts"] = Role.DstIngestion,
        ["/delivery.v1.ExtractService/StreamExtract"] = Role.DstIngestion,
        ["/delivery.v1.ExtractService/AcknowledgeExtract"] = Role.DstIngestion,
        ["/delivery.v1.ExtractService/ReportPseudonymised"] = Role.DstIngestion,
        ["/delivery.v1.ExtractService/RegisterRecipientKey"] = Role.DstIngestion,
        ["/delivery.v1.ExtractService/ListRecipientKeys"] = Role.Any,
        ["/delivery.v1.ExtractService/GetIncidentReport"] = Role.StilApprovals | Role.Auditor,
        ["/delivery.v1.ClosureService/ConfirmDeletion"] = Role.Administrator,
        ["/delivery.v1.ClosureService/ConfirmArchival"] = Role.Administrator,
        ["/delivery.v1.ClosureService/ConfirmPartDeletion"] = Role.Administrator,
        ["/delivery.v1.ClosureService/CloseWithoutData"] = Role.Administrator | Role.StilApprovals,
        ["/delivery.v1.ClosureService/RegisterReuse"] = Role.DstIngestion,
        ["/delivery.v1.ClosureService/ListDueHoldings"] = Role.Administrator | Role.StilApprovals | Role.Auditor,
        ["/delivery.v1.ErratumService/RegisterErratum"] = Role.StilApprovals,
        ["/delivery.v1.ErratumService/WithdrawErratum"] = Role.StilApprovals,
        ["/delivery.v1.ErratumService/ListErrata"] = Role.Any,
        ["/delivery.v1.ErratumService/ListAffectedDeliveries"] = Role.StilApprovals | Role.Auditor,
        ["/delivery.v1.ErratumService/WatchErrata"] = Role.StilApprovals | Role.DstIngestion | Role.Auditor,
        ["/delivery.v1.DocumentationService/GetDocumentation"] = Role.StilApprovals | Role.DstIngestion | Role.Administrator | Role.Auditor,
        ["/delivery.v1.DocumentationService/GetNationalFigures"] = Role.Any,
        ["/delivery.v1.TransferLogService/ListEntries"] = Role.Any,
        ["/delivery.v1.TransferLogService/GetCheckpoint"] = Role.Any,
        ["/delivery.v1.TransferLogService/GetProof"] = Role.Any,
        ["/delivery.v1.TransferLogService/GetConsistencyProof"] = Role.Any,
        ["/delivery.v1.TransferLogService/Cosign"] = Role.DstIngestion,
        ["/grpc.health.v1.Health/Check"] = Role.Any,
        ["/grpc.health.v1.Health/Watch"] = Role.Any,
    };

    /// <summary>The roles allowed to call a method, given as its gRPC path; none if the method is not listed.</summary>
    public static Role For(string method) => Allowed.GetValueOrDefault(method, Role.None);

    /// <summary>Every listed method.</summary>
    public static IReadOnlyCollection<string> Methods => Allowed.Keys;
}
