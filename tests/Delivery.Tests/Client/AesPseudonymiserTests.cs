using System.Security.Cryptography;
using System.Text;
using Delivery.Client.Keys;
using Delivery.Client.Pseudonyms;
using FsCheck;
using FsCheck.Fluent;

namespace Delivery.Tests.Client;

public sealed class AesPseudonymiserTests : IDisposable
{
    private static readonly Gen<byte[]> Identifier =
        from text in Gen.Elements("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".ToCharArray()).ArrayOf(10)
        select Encoding.ASCII.GetBytes(text);

    private readonly PseudonymKeyFile _master = PseudonymKeyFile.Generate();

    [Fact]
    public void A_pseudonym_is_what_one_block_of_AES_gives_by_hand()
    {
        byte[] info = [.. "pnr-v1"u8, 0, .. "STIL-2026-017"u8];
        using var aes = Aes.Create();
        aes.Mode = CipherMode.ECB;
        aes.Padding = PaddingMode.None;
        aes.Key = HKDF.DeriveKey(HashAlgorithmName.SHA256, _master.Master.ToArray(), 32, [], info);
        using var encryptor = aes.CreateEncryptor();
        byte[] block = [.. "7503084001"u8, 1, 0, 0, 0, 0, 0];
        var expected = encryptor.TransformFinalBlock(block, 0, block.Length);

        Assert.Equal(expected, One("7503084001"u8));
    }

    [Fact]
    public void A_pupil_has_one_pseudonym_wherever_it_stands_in_a_column()
    {
        var column = Encoding.ASCII.GetBytes(string.Concat(SampleResults.Pupils) + SampleResults.Pupils[0]);
        var pseudonyms = Column(column, "STIL-2026-017");

        Assert.Equal(pseudonyms[..16], pseudonyms[48..]);
        Assert.Equal(One(Encoding.ASCII.GetBytes(SampleResults.Pupils[1])), pseudonyms[16..32]);
    }

    [Fact]
    public void No_two_identifiers_share_a_pseudonym() => Prop.ForAll(Identifier.Two().ToArbitrary(), pair =>
        pair.Item1.AsSpan().SequenceEqual(pair.Item2) == One(pair.Item1).AsSpan().SequenceEqual(One(pair.Item2))).QuickCheckThrowOnFailure();

    [Fact]
    public void Domains_and_master_keys_have_pseudonyms_of_their_own()
    {
        using var other = PseudonymKeyFile.Generate();
        using var elsewhere = new AesPseudonymiser(other, "STIL-2026-017");
        var foreign = new byte[16];
        elsewhere.Pseudonymise("7503084001"u8, foreign);

        Assert.NotEqual(One("7503084001"u8), Column("7503084001"u8, "STIL-2026-018"));
        Assert.NotEqual(One("7503084001"u8), foreign);
    }

    [Fact]
    public void A_column_that_is_no_whole_number_of_rows_is_refused_and_nothing_written()
    {
        using var pseudonymiser = new AesPseudonymiser(_master, "STIL-2026-017");
        Assert.Throws<ArgumentException>(() => pseudonymiser.Pseudonymise(new byte[19], new byte[32]));
        Assert.Throws<ArgumentException>(() => pseudonymiser.Pseudonymise(new byte[20], new byte[31]));
    }

    public void Dispose() => _master.Dispose();

    private byte[] One(ReadOnlySpan<byte> identifier) => Column(identifier, "STIL-2026-017");

    private byte[] Column(ReadOnlySpan<byte> identifiers, string domain)
    {
        using var pseudonymiser = new AesPseudonymiser(_master, domain);
        var pseudonyms = new byte[identifiers.Length / 10 * 16];
        pseudonymiser.Pseudonymise(identifiers, pseudonyms);
        return pseudonyms;
    }
}
