using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Delivery.Protocol.Sealing;

/// <summary>
/// The byte layout of a stream's header, in docs/sealed-stream.md: a prefix both sides can write from the request, then the
/// encapsulation, the key commitment, the sealed salt and the signature over all of it. The bytes travel as they were
/// signed and are never parsed and written again.
/// </summary>
internal static class SealedStreamHeader
{
    public const int CommitmentSize = 32;
    public const int SealedSaltSize = BatchDigest.SaltSize + Hpke.TagSize;

    private const byte Version = 1;
    private const int FieldCount = 10;
    private const int PrefixSizeMax = 4 + 1 + 2 + (3 * 32) + 256 + 4 + 256 + 32 + 8 + 32;

    public static ReadOnlySpan<byte> CommitmentLabel => "delivery/v1 key commitment"u8;

    public static ReadOnlySpan<byte> SaltLabel => "delivery/v1 digest salt"u8;

    private static ReadOnlySpan<byte> Magic => "DLVS"u8;

    private static ReadOnlySpan<byte> InfoLabel => "delivery/v1 extract"u8;

    /// <summary>Everything before the encapsulation's length.</summary>
    public static byte[] Prefix(SealedStreamRequest request) => Write(request, fieldEnds: []);

    /// <summary>The HPKE info: the label, then SHA-256 of the prefix. It ties the derived key to every word of the request.</summary>
    public static byte[] Info(ReadOnlySpan<byte> prefix) => [.. InfoLabel, .. SHA256.HashData(prefix)];

    /// <summary>The size of a whole header.</summary>
    public static int Size(int prefixSize, HpkeSuite suite) =>
        prefixSize + sizeof(ushort) + KeyEncapsulation.Of(suite).EncapsulationSize + CommitmentSize + SealedSaltSize + SenderKey.SignatureSize;

    /// <summary>Puts the signed header together.</summary>
    public static byte[] Assemble(
        ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> encapsulation, ReadOnlySpan<byte> commitment, ReadOnlySpan<byte> sealedSalt, ECDsa signer)
    {
        Span<byte> length = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(length, checked((ushort)encapsulation.Length));
        byte[] signed = [.. prefix, .. length, .. encapsulation, .. commitment, .. sealedSalt];
        return [.. signed, .. SenderKey.Sign(signer, [], signed)];
    }

    /// <summary>Splits a header whose prefix and size were checked.</summary>
    public static Parts Split(ReadOnlySpan<byte> header, int prefixSize)
    {
        var encapsulationSize = BinaryPrimitives.ReadUInt16BigEndian(header[prefixSize..]);
        var encapsulation = header.Slice(prefixSize + sizeof(ushort), encapsulationSize);
        var rest = header[(prefixSize + sizeof(ushort) + encapsulationSize)..];
        return new Parts
        {
            Encapsulation = encapsulation,
            Commitment = rest[..CommitmentSize],
            SealedSalt = rest.Slice(CommitmentSize, SealedSaltSize),
            Signed = header[..^SenderKey.SignatureSize],
            Signature = header[^SenderKey.SignatureSize..],
        };
    }

    /// <summary>
    /// Compares a received header with the one the request asks for. Null when it agrees up to the encapsulation and has the
    /// size and encapsulation length of its suite; otherwise what the first differing byte belongs to.
    /// </summary>
    public static SealedStreamRefusal? Compare(SealedStreamRequest expected, ReadOnlySpan<byte> header)
    {
        var fieldEnds = new (int End, SealedStreamRefusal Refusal)[FieldCount];
        var prefix = Write(expected, fieldEnds);
        var agreed = prefix.AsSpan().CommonPrefixLength(header);
        if (agreed == header.Length)
        {
            return SealedStreamRefusal.HeaderMalformed;
        }

        if (agreed < prefix.Length)
        {
            return Array.Find(fieldEnds, field => agreed < field.End).Refusal;
        }

        var encapsulationSize = KeyEncapsulation.Of(expected.Suite).EncapsulationSize;
        return header.Length == Size(prefix.Length, expected.Suite)
            && BinaryPrimitives.ReadUInt16BigEndian(header[prefix.Length..]) == encapsulationSize
                ? null
                : SealedStreamRefusal.HeaderMalformed;
    }

    /// <summary>Writes the prefix and, when asked, notes where each field ends and what a difference within it means.</summary>
    private static byte[] Write(SealedStreamRequest request, Span<(int End, SealedStreamRefusal Refusal)> fieldEnds)
    {
        var fields = 0;
        var layout = new LayoutWriter(stackalloc byte[PrefixSizeMax]);
        layout.Bytes(Magic);
        layout.U8(Version);
        Ended(fieldEnds, ref fields, layout.Position, SealedStreamRefusal.HeaderMalformed);
        layout.U16((ushort)request.Suite);
        Ended(fieldEnds, ref fields, layout.Position, SealedStreamRefusal.SuiteChanged);
        layout.Bytes(request.RecipientKeyId.Span);
        Ended(fieldEnds, ref fields, layout.Position, SealedStreamRefusal.RecipientKeyUnknown);
        layout.Bytes(request.SenderKeyId.Span);
        Ended(fieldEnds, ref fields, layout.Position, SealedStreamRefusal.SenderKeyUnknown);
        layout.Bytes(request.CallId.Span);
        Ended(fieldEnds, ref fields, layout.Position, SealedStreamRefusal.CallChanged);
        layout.Ascii8(request.ProjectId);
        Ended(fieldEnds, ref fields, layout.Position, SealedStreamRefusal.ProjectChanged);
        layout.U32(request.ApprovalVersion);
        Ended(fieldEnds, ref fields, layout.Position, SealedStreamRefusal.ApprovalChanged);
        layout.Ascii8(request.ExtractId);
        Ended(fieldEnds, ref fields, layout.Position, SealedStreamRefusal.ExtractChanged);
        layout.Bytes(request.SchemaFingerprint.Span);
        Ended(fieldEnds, ref fields, layout.Position, SealedStreamRefusal.SchemaChanged);
        layout.U64((ulong)request.FirstBatchIndex);
        layout.Bytes(request.RunningDigest.Span);
        Ended(fieldEnds, ref fields, layout.Position, SealedStreamRefusal.PrefixChanged);
        return layout.Written.ToArray();
    }

    private static void Ended(
        Span<(int End, SealedStreamRefusal Refusal)> fieldEnds, ref int fields, int position, SealedStreamRefusal refusal)
    {
        if (!fieldEnds.IsEmpty)
        {
            fieldEnds[fields++] = (position, refusal);
        }
    }

    /// <summary>Views into one header's bytes.</summary>
    public ref struct Parts
    {
        public ReadOnlySpan<byte> Encapsulation;
        public ReadOnlySpan<byte> Commitment;
        public ReadOnlySpan<byte> SealedSalt;
        public ReadOnlySpan<byte> Signed;
        public ReadOnlySpan<byte> Signature;
    }
}
