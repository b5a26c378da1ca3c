using Delivery.Protocol.Domain;
using Delivery.Protocol.Domain.Approvals;
using static Delivery.Tests.Domain.SampleApproval;

namespace Delivery.Tests.Domain;

public class ApprovalRulesTests
{
    private static Processor Processor { get; } = new("Analysebureauet", Consultants, "DBA-7", Sector.Public, "DK");

    private static readonly Dictionary<string, Func<ProjectApproval, ProjectApproval>> Breaks = new()
    {
        ["A01"] = a => a with { StilCaseNumber = "" },
        ["A02"] = a => a with { Purposes = ResearchPurposes.None },
        ["A03"] = a => a with { Declarations = a.Declarations with { AlsoLater = false } },
        ["A04"] = a => a with { Controller = a.Controller! with { Name = " " } },
        ["A05"] = a => a with { Processors = [Processor with { Cvr = University }] },
        ["A06"] = a => a with { Signature = a.Signature! with { Cvr = Consultants } },
        ["A07"] = a => a with { Applicant = a.Applicant with { Kind = ApplicantKind.Student } },
        ["A08"] = a => a with { Applicant = a.Applicant with { LastingResearchEnvironment = false } },
        ["A09"] = a => a with { Applicant = a.Applicant with { Kind = ApplicantKind.PhdEmployed } },
        ["A10"] = a => a with { Controller = a.Controller! with { Kind = OrganisationKind.Municipality }, Applicant = a.Applicant with { StudentHelpers = true } },
        ["A11"] = a => a with { Recipient = a.Recipient with { DstProjectNumber = "70012" } },
        ["A12"] = a => a with { Territory = new Territory { Countries = ["DK", "US"], MinistryPermissionReference = "24/9", MinistryPermissionOn = new(2024, 5, 1) } },
        ["A13"] = a => a with { Processors = [Processor with { Sector = Sector.Private }] },
        ["A14"] = a => a with { Scope = a.Scope with { Selections = [.. a.Scope.Selections, new(Programme.NT, Subject.Mathematics, [8], [new(2016)])] } },
        ["A15"] = a => a with { Scope = a.Scope with { Variables = [.. a.Scope.Variables.Take(5), new("criterion_level", "")] } },
        ["A16"] = a => a with { Scope = a.Scope with { Population = new(PopulationKind.Filter, [], [], []) } },
        ["A17"] = a => a with { ProjectDescription = null },
        ["A18"] = a => a with { OtherProjects = ["STIL-2024-002"] },
        ["A19"] = a => a with { PublicationTerms = a.PublicationTerms with { StudyBase = StudyBase.Unspecified } },
        ["A20"] = a => a with { Cost = new PreparationCost { AmountDkk = 1, InformedOn = new(2024, 6, 2), Accepted = true } },
        ["A21"] = a => a with { DeletionDue = a.Period!.To.AddDays(-1) },
        ["A22"] = a => a with { DataProtectionTermsAccepted = false },
        ["A23"] = a => a with { Transfer = new Transfer(new("STIL-2020-009"), new("H-1"), ExecutedByDst: true) },
        ["A24"] = a => a with { ThirdParties = [new ThirdParty("Andre", null)] },
        ["A25"] = a => a with { AsksForVoluntaryResults = true },
        ["A27"] = a => a with { Recipient = a.Recipient with { IsProjectDatabase = true } },
        ["A28"] = a => a with { Scope = Of(Programme.NT, 2, 2013, 2014) },
    };

    public static TheoryData<string> Codes { get; } = [.. Breaks.Keys];

    private static SourceHolding Source { get; } = new(new("H-1"), new("STIL-2020-009"), University,
        Wanted with { Variables = [.. Wanted.Variables, .. Ask("points_0_50")] });

    [Fact]
    public void An_approval_that_keeps_every_rule_stands()
    {
        Assert.Empty(ApprovalRules.Check(Valid, Context));
        Assert.Empty(ApprovalRules.Check(Valid, Context, ApprovalMoment.Delivery));
    }

    [Fact]
    public void There_are_twenty_eight_rules_and_each_is_broken_here()
    {
        var all = Enumerable.Range(1, 28).Select(number => $"A{number:D2}").ToArray();
        Assert.Equal(all, ApprovalRules.All.Select(rule => rule.Code));
        Assert.Equal(all, Breaks.Keys.Append("A26").Order());
    }

    [Theory]
    [MemberData(nameof(Codes))]
    [Proves(
        "A01", "A02", "A03", "A04", "A05", "A06", "A07", "A08", "A09", "A10", "A11", "A12", "A13", "A14",
        "A15", "A16", "A17", "A18", "A19", "A20", "A21", "A22", "A23", "A24", "A25", "A27", "A28")]
    public void The_smallest_breach_is_answered_with_exactly_its_rule(string code) =>
        Assert.Equal([code], ApprovalRules.Check(Breaks[code](Valid), Context).Select(finding => finding.Code));

    [Fact]
    public void All_breaches_are_told_at_once()
    {
        var broken = Breaks["A22"](Breaks["A17"](Breaks["A08"](Breaks["A02"](Valid))));
        Assert.Equal(["A02", "A08", "A17", "A22"], ApprovalRules.Check(broken, Context).Select(finding => finding.Code));
    }

    [Fact]
    [Proves("A01")]
    public void Nobody_but_the_agency_registers_an_approval()
    {
        var finding = Assert.Single(ApprovalRules.Check(Valid, Context with { PushedByStil = false }));
        Assert.Equal(("A01", "caller", RefusalStatus.PermissionDenied), (finding.Code, finding.Field, finding.Status));
    }

    [Theory]
    [InlineData(2022, false)]
    [InlineData(2023, true)]
    [InlineData(2024, false)]
    [Proves("A26")]
    public void A_transition_year_is_approved_before_and_delivered_after_its_publication(int year, bool released)
    {
        var approval = Valid with { Scope = Of(Programme.FNO, 2, year) with { Variables = Ask("cpr_number", "ability_logit", "ability_standard_error") } };
        Assert.Empty(ApprovalRules.Check(approval, Context));
        var codes = ApprovalRules.Check(approval, Context, ApprovalMoment.Delivery).Select(finding => finding.Code);
        Assert.Equal(released ? [] : ["A26"], codes);
    }

    [Fact]
    public void A_year_is_released_on_the_day_of_its_publication()
    {
        var calendar = new PublicationCalendar(Publication.Defaults);
        Assert.True(PartitionKey.TryParse("FNO-DAN-2-2023", out var key));
        Assert.False(calendar.IsReleased(key, new DateOnly(2024, 5, 1)));
        Assert.True(calendar.IsReleased(key, new DateOnly(2024, 5, 2)));
    }

    [Fact]
    public void An_empty_approval_breaks_rules_and_nothing_else()
    {
        var findings = ApprovalRules.Check(new ProjectApproval { ProjectId = default }, Context with { PushedByStil = false });
        var unbroken = new[] { "A05", "A09", "A10", "A13", "A20", "A23", "A24", "A25", "A26", "A27", "A28" };
        Assert.Equal(ApprovalRules.All.Select(rule => rule.Code).Except(unbroken), findings.Select(finding => finding.Code).Distinct());
    }

    [Fact]
    [Proves("A13")]
    public void Private_parties_are_bound_to_secrecy()
    {
        var bound = Breaks["A13"](Valid) with { ConfidentialityOrder = new ConfidentialityOrder("24/55", new(2024, 5, 1)) };
        Assert.Empty(ApprovalRules.Check(bound, Context));
        var later = bound with { ConfidentialityOrder = bound.ConfidentialityOrder with { IssuedOn = Today.AddDays(1) } };
        Assert.Equal(["A13"], ApprovalRules.Check(later, Context).Select(finding => finding.Code));
    }

    [Fact]
    [Proves("A12")]
    public void Both_permissions_open_a_country_outside_the_union()
    {
        var permitted = Breaks["A12"](Valid);
        permitted = permitted with { Territory = permitted.Territory with { DataProtectionPermissionReference = "2024-1" } };
        Assert.Empty(ApprovalRules.Check(permitted, Context));
        var after = permitted with { Territory = permitted.Territory with { MinistryPermissionOn = new(2024, 6, 2) } };
        var finding = Assert.Single(ApprovalRules.Check(after, Context));
        Assert.Equal(("A12", "US"), (finding.Code, finding.Detail));
    }

    [Fact]
    [Proves("A09")]
    public void An_industrial_phd_stands_under_the_educational_institution()
    {
        var phd = Valid with { Applicant = Valid.Applicant with { Kind = ApplicantKind.IndustrialPhd } };
        Assert.Empty(ApprovalRules.Check(phd, Context));
        var company = phd with { Controller = phd.Controller! with { Kind = OrganisationKind.Company } };
        Assert.Equal(["A09"], ApprovalRules.Check(company, Context).Select(finding => finding.Code));
    }

    [Fact]
    [Proves("A24")]
    public void A_written_consent_opens_for_one_third_party_only()
    {
        var consent = new MinistryConsent("24/77", new(2024, 5, 5), "Andre", "Tabeller");
        Assert.Empty(ApprovalRules.Check(Valid with { ThirdParties = [new("Andre", consent)] }, Context));
        Assert.Equal(["A24"], ApprovalRules.Check(Valid with { ThirdParties = [new("Tredje", consent)] }, Context).Select(finding => finding.Code));
    }

    [Fact]
    [Proves("A23")]
    public void Reuse_needs_the_same_institution_and_a_narrower_dataset()
    {
        var reuse = Breaks["A23"](Valid);
        Assert.Empty(ApprovalRules.Check(reuse, Context with { SourceHolding = Source }));
        Assert.Equal(["scope"], Fields(Source with { Scope = Wanted }));
        Assert.Equal(["controller.cvr"], Fields(Source with { ControllerCvr = Consultants }));
        Assert.Equal(["scope"], Fields(Source with { Scope = Of(Programme.NT, 2, 2014) }));
        Assert.Equal(["transfer.source_holding"], Fields(Source with { Holding = new("H-2") }));

        IEnumerable<string> Fields(SourceHolding source) => ApprovalRules.Check(reuse, Context with { SourceHolding = source }).Select(finding => finding.Field);
    }

    [Fact]
    [Proves("A28")]
    public void An_acknowledged_reservation_is_enough()
    {
        var finding = Assert.Single(ApprovalRules.Check(Breaks["A28"](Valid), Context));
        Assert.Equal("C1", finding.Detail);
        Assert.Empty(ApprovalRules.Check(Breaks["A28"](Valid) with { AcknowledgedWarnings = ["C1"] }, Context));
    }

    [Theory]
    [InlineData("obligation", "scope.variables[0].code", "")]
    [InlineData("points_0_50", null, "")]
    [InlineData("ability_logit", "scope.variables[0].code", "ability_logit")]
    [InlineData("original_ability_logit", "scope.variables[0].code", "original_ability_standard_error")]
    [Proves("A15")]
    public void Each_variable_is_known_available_and_paired(string code, string? field, string detail)
    {
        var findings = ApprovalRules.Check(Valid with { Scope = Wanted with { Variables = Ask(code) } }, Context);
        Assert.Equal(field is null ? [] : [("A15", field, detail)], findings.Select(finding => (finding.Code, finding.Field, finding.Detail)));
    }

    [Fact]
    [Proves("A06")]
    public void A_signature_on_the_danish_day_of_approval_is_in_time()
    {
        var evening = Valid with { ApprovedAt = new DateTimeOffset(2024, 5, 31, 22, 30, 0, TimeSpan.Zero) };
        Assert.Empty(ApprovalRules.Check(evening with { Signature = evening.Signature! with { SignedOn = new(2024, 6, 1) } }, Context));
        var late = ApprovalRules.Check(evening with { Signature = evening.Signature! with { SignedOn = new(2024, 6, 2) } }, Context);
        Assert.Equal(["A06"], late.Select(finding => finding.Code));
    }
}
