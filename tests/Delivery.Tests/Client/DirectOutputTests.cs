using System.Security.Cryptography;
using Delivery.Client.Refusals;
using Delivery.Client.Sinks;

namespace Delivery.Tests.Client;

/// <summary>An output that goes to the disk in blocks has exactly the bytes that were written, wherever it was interrupted.</summary>
public sealed class DirectOutputTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    private string Output => Path.Combine(_folder.FullName, "results.arrow");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(1 << 20)]
    [InlineData((1 << 20) + 1)]
    [InlineData((3 << 20) + 5000)]
    public async Task A_file_holds_what_was_written_and_nothing_more(int length)
    {
        var bytes = RandomNumberGenerator.GetBytes(length);
        await using (var file = PartialFile.Create(Output, overwrite: false))
        {
            await WriteAsync(file, bytes, 70_001);
            await file.SettleAsync();
            Assert.Equal(length, new FileInfo(PartialFile.PartialName(Output)).Length);
            file.Sync();
            Assert.Equal(SHA256.HashData(bytes), file.CurrentDigest());
            file.Place();
        }

        Assert.Equal(bytes, await File.ReadAllBytesAsync(Output));
    }

    [Fact]
    public async Task Settling_between_any_two_writes_changes_nothing()
    {
        var bytes = RandomNumberGenerator.GetBytes(2_500_000);
        await using (var file = PartialFile.Create(Output, overwrite: false))
        {
            for (var at = 0; at < bytes.Length; at += 77_777)
            {
                await file.WriteAsync(bytes.AsMemory(at, Math.Min(77_777, bytes.Length - at)));
                await file.SettleAsync();
                Assert.Equal(file.Length, file.WrittenBytes);
                Assert.Equal(file.Length, new FileInfo(PartialFile.PartialName(Output)).Length);
            }

            file.Place();
        }

        Assert.Equal(bytes, await File.ReadAllBytesAsync(Output));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1234)]
    [InlineData(8192)]
    [InlineData(1_500_001)]
    public async Task A_file_is_gone_on_with_from_any_length(int kept)
    {
        var bytes = RandomNumberGenerator.GetBytes(3_000_000);
        await using (var begun = PartialFile.Create(Output, overwrite: false))
        {
            await WriteAsync(begun, bytes.AsMemory(0, 2_000_000), 300_000);
            await begun.SettleAsync();
            begun.Keep();
        }

        await using (var file = await PartialFile.ResumeAsync(Output, overwrite: false, kept, SHA256.HashData(bytes.AsSpan(0, kept)), default))
        {
            Assert.Equal((kept, kept), (file.Length, file.WrittenBytes));
            await WriteAsync(file, bytes.AsMemory(kept), 250_000);
            await file.SettleAsync();
            file.Place();
        }

        Assert.Equal(bytes, await File.ReadAllBytesAsync(Output));
    }

    [Fact]
    public async Task What_was_not_settled_gets_no_name()
    {
        await using var file = PartialFile.Create(Output, overwrite: false);
        await file.WriteAsync(new byte[100]);
        Assert.Equal((100, 0), (file.Length, file.WrittenBytes));
        Assert.Throws<InvalidOperationException>(file.Place);
    }

    [Fact]
    public async Task A_file_that_is_shorter_than_its_state_says_is_refused()
    {
        await using (var begun = PartialFile.Create(Output, overwrite: false))
        {
            await begun.WriteAsync(new byte[10]);
            await begun.SettleAsync();
            begun.Keep();
        }

        await Assert.ThrowsAsync<InvalidDataException>(() => PartialFile.ResumeAsync(Output, overwrite: false, 11, SHA256.HashData(new byte[11]), default));
    }

    [Fact]
    public async Task A_full_disk_refuses_with_a_code_at_the_latest_when_the_file_is_settled()
    {
        // /dev/full takes nothing: every write to it says that the disk is full.
        File.CreateSymbolicLink(PartialFile.PartialName(Output), "/dev/full");
        await using var file = PartialFile.Create(Output, overwrite: false);
        await file.WriteAsync(new byte[5000]);
        Assert.Equal("E_FILE", (await Assert.ThrowsAsync<DeliveryClientException>(async () => await file.SettleAsync())).Code);
        Assert.Equal(0, file.WrittenBytes);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task WriteAsync(PartialFile file, ReadOnlyMemory<byte> bytes, int step)
    {
        for (var at = 0; at < bytes.Length; at += step)
        {
            await file.WriteAsync(bytes.Slice(at, Math.Min(step, bytes.Length - at)));
        }
    }
}
