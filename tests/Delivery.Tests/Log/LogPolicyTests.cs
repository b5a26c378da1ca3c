using Delivery.Protocol.Log;

namespace Delivery.Tests.Log;

public sealed class LogPolicyTests : IDisposable
{
    private readonly SampleLog _log = new(1);

    [Fact]
    public void A_policy_survives_its_text()
    {
        foreach (var quorum in new[] { 0, 1, 2 })
        {
            var text = _log.Policy(quorum).Encode();
            var read = LogPolicy.Parse(text);
            Assert.Equal(text, read.Encode());
            Assert.Equal((SampleLeaves.Origin, quorum), (read.Origin, read.Quorum));
        }
    }

    [Fact]
    public void Comments_and_empty_lines_are_skipped()
    {
        var text = _log.Policy(2).Encode().Replace("quorum", "\n# both of them\nquorum", StringComparison.Ordinal);
        Assert.Equal(2, LogPolicy.Parse(text).Quorum);
    }

    [Fact]
    public void What_is_not_a_policy_is_refused()
    {
        var good = _log.Policy(2).Encode();
        var logLine = "log " + _log.LogSigner.Verifier + "\n";
        var witnessLine = "witness " + _log.Witnesses[0].Verifier + "\n";
        string[] wrong =
        [
            string.Empty, "\n", good[..^1], "# comment\n" + good, good + "origin another.example\n", good + "quorum 1\n",
            good + logLine, good + witnessLine, good + "unknown x\n", good + "log\n",
            good.Replace("quorum 2\n", string.Empty, StringComparison.Ordinal),
            good.Replace("quorum 2", "quorum 3", StringComparison.Ordinal),
            good.Replace("quorum 2", "quorum -1", StringComparison.Ordinal),
            good.Replace("quorum 2", "quorum 02", StringComparison.Ordinal),
            good.Replace("quorum 2", "quorum  2", StringComparison.Ordinal),
            good.Replace("origin log", "origin other.log", StringComparison.Ordinal),
            good.Replace("\n", "\r\n", StringComparison.Ordinal),
            good.Replace(logLine, string.Empty, StringComparison.Ordinal),
            good.Replace(logLine, "log " + _log.Witnesses[0].Verifier + "\n", StringComparison.Ordinal),
            good.Replace(witnessLine, "witness " + _log.LogSigner.Verifier + "\n", StringComparison.Ordinal),
            _log.Policy().Encode() + "quorum 0\n",
        ];
        Assert.All(wrong, text => Assert.Throws<LogFormatException>(() => LogPolicy.Parse(text)));
    }

    [Fact]
    public void One_witness_under_two_names_does_not_count_twice()
    {
        var spki = Convert.FromBase64String(_log.LogSigner.Verifier.ToString().Split('+', 3)[2])[1..];
        var disguised = new VerifierKey(NoteKeyKind.Witness, "witness.example", spki);
        Assert.Throws<LogFormatException>(
            () => new LogPolicy(SampleLeaves.Origin, [_log.LogSigner.Verifier], [disguised], 1));
    }

    public void Dispose() => _log.Dispose();
}
