using Delivery.Client.Refusals;

namespace Delivery.Tool.CommandLine;

/// <summary>Turns what went wrong into words and an exit code.</summary>
internal static class Failures
{
    // What the caller can mend without the server: a wrong file, name or setting.
    private static readonly HashSet<string> Mistakes = new(StringComparer.Ordinal)
    {
        "E_CERTIFICATE_FILE", "E_SETTINGS", "E_FILE", "E_JSON", "E_OUTPUT_EXISTS", "E_OUTPUT_FORMAT", "E_PULL_STATE", "E_PULL_OTHER", "E_PSEUDONYMISER_MISSING",
        "E_KEY_FILE", "E_KEY_FILE_EXPOSED", "E_SUITE_UNSUPPORTED", "E_POLICY_FILE", "E_WITNESS_UNKNOWN",
    };

    /// <summary>The exit code of a failure the user can do something about; null for a fault of the program, which is not hidden.</summary>
    public static int? ExitCodeOf(Exception failure) => failure switch
    {
        ProofRefusedException or StepFailedException => ExitCode.ProofFailed,
        DeliveryRefusedException => ExitCode.Refused,
        DeliveryClientException refused => Mistakes.Contains(refused.Code) ? ExitCode.Usage : ExitCode.Refused,
        IOException or UnauthorizedAccessException => ExitCode.Usage,
        OperationCanceledException => ExitCode.Refused,
        _ => null,
    };

    /// <summary>Says what happened, in both languages where the failure has them, and what to do next.</summary>
    public static void Report(Exception failure, Terminal terminal)
    {
        if (failure is not DeliveryClientException refused)
        {
            terminal.Say(failure is OperationCanceledException ? "Stopped before it was done." : failure.Message);
            return;
        }

        terminal.Say(refused is DeliveryRefusedException { Status: var status } ? $"Refused by the server ({status})." : "Refused.");
        foreach (var violation in refused.Violations)
        {
            terminal.Say(violation.Subject.Length == 0 ? violation.Code : $"{violation.Code}  {violation.Subject}");
            terminal.Say($"  da  {violation.TextDa}. {violation.RemedyDa}.");
            terminal.Say($"  en  {violation.TextEn}. {violation.RemedyEn}.");
        }

        if (terminal.WantsJson)
        {
            terminal.Answer(new { Refused = true, refused.Code, refused.Violations });
        }
    }
}

/// <summary>A step of the demonstration, or a check of the tool's own, did not hold.</summary>
internal sealed class StepFailedException(string message) : Exception(message);
