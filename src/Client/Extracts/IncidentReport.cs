namespace Delivery.Client.Extracts;

/// <summary>What a report of a personal data breach (GDPR Article 33) needs to say about one extract.</summary>
/// <param name="ExtractId">The extract.</param>
/// <param name="ProjectId">The project.</param>
/// <param name="ApprovalVersion">The approval version it followed.</param>
/// <param name="ControllerName">Name of the controller.</param>
/// <param name="ControllerCvr">CVR number of the controller.</param>
/// <param name="RecipientCvr">CVR number of the organisation that received it.</param>
/// <param name="DstProjectNumber">The project's number at Statistics Denmark.</param>
/// <param name="State">OPEN, COMPLETED, ACKNOWLEDGED or ABANDONED.</param>
/// <param name="ReleasedRowsMax">Rows released to the socket at the most, whether or not they arrived.</param>
/// <param name="AcknowledgedRows">Rows the recipient has acknowledged; 0 if it has not.</param>
/// <param name="Partitions">The partitions read, such as <c>NT-DAN-2-2014</c>.</param>
/// <param name="DataCategories">The variables, with titles in Danish and English.</param>
/// <param name="DataSubjectCategories">Categories of data subjects, in Danish and English.</param>
/// <param name="Calls">Every call for it, by the time it opened.</param>
public sealed record IncidentReport(
    string ExtractId,
    string ProjectId,
    int ApprovalVersion,
    string ControllerName,
    string ControllerCvr,
    string RecipientCvr,
    string DstProjectNumber,
    string State,
    long ReleasedRowsMax,
    long AcknowledgedRows,
    IReadOnlyList<string> Partitions,
    IReadOnlyList<string> DataCategories,
    IReadOnlyList<string> DataSubjectCategories,
    IReadOnlyList<IncidentCall> Calls);

/// <summary>One streaming call.</summary>
/// <param name="CallId">Its id, 64 hexadecimal digits.</param>
/// <param name="ClientSpkiSha256">SHA-256 of the client certificate's public key, 64 hexadecimal digits.</param>
/// <param name="OpenedAt">When it opened.</param>
/// <param name="EndedAt">When it ended; null while it runs.</param>
/// <param name="Outcome">COMPLETED, or the reason code of the abort; empty while it runs.</param>
public sealed record IncidentCall(string CallId, string ClientSpkiSha256, DateTimeOffset OpenedAt, DateTimeOffset? EndedAt, string Outcome);
