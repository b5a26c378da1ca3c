namespace Delivery.Client.Approvals;

/// <summary>A record of processing activities about one project (GDPR Article 30), with the leaves behind it.</summary>
/// <param name="Project">The project as it stands.</param>
/// <param name="CaseNumber">STIL's case number.</param>
/// <param name="Purposes">STATISTICAL, SCIENTIFIC or both.</param>
/// <param name="Processors">The controller's processors.</param>
/// <param name="Countries">ISO 3166-1 alpha-2 of every country the data are processed in.</param>
/// <param name="ThirdParties">Names of third parties with the ministry's consent; usually none.</param>
/// <param name="DataSubjectCategories">Categories of data subjects, in Danish and English.</param>
/// <param name="DataCategories">The approved variables with their titles.</param>
/// <param name="SecurityMeasures">General description of security measures, in Danish and English.</param>
/// <param name="Events">Everything the log holds about the project, in order.</param>
/// <param name="ApprovalJson">The whole approval in force, in the form <see cref="ApprovalClient.PushAsync"/> takes.</param>
public sealed record ProcessingRecord(
    ProjectStanding Project,
    string CaseNumber,
    IReadOnlyList<string> Purposes,
    IReadOnlyList<RecordedProcessor> Processors,
    IReadOnlyList<string> Countries,
    IReadOnlyList<string> ThirdParties,
    IReadOnlyList<string> DataSubjectCategories,
    IReadOnlyList<string> DataCategories,
    IReadOnlyList<string> SecurityMeasures,
    IReadOnlyList<RecordedEvent> Events,
    string ApprovalJson);

/// <summary>A processor of the controller.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Cvr">Its CVR number.</param>
/// <param name="AgreementReference">The processing agreement.</param>
public sealed record RecordedProcessor(string Name, string Cvr, string AgreementReference);

/// <summary>One leaf about a project.</summary>
/// <param name="LogIndex">Its index.</param>
/// <param name="Time">When it was appended.</param>
/// <param name="Type">What happened, for example <c>extract.completed</c>.</param>
/// <param name="Organisation">CVR number of the organisation that acted.</param>
public sealed record RecordedEvent(long LogIndex, DateTimeOffset Time, string Type, string Organisation);
