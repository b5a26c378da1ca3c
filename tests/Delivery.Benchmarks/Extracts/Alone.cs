using System.Diagnostics;
using System.Security.Cryptography;

namespace Delivery.Benchmarks.Extracts;

/// <summary>What every byte of an extract goes through, each by itself on one thread, in messages of a batch's size.</summary>
/// <param name="AeadSeconds">AES-256-GCM over the sealed bytes, once.</param>
/// <param name="HashSeconds">SHA-256 over the sealed bytes, once.</param>
/// <param name="WriteSeconds">As many bytes as the output has, written to a file and synced.</param>
internal sealed record Alone(double AeadSeconds, double HashSeconds, double WriteSeconds)
{
    private const int MessageBytes = 1 << 20;

    public static Alone Measure(long sealedBytes, long fileBytes, string scratchFile)
    {
        using var aead = new AesGcm(RandomNumberGenerator.GetBytes(32), 16);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (nonce, message, tag) = (new byte[12], RandomNumberGenerator.GetBytes(MessageBytes), new byte[16]);
        var sealing = Each(sealedBytes, left =>
        {
            BitConverter.TryWriteBytes(nonce, left);
            aead.Encrypt(nonce, message, message, tag);
        });
        var hashing = Each(sealedBytes, _ => hash.AppendData(message));

        File.Delete(scratchFile);
        using var file = new FileStream(scratchFile, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        var writing = Each(fileBytes, _ => file.Write(message), () => file.Flush(flushToDisk: true));
        file.Dispose();
        File.Delete(scratchFile);
        return new Alone(sealing, hashing, writing);
    }

    private static double Each(long bytes, Action<long> message, Action? end = null)
    {
        var watch = Stopwatch.StartNew();
        for (var left = bytes; left > 0; left -= MessageBytes)
        {
            message(left);
        }

        end?.Invoke();
        return watch.Elapsed.TotalSeconds;
    }
}
