using System.Security.Cryptography;
using Delivery.Client.Refusals;
using Delivery.Client.Sinks;
using Delivery.Protocol.Sealing;

namespace Delivery.Client.Pulls;

/// <summary>
/// Keeps a pull's state in a file beside its output: canonical JSON on one line, its HMAC-SHA256 in hexadecimal on the next.
/// The key of the HMAC comes from the recipient's private key, so whoever can alter the folder can stop a pull but not lead
/// it astray. A crash leaves the old state or the new one, never half of one. One owner.
/// </summary>
internal sealed class PullStateFile(string output, HpkePrivateKey recipient)
{
    private const int SizeMaxBytes = 1 << 16;

    private readonly byte[] _key = KeyOf(recipient);

    private static ReadOnlySpan<byte> KeyLabel => "delivery/v1 pull state"u8;

    private string Name => output + ".state";

    /// <summary>The state an interrupted pull left; null if there is none.</summary>
    /// <exception cref="DeliveryClientException">E_PULL_STATE: it was altered, or another recipient key wrote it.</exception>
    public PullState? Read()
    {
        byte[] bytes;
        try
        {
            if (!File.Exists(Name))
            {
                return null;
            }

            bytes = new FileInfo(Name).Length <= SizeMaxBytes ? File.ReadAllBytes(Name) : throw Altered();
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new DeliveryClientException(ClientReasons.FileUnreadable, Path.GetFileName(Name), cause);
        }

        var end = bytes.AsSpan().IndexOf((byte)'\n');
        return end >= 0 && CryptographicOperations.FixedTimeEquals(Tag(bytes.AsSpan(0, end)), bytes.AsSpan(end + 1))
            ? PullState.Decode(bytes.AsSpan(0, end)) ?? throw Altered()
            : throw Altered();
    }

    /// <summary>Replaces the state; it is on disk when this returns.</summary>
    /// <exception cref="DeliveryClientException">The disk refused.</exception>
    public void Write(PullState state)
    {
        var json = state.Encode();
        DurableFile.Replace(Name, [.. json, (byte)'\n', .. Tag(json)]);
    }

    /// <summary>Forgets the state, if there is one.</summary>
    /// <exception cref="DeliveryClientException">The disk refused.</exception>
    public void Remove() => DurableFile.Remove(Name);

    /// <summary>What an edited state, or an output that is not the one it describes, is refused with.</summary>
    public static DeliveryClientException Altered(string file) => new(ClientReasons.PullStateAltered, Path.GetFileName(file));

    private static byte[] KeyOf(HpkePrivateKey recipient)
    {
        var secret = recipient.Export();
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, SHA256.HashSizeInBytes, salt: [], KeyLabel.ToArray());
        CryptographicOperations.ZeroMemory(secret);
        return key;
    }

    private byte[] Tag(ReadOnlySpan<byte> json) =>
        System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(HMACSHA256.HashData(_key, json)) + "\n");

    private DeliveryClientException Altered() => Altered(Name);
}
