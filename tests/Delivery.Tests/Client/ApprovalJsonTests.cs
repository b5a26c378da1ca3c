using Delivery.Client.Approvals;
using Delivery.Client.Refusals;
using Delivery.Protocol.Domain;

namespace Delivery.Tests.Client;

/// <summary>An approval is read strictly: what the schema does not know might be a restriction.</summary>
public sealed class ApprovalJsonTests
{
    [Fact]
    public void An_approval_is_read_field_by_field()
    {
        var approval = ApprovalJson.Read(
            """
            {
              "projectId": "STIL-2026-017", "version": 1, "approve_time": "2026-03-01T10:00:00Z",
              "purposes": ["PURPOSE_SCIENTIFIC"],
              "scope": { "selections": [ { "programme": "PROGRAMME_NT", "subject": "SUBJECT_MATHEMATICS", "grades": [3, 6], "schoolYears": [2014] } ] },
              "cost": { "amountDkk": "1200" }
            }
            """);

        Assert.Equal(("STIL-2026-017", 1, 1200L), (approval.ProjectId, approval.Version, approval.Cost.AmountDkk));
        Assert.Equal([3, 6], approval.Scope.Selections[0].Grades);
    }

    [Theory]
    [InlineData("{\n  \"projectId\": \"P-1\",\n  \"colour\": 1\n}", "E_FIELD_UNKNOWN", "line 3, colour")]
    [InlineData("{\n  \"scope\": { \"selections\": [ {}, {\n  \"klasse\": 2 } ] } }", "E_FIELD_UNKNOWN", "line 3, scope.selections[1].klasse")]
    [InlineData("{\n  \"version\": \"one\" }", "E_FIELD_FORMAT", "line 2, version")]
    [InlineData("{\n\n  \"purposes\": [\"PURPOSE_FUN\"] }", "E_FIELD_FORMAT", "line 3, purposes[0]")]
    [InlineData("{ \"declarations\": true }", "E_FIELD_FORMAT", "line 1, declarations")]
    [InlineData("{\n  \"version\": 1,\n  broken\n}", "E_JSON", "line 3")]
    [InlineData("[]", "E_FIELD_FORMAT", "line 1")]
    [InlineData("", "E_JSON", "line 1")]
    public void What_is_wrong_is_named_with_its_line(string json, string code, string subject)
    {
        var refused = Assert.Throws<DeliveryClientException>(() => ApprovalJson.Read(json));
        Assert.Equal((code, subject), (refused.Code, refused.Violations[0].Subject));
    }

    [Theory]
    [InlineData("{ \"7503084001\": 1 }")]
    [InlineData("{ \"version\": \"7503084001\" }")]
    [InlineData("{ \"purposes\": [\"7503084001\"] }")]
    [InlineData("{ \"projectId\": \"7503084001\", \"projectId\": 7503084001 }")]
    public void Nothing_that_may_be_a_CPR_number_is_repeated(string json)
    {
        var refused = Assert.Throws<DeliveryClientException>(() => ApprovalJson.Read(json));
        Assert.DoesNotContain("7503084001", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_reason_of_this_side_has_words_in_both_languages_and_a_code_of_its_own()
    {
        Assert.All(ClientReasons.All, reason => Assert.All(
            (string[])[reason.Message.Danish, reason.Message.English, reason.Remedy.Danish, reason.Remedy.English], text => Assert.NotEmpty(text)));
        Assert.Empty(ClientReasons.All.Select(reason => reason.Code).Intersect(ReasonCatalogue.All.Select(reason => reason.Code)));
    }
}
