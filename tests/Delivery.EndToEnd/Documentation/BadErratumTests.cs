using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Delivery.EndToEnd.Documentation;

/// <summary>Errata that are not fit to be registered, and the commands that speak of those that are.</summary>
public abstract class BadErratumTests(ServedResults served)
{
    private readonly Errata _errata = new(served.Server);

    [Theory]
    [InlineData("E_ERRATUM_ID", "with blank")]
    [InlineData("E_ERRATUM_SCOPE", "no such grade")]
    [InlineData("E_ERRATUM_SCOPE", "nothing corrected")]
    [InlineData("E_ERRATUM_COLUMN", "unknown column")]
    [InlineData("E_ERRATUM_COLUMN", "column the tests lack")]
    [InlineData("E_ERRATUM_TEXT", "no danish")]
    [InlineData("E_ERRATUM_TEXT", "too long")]
    [InlineData("E_ERRATUM_TEXT", "institution")]
    [InlineData("E_CPR_CLEARTEXT", "person")]
    [InlineData("E_FIELD_MISSING", "no severity")]
    [InlineData("E_FIELD_MISSING", "no year")]
    [InlineData("E_FIELD_UNKNOWN", "unknown field")]
    [InlineData("E_FIELD_UNKNOWN", "unknown subject")]
    [Proves("E_ERRATUM_ID", "E_ERRATUM_SCOPE", "E_ERRATUM_COLUMN", "E_ERRATUM_TEXT", "E_CPR_CLEARTEXT", "E_FIELD_MISSING", "E_FIELD_UNKNOWN")]
    public async Task An_erratum_that_says_too_little_or_too_much_is_refused(string code, string what)
    {
        var request = Errata.About("E-BAD");
        switch (what)
        {
            case "with blank":
                request.ErratumId = "E BAD";
                break;
            case "no such grade":
                request.Grades[0] = 5;
                break;
            case "nothing corrected":
                request.Reach = ErratumReach.BeforeCurrent;
                break;
            case "unknown column":
                request.Columns[0] = "shoe_size";
                break;
            case "column the tests lack":
                request.Columns[0] = "ability_logit";
                break;
            case "no danish":
                request.TextDa = " ";
                break;
            case "too long":
                request.TextEn = new string('x', 2001);
                break;
            case "institution":
                request.TextDa = "Gælder 900001 alene";
                break;
            case "person":
                request.TextDa = "Gælder 750308-4001";
                break;
            case "no severity":
                request.Severity = ErratumSeverity.Unspecified;
                break;
            case "no year":
                request.SchoolYears.Clear();
                break;
            case "unknown subject":
                request.Subjects[0] = (Subject)99;
                break;
            default:
                request.MergeFrom(new byte[] { 0xf8, 0x07, 0x01 });
                break;
        }

        var status = StatusCode.InvalidArgument;
        var before = served.Server.LogSize();
        await RefusedCall.ExpectAsync(code, status, () => _errata.RegisterAsync(request));
        Assert.Equal(Protocol.Log.LeafType.AccessRefused, Assert.Single(served.Server.Leaves(before)).Type);
        Assert.DoesNotContain("E-BAD", (await ToolRun.DoneAsync(served.Server, "erratum", "list")).ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    [Proves("E_ERRATUM_CONFLICT", "E_ERRATUM_UNKNOWN")]
    public async Task An_id_stands_for_one_erratum_for_good()
    {
        var first = await _errata.RegisterAsync(Errata.About("E-ONCE"));
        Assert.Equal(first, await _errata.RegisterAsync(Errata.About("E-ONCE")));
        await RefusedCall.ExpectAsync("E_ERRATUM_CONFLICT", StatusCode.AlreadyExists, () => _errata.RegisterAsync(Errata.About("E-ONCE", 2015)));
        await RefusedCall.ExpectAsync("E_ERRATUM_UNKNOWN", StatusCode.NotFound, () => _errata.AffectedAsync("E-NONE"));
    }

    [Fact]
    public async Task Every_erratum_command_says_what_it_did()
    {
        var server = served.Server;
        var registered = await ToolRun.DoneAsync(
            server, "erratum", "register", "E-TYPED", "--severity", "fault", "--programme", "nt", "--subject", "DAN", "--grade", "2", "--grade", "4", "--year", "2014/15", "--year", "2015",
            "--column", "criterion_level", "--imports", "through-current", "--text-da", "Niveauet er forkert", "--text-en", "The level is wrong");
        Assert.Equal(4, registered["erratum"]!["partitions"]!.AsArray().Count);
        Assert.All(registered["erratum"]!["partitions"]!.AsArray(), named => Assert.Equal(1, (int)named!["last_generation"]!));

        await _errata.ApproveAsync("TYPED");
        using var pull = new TypedPull(server);
        var pulled = await pull.IntoAsync("TYPED", "results.csv");
        Assert.Contains("E-TYPED", pulled[0]!["errata"]!.AsArray().Select(erratum => (string)erratum!["id"]!));

        var affected = await ToolRun.DoneAsync(server, "erratum", "affected", "E-TYPED");
        Assert.Equal(("TYPED", true), ((string)affected[0]!["project_id"]!, (bool)affected[0]!["is_carried"]!));
        var withdrawn = await ToolRun.DoneAsync(server, "erratum", "withdraw", "E-TYPED", "--reason-da", "Rettet", "--reason-en", "Mended");
        Assert.Equal("Mended", (string)withdrawn["withdrawal"]!["reason_en"]!);
        var table = await ToolRun.AgainstAsync(server, "erratum", "list", "--as", "administrator");
        Assert.Contains("E-TYPED", table.Data, StringComparison.Ordinal);
        Assert.Equal(1, (await ToolRun.AgainstAsync(server, "erratum", "affected", "E-TYPED", "--as", "dst-ingestion")).Code);
    }
}

public sealed class BadErratumTestsOnSqlite(ServedOnSqlite served) : BadErratumTests(served), IClassFixture<ServedOnSqlite>;

[NeedsPostgres]
public sealed class BadErratumTestsOnPostgres(ServedOnPostgres served) : BadErratumTests(served), IClassFixture<ServedOnPostgres>;
