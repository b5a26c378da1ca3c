using static Delivery.Protocol.Domain.Approvals.ApprovalRules;

namespace Delivery.Protocol.Domain.Approvals;

/// <summary>Who may apply and work on the data: A07, A08, A09, A10.</summary>
internal static class ApplicantRules
{
    internal static IReadOnlyList<ApprovalRule> All { get; } =
    [
        Rule("A07", RefusalStatus.PermissionDenied, "4",
            new("Data udleveres ikke til studerende", "No disclosure to students"),
            new("Lad en forsker eller analytiker søge, eller lad uddannelsesinstitutionen søge", "Let a researcher or analyst apply, or let the educational institution apply"),
            (approval, _) => Broken((!MayApply(approval.Applicant.Kind), "applicant.kind"))),
        Rule("A08", RefusalStatus.FailedPrecondition, "4",
            new("Ansøger er ikke i et varigt forskningsmiljø", "Not in a lasting research environment"),
            new("Dokumentér tilknytning til et varigt forskningsmiljø", "Document attachment to a lasting research environment"),
            (approval, _) => Broken((!approval.Applicant.LastingResearchEnvironment, "applicant.lasting_research_environment"))),
        Rule("A09", RefusalStatus.FailedPrecondition, "4",
            new("Uddannelsesinstitutionen skal være ansvarlig", "The educational institution must be responsible"),
            new("Ph.d.-studerende skal være ansat i et stipendiat; for erhvervs-ph.d. er uddannelsesinstitutionen dataansvarlig", "A PhD student must be employed in a stipend; for an industrial PhD the educational institution is the controller"),
            (approval, _) => PhdIsCovered(approval)),
        Rule("A10", RefusalStatus.FailedPrecondition, "4",
            new("Studerende kun under uddannelsesinstitutions ansvar", "Students only under an educational institution"),
            new("Lad uddannelsesinstitutionen være dataansvarlig, eller undlad studentermedhjælp", "Make the educational institution the controller, or do without student helpers"),
            (approval, _) => Broken((approval.Applicant.StudentHelpers && !IsEducational(approval), "applicant.student_helpers"))),
    ];

    private static bool MayApply(ApplicantKind kind) => kind switch
    {
        ApplicantKind.Researcher or ApplicantKind.Analyst or ApplicantKind.PhdEmployed or ApplicantKind.IndustrialPhd => true,
        ApplicantKind.Student or ApplicantKind.Unspecified => false,
    };

    private static IEnumerable<(string Field, string Detail)> PhdIsCovered(ProjectApproval approval) => approval.Applicant.Kind switch
    {
        ApplicantKind.PhdEmployed => Broken((!approval.Applicant.EmployedInStipend, "applicant.employed_in_stipend")),
        ApplicantKind.IndustrialPhd => Broken((!IsEducational(approval), "controller.kind")),
        ApplicantKind.Researcher or ApplicantKind.Analyst or ApplicantKind.Student or ApplicantKind.Unspecified => [],
    };

    private static bool IsEducational(ProjectApproval approval) => approval.Controller?.Kind == OrganisationKind.EducationalInstitution;
}
