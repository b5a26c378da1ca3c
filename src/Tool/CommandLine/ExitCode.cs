namespace Delivery.Tool.CommandLine;

/// <summary>What a command's exit code says. <c>log verify</c> with files and <c>confirmation verify</c> have codes of their own: 0 proven, 1 refuted, 2 unusable.</summary>
internal static class ExitCode
{
    /// <summary>It was done.</summary>
    public const int Done = 0;

    /// <summary>The server refused it, or could not be reached.</summary>
    public const int Refused = 1;

    /// <summary>It was asked for wrongly: an unknown option, or a file that is not there.</summary>
    public const int Usage = 2;

    /// <summary>A proof, a signature or a count did not hold.</summary>
    public const int ProofFailed = 3;
}
