using Delivery.Protocol.Log;
using Delivery.Server.TransferLog;

namespace Delivery.Tests.TransferLog;

public sealed class PinFileTests : IDisposable
{
    private readonly TemporaryLog _log = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task A_log_that_was_never_signed_may_begin()
    {
        await _log.AppendAsync(3);

        Assert.Null(_log.Pin.Read());
        Check();
    }

    [Fact]
    public async Task A_log_that_has_grown_past_the_pin_is_served()
    {
        await _log.AppendAsync(300);
        await _log.Checkpoints.SignAsync(CancellationToken.None);
        Check();
        await _log.AppendAsync(300);
        Check();

        Assert.Equal(300, _log.Pin.Read()?.Size);
    }

    [Fact]
    public async Task A_restored_backup_is_refused()
    {
        var (database, backup) = (_log.Store.Settings.DatabaseFile, Path.Combine(_log.Store.Folder, "backup.db"));
        await _log.AppendAsync(10);
        await _log.Store.RestartAsync(() => File.Copy(database, backup));
        await _log.AppendAsync(10);
        using (var reader = new LogReader(_log.Store.Store))
        {
            _log.Pin.Write(reader.Range.Size, reader.Range.Root());
        }

        Check();
        await _log.Store.RestartAsync(() => File.Move(backup, database, overwrite: true));

        Assert.Contains("older copy", Assert.Throws<InvalidDataException>(Check).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_history_other_than_the_signed_one_is_refused()
    {
        await _log.AppendAsync(20);
        _log.Pin.Write(20, LogHash.Empty);

        Assert.Contains("altered", Assert.Throws<InvalidDataException>(Check).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("12\n")]
    [InlineData("twelve e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n")]
    [InlineData("-1 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n")]
    [InlineData("12 e3b0\n")]
    public void A_pin_that_cannot_be_read_is_not_taken_for_none(string content)
    {
        File.WriteAllText(_log.Store.Settings.PinFile, content);

        Assert.Throws<InvalidDataException>(() => _log.Pin.Read());
    }

    [Fact]
    public void What_was_pinned_is_read_back()
    {
        _log.Pin.Write(12, LogHash.Empty);
        _log.Pin.Write(13, LogHash.Of([1]));

        Assert.Equal((13, LogHash.Of([1])), _log.Pin.Read());
        Assert.Empty(Directory.EnumerateFiles(_log.Store.Folder, "*.new"));
    }

    private void Check()
    {
        using var reader = new LogReader(_log.Store.Store);
        _log.Pin.Check(reader);
    }
}
