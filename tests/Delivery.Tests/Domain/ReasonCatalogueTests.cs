using System.Numerics;
using Delivery.Protocol.Domain;
using Delivery.Protocol.Domain.Approvals;

namespace Delivery.Tests.Domain;

public class ReasonCatalogueTests
{
    [Fact]
    public void Every_code_speaks_danish_and_english_and_says_what_to_do() => Assert.All(ReasonCatalogue.All, reason =>
    {
        Assert.All([reason.Message, reason.Remedy], text =>
        {
            Assert.False(string.IsNullOrWhiteSpace(text.Danish));
            Assert.False(string.IsNullOrWhiteSpace(text.English));
            Assert.False(CprShape.OccursIn(text.ToString()));
        });
        Assert.NotEmpty(reason.Section);
        Assert.Same(reason, ReasonCatalogue.Find(reason.Code));
    });

    [Fact]
    public void No_code_is_used_twice() =>
        Assert.Equal(ReasonCatalogue.All.Count, ReasonCatalogue.All.Select(reason => reason.Code).Distinct(StringComparer.Ordinal).Count());

    [Theory]
    [InlineData("A07", RefusalStatus.PermissionDenied)]
    [InlineData("A14", RefusalStatus.InvalidArgument)]
    [InlineData("A26", RefusalStatus.FailedPrecondition)]
    [InlineData("R01", RefusalStatus.NotFound)]
    [InlineData("R02", RefusalStatus.PermissionDenied)]
    [InlineData("R03", RefusalStatus.FailedPrecondition)]
    [InlineData("R04", RefusalStatus.Internal)]
    [InlineData("R05", RefusalStatus.FailedPrecondition)]
    [InlineData("R06", RefusalStatus.FailedPrecondition)]
    [InlineData("E_FNO_NOT_PUBLISHED", RefusalStatus.FailedPrecondition)]
    [InlineData("E_CPR_CLEARTEXT", RefusalStatus.InvalidArgument)]
    [InlineData("CLIENT_CERTIFICATE_UNKNOWN", RefusalStatus.Unauthenticated)]
    [InlineData("ROLE_NOT_ALLOWED", RefusalStatus.PermissionDenied)]
    [InlineData("E_NOT_FOUND", RefusalStatus.NotFound)]
    [InlineData("E_CPR_FORMAT", RefusalStatus.None)]
    public void Refusals_travel_under_their_status(string code, RefusalStatus status) => Assert.Equal(status, ReasonCatalogue.Get(code).Status);

    [Fact]
    public void Statuses_of_the_approval_rules_are_those_of_the_specification() => Assert.Equal(
        "A01 PD, A02 IA, A03 FP, A04 IA, A05 IA, A06 FP, A07 PD, A08 FP, A09 FP, A10 FP, A11 FP, A12 FP, A13 FP, A14 IA, "
        + "A15 IA, A16 IA, A17 IA, A18 IA, A19 FP, A20 FP, A21 IA, A22 FP, A23 FP, A24 PD, A25 PD, A26 FP, A27 FP, A28 FP",
        string.Join(", ", ApprovalRules.All.Select(rule => $"{rule.Code} {Short(rule.Reason.Status)}")));

    [Fact]
    public void Every_finding_is_one_bit_with_one_code()
    {
        var bits = Enum.GetValues<RowFindings>().Where(bit => bit != RowFindings.None).ToArray();
        Assert.Equal(bits, RowCodes.All.Select(code => code.Finding));
        Assert.All(RowCodes.All, code => Assert.Equal(1, BitOperations.PopCount((uint)code.Finding)));
        Assert.All(RowCodes.All, code => Assert.Equal((RowFindings)(1u << code.Bit), code.Finding));
    }

    [Fact]
    public void The_first_letter_of_a_row_code_is_its_severity() => Assert.All(RowCodes.All, code =>
    {
        var isError = (RowCodes.Errors & code.Finding) != 0;
        Assert.Equal(code.Reason.Code.StartsWith("E_", StringComparison.Ordinal), isError);
        Assert.Equal(isError, code.Reason.Severity == Severity.Error);
    });

    private static string Short(RefusalStatus status) => status switch
    {
        RefusalStatus.InvalidArgument => "IA",
        RefusalStatus.FailedPrecondition => "FP",
        RefusalStatus.PermissionDenied => "PD",
        _ => status.ToString(),
    };
}
