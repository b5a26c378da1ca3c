using System.Security.Cryptography;
using System.Text;
using Delivery.Protocol.Log;

namespace Delivery.Tests.Log;

public sealed class SignedNoteTests : IDisposable
{
    private const string Dash = "\u2014";

    private readonly SampleLog _log = new(20);

    // Two public logs sign with type 0x02; their keys and one note of each are known answers from outside this house.
    [Theory]
    [InlineData(
        "rekor.sigstore.dev+c0d23d6a+AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNhtmPtrWm3U1eQXBogSMdGvXwBcK5AW5i0hrZLOC96l+smGNM7nwZ4QvFK/4sueRoVj//QP22Ni4Qt9DPfkWLc=",
        "Rekor\n798034\nf+7CoKgXKE/tNys9TTXcr/ad6U/K3xvznmzew9y6SP0=\n\n— rekor.sigstore.dev wNI9ajBEAiARInWIWyCdyG27CO6LPnPekyw20qO0YJfoaPaowGp/XgIgc+qEHS3+GKVClgqq20uDLet7MCoTURUCRdxwWBHHufk=\n")]
    [InlineData(
        "pixel6_transparency_log+91c16e30+AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABN+4x0Jk1yTwvLFI9A4NDdGZcX0aiWVdWM5XJVy0M4VWD3AvyW5Q6Hs9A0mcDkpUoYgn+KKPNzFC0H3nN3q6JQ8=",
        "DEFAULT\n10\nbsWRucJU5xJPHb5eBdOm6+DM+VelCZBuvtI3sHERJ9Y=\n\n— pixel6_transparency_log kcFuMDBFAiEAhqMAP8P6qf6QxtUJhzMhbN+MbZ9dwfUHzGQJmffJHtoCIGD0cNe47dHWBoPwYdgBCepB06/+g5O1FmYjXl06owL4\n")]
    public void Notes_of_other_logs_verify(string verifierKey, string text)
    {
        var note = SignedNote.Parse(Encoding.UTF8.GetBytes(text));
        Assert.Equal(NoteStanding.Signed, note.Verify([VerifierKey.Parse(verifierKey)]).Standing);
        Assert.Equal(verifierKey, VerifierKey.Parse(verifierKey).ToString());
        Assert.Equal(text, Encoding.UTF8.GetString(note.Encode()));
        Assert.True(Checkpoint.Parse(note.Text).Size > 0);
        var altered = SignedNote.Parse(Encoding.UTF8.GetBytes(text.Replace("\n1", "\n2", StringComparison.Ordinal).Replace("\n798", "\n799", StringComparison.Ordinal)));
        Assert.Equal(NoteStanding.Wrong, altered.Verify([VerifierKey.Parse(verifierKey)]).Standing);
    }

    [Fact]
    public void A_signed_checkpoint_is_read_back_and_verified()
    {
        var note = SignedNote.Parse(_log.Note(witnesses: 2).Encode());
        var (standing, held) = note.Verify(_log.Policy(2).Keys);
        Assert.Equal(NoteStanding.Signed, standing);
        Assert.Equal([null, SampleLog.WitnessTime, SampleLog.WitnessTime], held.Select(signature => signature.TimeSeconds));
        Assert.Equal(_log.Head, Checkpoint.Parse(note.Text));
    }

    [Fact]
    public void The_log_key_id_is_the_front_of_the_hash_of_its_spki()
    {
        var key = _log.LogSigner.Verifier;
        Assert.StartsWith(key.KeyId.ToString("x8", null), key.SpkiSha256.ToString(), StringComparison.Ordinal);
        Assert.NotEqual(key.KeyId, new VerifierKey(NoteKeyKind.Witness, key.Name, Spki(key)).KeyId);
    }

    [Fact]
    public void Every_verifier_key_survives_its_text()
    {
        foreach (var key in _log.Policy(2).Keys)
        {
            var read = VerifierKey.Parse(key.ToString());
            Assert.Equal((key.Kind, key.Name, key.KeyId, key.SpkiSha256), (read.Kind, read.Name, read.KeyId, read.SpkiSha256));
        }
    }

    [Fact]
    public void Unknown_signatures_are_ignored_even_with_a_known_name_or_a_known_id()
    {
        var known = _log.LogSigner.Verifier;
        var note = _log.Note()
            .With(new NoteSignature("stranger.example", known.KeyId, [1, 2, 3]))
            .With(new NoteSignature(known.Name, known.KeyId + 1, [1, 2, 3]));
        var (standing, held) = SignedNote.Parse(note.Encode()).Verify([known]);
        Assert.Equal(NoteStanding.Signed, standing);
        Assert.Single(held);
    }

    [Fact]
    public void A_note_signed_only_by_strangers_stays_unknown()
    {
        using var stranger = new SampleLog(1);
        Assert.Equal(NoteStanding.Unknown, _log.Note().Verify(stranger.Policy().Keys).Standing);
    }

    [Fact]
    public void One_wrong_signature_by_a_known_key_spoils_the_note()
    {
        var note = _log.Note();
        var good = note.Signatures[0];
        var wrong = note.With(good with { Signature = [.. good.Signature[..^1], (byte)(good.Signature[^1] ^ 1)] });
        Assert.Equal(NoteStanding.Wrong, wrong.Verify(_log.Policy().Keys).Standing);
        Assert.Single(note.With(good).Verify(_log.Policy().Keys).Held);
    }

    [Fact]
    public void A_witness_time_is_part_of_what_it_signed()
    {
        var note = _log.Note(witnesses: 1);
        var line = note.Signatures[1];
        Assert.True(Cosignature.TryRead(line.Signature, out var time, out var signature));
        var moved = new SignedNote(
            note.Text, [note.Signatures[0], line with { Signature = Cosignature.Encode(time + 1, signature) }]);
        Assert.Equal(NoteStanding.Wrong, moved.Verify(_log.Policy(1).Keys).Standing);
        var negative = new SignedNote(
            note.Text, [note.Signatures[0], line with { Signature = Cosignature.Encode(-1, signature) }]);
        Assert.Equal(NoteStanding.Wrong, negative.Verify(_log.Policy(1).Keys).Standing);
        Assert.Equal("cosignature/v1\ntime 12\na\n1\nx\n", Cosignature.Message("a\n1\nx\n", 12));
    }

    [Fact]
    public void A_key_signs_only_what_it_is_for()
    {
        Assert.Throws<InvalidOperationException>(() => _log.Witnesses[0].Sign(_log.Head));
        Assert.Throws<InvalidOperationException>(() => _log.LogSigner.Cosign(_log.Note(), 1));
        Assert.Throws<InvalidOperationException>(() => _log.LogSigner.Sign(new Checkpoint("another.example", 0, LogHash.Empty)));
    }

    [Fact]
    public void Signatures_have_one_encoding()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var spki = key.ExportSubjectPublicKeyInfo();
        var der = EcdsaSignature.Sign(key, "text"u8);
        Assert.True(EcdsaSignature.Verify(spki, "text"u8, der));
        byte[][] wrong = [[], [0x30, 0x00], [.. der, 0x00], der[..^1], [0x30, 0x81, .. der[1..]], [0x30, 6, 2, 1, 0xff, 2, 1, 1], [0x30, 6, 2, 1, 0, 2, 1, 0]];
        Assert.All(wrong, signature => Assert.False(EcdsaSignature.Verify(spki, "text"u8, signature)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("text\n")]
    [InlineData("text\n\n")]
    [InlineData("text\n\n" + Dash + " name AAAAAAA=")]
    [InlineData("text\n\n- name AAAAAAA=\n")]
    [InlineData("text\n\n" + Dash + " name AAAAAA==\n")]
    [InlineData("text\n\n" + Dash + " name AAAAAAB=\n")]
    [InlineData("text\n\n" + Dash + " name AAAAAAA\n")]
    [InlineData("text\n\n" + Dash + " na+me AAAAAAA=\n")]
    [InlineData("text\n\n" + Dash + " na me AAAAAAA=\n")]
    [InlineData("text\n\n" + Dash + "  AAAAAAA=\n")]
    [InlineData("text\r\n\n" + Dash + " name AAAAAAA=\n")]
    [InlineData("text\t\n\n" + Dash + " name AAAAAAA=\n")]
    public void What_is_not_a_note_is_refused(string text)
    {
        var refusal = Assert.Throws<LogFormatException>(() => SignedNote.Parse(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(LogFormatException.Note, refusal.Code);
    }

    [Fact]
    public void Bytes_that_are_not_utf8_and_notes_without_bounds_are_refused()
    {
        Assert.Throws<LogFormatException>(() => SignedNote.Parse([0xff, .. "\n\n"u8]));
        Assert.Throws<LogFormatException>(() => SignedNote.Parse(new byte[SignedNote.MaxBytes + 1]));
        var line = new NoteSignature("stranger.example", 1, [1]);
        var crowded = Enumerable.Range(0, SignedNote.MaxSignatures).Aggregate(_log.Note(), (note, _) => note.With(line));
        Assert.Throws<LogFormatException>(() => SignedNote.Parse(crowded.Encode()));
        var full = new SignedNote(crowded.Text, [.. crowded.Signatures.Take(SignedNote.MaxSignatures)]);
        Assert.Equal(NoteStanding.Signed, SignedNote.Parse(full.Encode()).Verify(_log.Policy().Keys).Standing);
    }

    [Fact]
    public void What_is_not_a_verifier_key_is_refused()
    {
        var good = _log.LogSigner.Verifier;
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var parts = good.ToString().Split('+', 3);
        string[] wrong =
        [
            string.Empty, "name", "name+00000000+", $"{parts[0]}+00000000+{parts[2]}", $"{parts[0]}+{parts[1].ToUpperInvariant()}x+{parts[2]}",
            $"{parts[0]}+{parts[1]}+{parts[2]} ", $"+{parts[1]}+{parts[2]}",
            $"{parts[0]}+{parts[1]}+{Convert.ToBase64String([0x01, .. Spki(good)])}",
            $"{parts[0]}+{parts[1]}+{Convert.ToBase64String([0x02, .. Spki(good), 0x00])}",
            $"{parts[0]}+{parts[1]}+{Convert.ToBase64String([0xff, .. Spki(good)])}",
            $"{parts[0]}+{parts[1]}+{Convert.ToBase64String([0x02, .. other.ExportSubjectPublicKeyInfo()])}",
        ];
        Assert.All(wrong, text =>
            Assert.Equal(LogFormatException.Key, Assert.Throws<LogFormatException>(() => VerifierKey.Parse(text)).Code));
    }

    public void Dispose() => _log.Dispose();

    private static byte[] Spki(VerifierKey key) => Convert.FromBase64String(key.ToString().Split('+', 3)[2])[1..];
}
