using System.Security.Cryptography;
using Delivery.Protocol.Sealing;

namespace Delivery.Tests.Sealing;

/// <summary>What an attacker, or a confused server, may do to a header; each is refused by name.</summary>
public class HeaderAttackTests
{
    [Theory, P256Suite, HybridSuite]
    public void Every_altered_bit_of_the_header_is_noticed(HpkeSuite suite)
    {
        using var call = new SealedCall(suite);
        var header = call.Send().Header;
        for (var bit = 0; bit < header.Length * 8; bit++)
        {
            header[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<SealedStreamException>(() => call.OpenReader(header));
            header[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        call.OpenReader(header).Dispose();
    }

    [Theory, P256Suite, HybridSuite]
    public void A_cut_or_longer_header_is_refused(HpkeSuite suite)
    {
        using var call = new SealedCall(suite);
        var header = call.Send().Header;
        for (var length = 0; length < header.Length; length++)
        {
            SealedCall.AssertRefused(SealedStreamRefusal.HeaderMalformed, () => call.OpenReader(header[..length]));
        }

        SealedCall.AssertRefused(SealedStreamRefusal.HeaderMalformed, () => call.OpenReader([.. header, 0]));
    }

    [Theory, P256Suite, HybridSuite]
    public void A_header_for_anything_but_what_was_asked_is_refused(HpkeSuite suite)
    {
        using var call = new SealedCall(suite);
        var asked = call.Request;
        var digest = RandomNumberGenerator.GetBytes(32);
        var resumed = asked with { FirstBatchIndex = 2, RunningDigest = digest, RowsBefore = 3 };
        (SealedStreamRefusal, SealedStreamRequest Expected, SealedStreamRequest Sent)[] cases =
        [
            (SealedStreamRefusal.CallChanged, asked, asked with { CallId = RandomNumberGenerator.GetBytes(32) }),
            (SealedStreamRefusal.ProjectChanged, asked, asked with { ProjectId = "DST-2026-018" }),
            (SealedStreamRefusal.ProjectChanged, asked, asked with { ProjectId = "DST-2026-0170" }),
            (SealedStreamRefusal.ApprovalChanged, asked, asked with { ApprovalVersion = 4 }),
            (SealedStreamRefusal.ExtractChanged, asked, asked with { ExtractId = "x-000043" }),
            (SealedStreamRefusal.SchemaChanged, asked, asked with { SchemaFingerprint = new byte[32] }),
            (SealedStreamRefusal.PrefixChanged, resumed, asked),
            (SealedStreamRefusal.PrefixChanged, asked, resumed),
            (SealedStreamRefusal.PrefixChanged, resumed, resumed with { FirstBatchIndex = 3 }),
            (SealedStreamRefusal.PrefixChanged, resumed, resumed with { RunningDigest = RandomNumberGenerator.GetBytes(32) }),
        ];
        foreach (var (refusal, expected, sent) in cases)
        {
            using var writer = call.OpenWriter(sent);
            SealedCall.AssertRefused(refusal, () => call.OpenReader(writer.HeaderBytes.ToArray(), expected));
        }
    }

    [Theory, P256Suite, HybridSuite]
    public void A_replay_of_a_whole_call_is_refused(HpkeSuite suite)
    {
        using var call = new SealedCall(suite);
        var recording = call.Send();
        call.Receive(recording);
        call.Request = call.Request with { CallId = RandomNumberGenerator.GetBytes(32) };
        SealedCall.AssertRefused(SealedStreamRefusal.CallChanged, () => call.Receive(recording));
    }

    [Theory, P256Suite, HybridSuite]
    public void A_header_signed_by_an_unknown_delivery_key_is_refused(HpkeSuite suite)
    {
        using var call = new SealedCall(suite);
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var strange = call.Request with { SenderKeyId = SenderKey.IdOf(stranger) };
        using var writer = SealedStreamWriter.Open(strange, call.Recipient.PublicKey, call.Salt, stranger);
        SealedCall.AssertRefused(SealedStreamRefusal.SenderKeyUnknown, () => call.OpenReader(writer.HeaderBytes.ToArray()));

        // The same header with the trusted key's name written over the stranger's.
        var renamed = writer.HeaderBytes.ToArray();
        call.Request.SenderKeyId.Span.CopyTo(renamed.AsSpan(39));
        SealedCall.AssertRefused(SealedStreamRefusal.HeaderSignatureInvalid, () => call.OpenReader(renamed));

        // And a client that holds another delivery key than its request names.
        SealedCall.AssertRefused(
            SealedStreamRefusal.SenderKeyUnknown,
            () => SealedStreamReader.Open(call.Request, call.Send().Header, call.Recipient, stranger));
    }

    [Theory, P256Suite, HybridSuite]
    public void A_header_for_an_unknown_or_swapped_recipient_key_is_refused(HpkeSuite suite)
    {
        using var call = new SealedCall(suite);
        using var attacker = HpkePrivateKey.Generate(suite);
        var swapped = call.Request with { RecipientKeyId = attacker.PublicKey.Id };
        using var writer = SealedStreamWriter.Open(swapped, attacker.PublicKey, call.Salt, call.Signer);
        SealedCall.AssertRefused(SealedStreamRefusal.RecipientKeyUnknown, () => call.OpenReader(writer.HeaderBytes.ToArray()));

        // The name put right and signed again: the key behind it is still another.
        var renamed = writer.HeaderBytes.ToArray();
        call.Request.RecipientKeyId.Span.CopyTo(renamed.AsSpan(7));
        SealedCall.AssertRefused(SealedStreamRefusal.KeyCommitmentChanged, () => call.OpenReader(Resign(call, renamed)));

        // A server that holds another key than the request names, and a client that does.
        SealedCall.AssertRefused(
            SealedStreamRefusal.RecipientKeyUnknown,
            () => SealedStreamWriter.Open(call.Request, attacker.PublicKey, call.Salt, call.Signer));
        SealedCall.AssertRefused(
            SealedStreamRefusal.RecipientKeyUnknown,
            () => SealedStreamReader.Open(call.Request, call.Send().Header, attacker, call.Signer));
    }

    [Theory, P256Suite, HybridSuite]
    public void A_changed_suite_is_refused(HpkeSuite suite)
    {
        using var call = new SealedCall(suite);
        var header = call.Send().Header;
        foreach (ushort other in new ushort[] { 0, 1, 2, 3, 0xffff })
        {
            if (other != (ushort)suite)
            {
                header[5] = (byte)(other >> 8);
                header[6] = (byte)other;
                SealedCall.AssertRefused(SealedStreamRefusal.SuiteChanged, () => call.OpenReader(header));
                SealedCall.AssertRefused(SealedStreamRefusal.SuiteChanged, () => call.OpenReader(Resign(call, header)));
            }
        }

        var otherSuite = suite == HpkeSuite.P256 ? HpkeSuite.MlKem768P256 : HpkeSuite.P256;
        SealedCall.AssertRefused(SealedStreamRefusal.SuiteChanged, () => call.OpenWriter(call.Request with { Suite = otherSuite }));
    }

    [Theory, P256Suite, HybridSuite]
    public void A_swapped_encapsulation_is_refused_even_when_signed(HpkeSuite suite)
    {
        using var call = new SealedCall(suite);
        var one = call.Send().Header;
        var other = call.Send().Header;
        var at = EncapsulationAt(one, suite);
        other.AsSpan(at, EncapsulationSize(suite)).CopyTo(one.AsSpan(at));
        SealedCall.AssertRefused(SealedStreamRefusal.HeaderSignatureInvalid, () => call.OpenReader(one));
        SealedCall.AssertRefused(SealedStreamRefusal.KeyCommitmentChanged, () => call.OpenReader(Resign(call, one)));
    }

    [Theory, P256Suite, HybridSuite]
    public void A_swapped_commitment_is_refused_even_when_signed(HpkeSuite suite)
    {
        using var call = new SealedCall(suite);
        var one = call.Send().Header;
        var other = call.Send().Header;
        var at = EncapsulationAt(one, suite) + EncapsulationSize(suite);
        other.AsSpan(at, 32).CopyTo(one.AsSpan(at));
        SealedCall.AssertRefused(SealedStreamRefusal.HeaderSignatureInvalid, () => call.OpenReader(one));
        SealedCall.AssertRefused(SealedStreamRefusal.KeyCommitmentChanged, () => call.OpenReader(Resign(call, one)));
    }

    [Theory, P256Suite, HybridSuite]
    public void A_swapped_salt_is_refused_even_when_signed(HpkeSuite suite)
    {
        using var call = new SealedCall(suite);
        var one = call.Send().Header;
        var other = call.Send().Header;
        var at = one.Length - 64 - 48;
        other.AsSpan(at, 48).CopyTo(one.AsSpan(at));
        SealedCall.AssertRefused(SealedStreamRefusal.HeaderSignatureInvalid, () => call.OpenReader(one));
        SealedCall.AssertRefused(SealedStreamRefusal.SaltAltered, () => call.OpenReader(Resign(call, one)));
    }

    [Theory, P256Suite, HybridSuite]
    public void A_malformed_point_is_refused_even_when_signed(HpkeSuite suite)
    {
        using var call = new SealedCall(suite);
        var header = call.Send().Header;
        var at = EncapsulationAt(header, suite) + EncapsulationSize(suite) - NistP256.PointSize;
        var good = header[at..(at + NistP256.PointSize)];
        foreach (var point in HpkeContextTests.MalformedPoints(good).Where(point => point.Length == NistP256.PointSize))
        {
            point.CopyTo(header, at);
            SealedCall.AssertRefused(SealedStreamRefusal.EncapsulationMalformed, () => call.OpenReader(Resign(call, header)));
        }
    }

    private static byte[] Resign(SealedCall call, byte[] header) =>
        [.. header[..^64], .. call.Signer.SignData(header[..^64], HashAlgorithmName.SHA256)];

    private static int EncapsulationSize(HpkeSuite suite) => KeyEncapsulation.Of(suite).EncapsulationSize;

    private static int EncapsulationAt(byte[] header, HpkeSuite suite) => header.Length - 64 - 48 - 32 - EncapsulationSize(suite);
}
