using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Delivery.Tests.Simulation;

/// <summary>A signed checkpoint, taken apart and verified with nothing but the base class library.</summary>
internal sealed record NoteSecondOpinion(int Size, byte[] Root, bool IsSigned)
{
    private const int KeyIdBytes = 4;

    public static NoteSecondOpinion Read(byte[] note, byte[] publicKey)
    {
        var text = Encoding.UTF8.GetString(note);
        var end = text.IndexOf("\n\n", StringComparison.Ordinal) + 1;
        var lines = text[..end].Split('\n');
        var signature = Convert.FromBase64String(text[(end + 1)..].TrimEnd('\n').Split(' ')[^1])[KeyIdBytes..];
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(publicKey, out _);
        return new NoteSecondOpinion(
            int.Parse(lines[1], CultureInfo.InvariantCulture),
            Convert.FromBase64String(lines[2]),
            key.VerifyData(Encoding.UTF8.GetBytes(text[..end]), signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
    }
}
