using Delivery.Client.Closure;
using Delivery.Client.Log;
using Delivery.Protocol.Domain;
using Delivery.Protocol.Log;
using Delivery.Server.Approvals;
using Delivery.Tests.Log;

namespace Delivery.Tests.Client;

public sealed class ConfirmationTests : IDisposable
{
    private readonly SampleConfirmation _sample = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    [Fact]
    public void A_saved_confirmation_is_proven_from_files_alone()
    {
        _sample.Sign()!.Save(At("confirmation.json"));

        var outcome = VerifyFile();

        Assert.Equal((LogVerdict.Proven, "Proven", 10L), (outcome.Verdict, outcome.Reason, outcome.LogSize));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(SampleLeaves.TimestampMs), outcome.RecordedAt);
        Assert.Equal((SampleConfirmation.ProjectId, "CLOSED_DELETED", 7L), (outcome.Confirmation!.ProjectId, outcome.Confirmation.ProjectState, outcome.Confirmation.LogIndex));
        Assert.Equal(
            new ConfirmedHolding("H-2", "DELETED", new DateOnly(2026, 3, 1), 4100, new DateOnly(2025, 9, 2), new DateOnly(2026, 2, 28), WasOverdue: true),
            outcome.Confirmation.Holdings[1]);
    }

    [Fact]
    public void Every_altered_byte_of_the_file_is_noticed()
    {
        var file = _sample.File().Encode();
        Assert.Equal(LogVerdict.Proven, _sample.Verify(file).Verdict);
        for (var at = 0; at < file.Length; at++)
        {
            foreach (var change in (byte[])[0x01, 0x20, 0x80])
            {
                var altered = (byte[])file.Clone();
                altered[at] ^= change;
                Assert.NotEqual(LogVerdict.Proven, _sample.Verify(altered).Verdict);
            }
        }
    }

    [Fact]
    public void Every_altered_byte_behind_the_base64_is_noticed()
    {
        var file = _sample.File();
        Alter(file.Document, altered => Refile(file with { Document = altered }));
        Alter(file.Signature, altered => Refile(file with { Signature = altered }));
        Alter(file.Leaf, altered => Refile(file with { Leaf = altered }));
        Alter(file.Proof, altered => Refile(file with { Proof = altered }));
    }

    [Fact]
    public void A_file_cut_short_or_continued_is_unusable()
    {
        var file = _sample.File().Encode();
        for (var length = 0; length < file.Length; length++)
        {
            Assert.Equal(LogVerdict.Unusable, _sample.Verify(file.AsSpan(0, length)).Verdict);
        }

        Assert.Equal("FileUnreadable", _sample.Verify([.. file, (byte)'\n']).Reason);
        Assert.Equal("FileUnreadable", _sample.Verify(new byte[ConfirmationFile.SizeMaxBytes + 1]).Reason);
    }

    [Fact]
    public void A_text_that_says_something_else_than_the_document_is_refuted()
    {
        var file = _sample.File();
        var danish = file with { Rendering = file.Rendering with { Danish = file.Rendering.Danish.Replace("4100", "4101", StringComparison.Ordinal) } };
        var english = file with { Rendering = file.Rendering with { English = "All is well.\n" } };

        Assert.Equal((LogVerdict.Refuted, "RenderingDiffers"), Short(_sample.Verify(danish.Encode())));
        Assert.Equal((LogVerdict.Refuted, "RenderingDiffers"), Short(_sample.Verify(english.Encode())));
    }

    [Fact]
    public void Only_the_pinned_key_under_its_own_label_signs_confirmations()
    {
        using var other = new SampleConfirmation();
        Assert.Equal("DocumentSignatureWrong", ConfirmationVerification.Verify(_sample.Sign()!, other.Key, _sample.Policy).Reason);
        Assert.Equal("DocumentSignatureWrong", ConfirmationVerification.Verify(_sample.Sign("delivery/v1 receipt"u8)!, _sample.Key, _sample.Policy).Reason);
        Assert.Equal("SignatureMissing", ConfirmationVerification.Verify(_sample.Sign()!, _sample.Key, other.Policy).Reason);
    }

    [Fact]
    public void A_signed_document_about_another_leaf_is_refuted()
    {
        _sample.Document["leaf_hash"] = new JsonText(SampleLeaves.Digest("another leaf").ToString());
        Assert.Equal((LogVerdict.Refuted, "LeafDiffers"), Short(_sample.Verify()));
    }

    [Fact]
    public void A_signed_document_that_says_more_than_its_leaf_is_refuted()
    {
        _sample.Document["log_index"] = new JsonInteger(6);
        Assert.Equal("LeafOfAnotherIndex", _sample.Verify().Reason);
        _sample.Document["log_index"] = new JsonInteger(7);
        _sample.Document["project_id"] = new JsonText("P-18");
        Assert.Equal("LeafOfAnotherProject", _sample.Verify().Reason);
        _sample.Document["project_id"] = new JsonText(SampleConfirmation.ProjectId);

        _sample.Holdings = [.. _sample.Holdings, SampleConfirmation.Holding("H-3", "DELETED", "2026-03-01")];
        Assert.Equal("LeafOfOtherHoldings", _sample.Verify().Reason);
        _sample.Holdings = [.. _sample.Holdings.Take(1)];
        Assert.Equal("LeafOfOtherHoldings", _sample.Verify().Reason);
        _sample.Holdings = [SampleConfirmation.Holding("H-1", "DELETED", "2026-03-01"), SampleConfirmation.Holding("H-2", "DESTROYED", "2026-03-01")];
        Assert.Equal("LeafMethodDiffers", _sample.Verify().Reason);
        _sample.Holdings = [SampleConfirmation.Holding("H-1", "DELETED", "2026-03-01"), SampleConfirmation.Holding("H-2", "DELETED", "2026-02-28")];
        Assert.Equal("LeafDayDiffers", _sample.Verify().Reason);

        _sample.Holdings = [SampleConfirmation.Holding("H-2", "DELETED", "2026-03-01"), SampleConfirmation.Holding("H-1", "DELETED", "2026-03-01")];
        Assert.Equal("Proven", _sample.Verify().Reason);
    }

    [Theory]
    [InlineData("DELETED", "DELETED", "2026-03-01")]
    [InlineData("DESTROYED", "DESTROYED", "2026-03-01")]
    [InlineData("PART_DELETED", "OPEN", "")]
    public void A_leafs_method_is_what_its_holdings_came_to(string method, string state, string endedOn)
    {
        using var sample = Of(LeafDraft.DeletionConfirmed(SampleLeaves.Actor, SampleConfirmation.ProjectId, ["H-1"], method, new DateOnly(2026, 3, 1), default));
        sample.Holdings = [SampleConfirmation.Holding("H-1", state, endedOn)];
        Assert.Equal("Proven", sample.Verify().Reason);
        sample.Holdings = [SampleConfirmation.Holding("H-1", "ARCHIVED", "2026-03-01")];
        Assert.Equal("LeafMethodDiffers", sample.Verify().Reason);
    }

    [Fact]
    public void An_archives_leaf_speaks_of_archived_holdings_and_no_other_leaf_does()
    {
        using var archived = Of(LeafDraft.ArchivalConfirmed(SampleLeaves.Actor, SampleConfirmation.ProjectId, ["H-1"], "ARCHIVED", new DateOnly(2026, 3, 1), default));
        archived.Holdings = [SampleConfirmation.Holding("H-1", "ARCHIVED", "2026-03-01")];
        Assert.Equal("Proven", archived.Verify().Reason);
        archived.Holdings = [SampleConfirmation.Holding("H-1", "DELETED", "2026-03-01")];
        Assert.Equal("LeafMethodDiffers", archived.Verify().Reason);

        using var overdue = Of(LeafDraft.HoldingOverdue(SampleLeaves.Actor, SampleConfirmation.ProjectId, "H-1", new DateOnly(2026, 3, 1)));
        Assert.Equal("LeafOfAnotherType", overdue.Verify().Reason);
    }

    [Theory]
    [InlineData("v", 2)]
    [InlineData("log_index", -1)]
    [InlineData("project_state", "GONE")]
    [InlineData("project_id", "no id")]
    [InlineData("leaf_hash", "00")]
    [InlineData("note", "trust me")]
    public void A_document_of_another_layout_is_unusable_whoever_signed_it(string field, object value)
    {
        _sample.Document[field] = value is int number ? new JsonInteger(number) : new JsonText((string)value);
        Assert.Null(_sample.Sign());
        Assert.Equal("DocumentUnreadable", _sample.Verify(Unread()).Reason);
    }

    [Fact]
    public void A_holding_has_a_last_day_exactly_when_it_has_ended()
    {
        Assert.All(
            [("OPEN", "2026-03-01"), ("DELETED", ""), ("DELETED", "2026-02-30"), ("LOST", "2026-03-01")],
            broken =>
            {
                _sample.Holdings = [SampleConfirmation.Holding("H-1", broken.Item1, broken.Item2)];
                Assert.Null(_sample.Sign());
            });
        _sample.Holdings = [SampleConfirmation.Holding("H-1", "DELETED", "2026-03-01"), SampleConfirmation.Holding("H-1", "DELETED", "2026-03-01")];
        Assert.Null(_sample.Sign());
        _sample.Holdings = [];
        Assert.Null(_sample.Sign());
    }

    [Fact]
    public void The_words_of_version_1_never_change()
    {
        var hash = LogHash.Leaf(_sample.Leaf);
        _sample.Holdings = [SampleConfirmation.Holding("H-1", "DELETED", "2026-03-01"), SampleConfirmation.Holding("H-2", "OPEN", "")];
        Assert.Equal(
            new Bilingual(
                $"""
                Bekræftelse: projekt P-17 (afsluttet, slettet eller tilintetgjort)

                Databeholdning H-1: slettet den 2026-03-01.
                  4100 rækker, udleveret den 2025-09-02. Frist: 2026-02-28.
                Databeholdning H-2: delvist slettet; resten er i behold.
                  4100 rækker, udleveret den 2025-09-02. Frist: 2026-02-28, overskredet.

                Står i overførselsloggen som nummer 7, aftryk {hash}.

                """,
                $"""
                Confirmation: project P-17 (closed, deleted or destroyed)

                Holding H-1: deleted on 2026-03-01.
                  4100 rows, delivered on 2025-09-02. Due: 2026-02-28.
                Holding H-2: deleted in part; the rest remains.
                  4100 rows, delivered on 2025-09-02. Due: 2026-02-28, passed.

                Stands in the transfer log as number 7, hash {hash}.

                """),
            _sample.Sign()!.Rendering);
    }

    [Fact]
    public void Every_state_the_server_can_write_has_words()
    {
        Assert.All(Enum.GetValues<ProjectState>(), state => Assert.NotNull(StateWords.OfProject(state.WireName())));
        Assert.All(Enum.GetValues<HoldingState>(), state => Assert.NotNull(StateWords.OfHolding(state.WireName())));
    }

    [Fact]
    public void A_confirmation_never_replaces_a_file_unasked()
    {
        File.WriteAllText(At("confirmation.json"), "another");
        var refused = Assert.ThrowsAny<Delivery.Client.Refusals.DeliveryClientException>(() => _sample.Sign()!.Save(At("confirmation.json")));
        Assert.Equal(("E_OUTPUT_EXISTS", "another"), (refused.Code, File.ReadAllText(At("confirmation.json"))));
        _sample.Sign()!.Save(At("confirmation.json"), overwrite: true);
        Assert.Equal(LogVerdict.Proven, VerifyFile().Verdict);
    }

    [Fact]
    public void A_missing_file_key_or_policy_is_unusable()
    {
        Assert.Equal((LogVerdict.Unusable, "FileUnreadable"), Short(VerifyFile()));
        _sample.Sign()!.Save(At("confirmation.json"));
        Assert.Equal("Proven", VerifyFile().Reason);
        File.WriteAllText(At("policy"), "believe everybody");
        Assert.Equal((LogVerdict.Unusable, "PolicyUnreadable"), Short(VerifyFile()));
        File.WriteAllText(At("key.pem"), "no key");
        Assert.Equal((LogVerdict.Unusable, "KeyUnreadable"), Short(ConfirmationVerification.VerifyFile(At("confirmation.json"), At("key.pem"), At("policy"))));
    }

    public void Dispose()
    {
        _sample.Dispose();
        _folder.Delete(recursive: true);
    }

    private static (LogVerdict Verdict, string Reason) Short(ConfirmationOutcome outcome) => (outcome.Verdict, outcome.Reason);

    private static SampleConfirmation Of(LeafDraft leaf) => new(leaf);

    // Flips every bit of a part.
    private void Alter(byte[] part, Func<byte[], byte[]> file)
    {
        for (var bit = 0; bit < 8 * part.Length; bit++)
        {
            var altered = (byte[])part.Clone();
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(LogVerdict.Proven, _sample.Verify(file(altered)).Verdict);
        }
    }

    // A careful forger also makes the text fit the document.
    private static byte[] Refile(ConfirmationFile file) =>
        (ConfirmationFacts.Read(file.Document) is { } facts ? file with { Rendering = ConfirmationRendering.Of(facts) } : file).Encode();

    private byte[] Unread() => new ConfirmationFile(_sample.Compose(), new byte[64], _sample.Leaf, _sample.Proof(), new Bilingual("", "")).Encode();

    private ConfirmationOutcome VerifyFile()
    {
        if (!File.Exists(At("policy")))
        {
            File.WriteAllText(At("policy"), _sample.Policy.Encode());
            File.WriteAllText(At("key.pem"), _sample.Key.ExportSubjectPublicKeyInfoPem());
        }

        return ConfirmationVerification.VerifyFile(At("confirmation.json"), At("key.pem"), At("policy"));
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);
}
