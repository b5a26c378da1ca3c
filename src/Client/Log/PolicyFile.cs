using Delivery.Client.Refusals;
using Delivery.Protocol.Log;

namespace Delivery.Client.Log;

/// <summary>Reads the file that says which log and which keys to believe.</summary>
internal static class PolicyFile
{
    /// <exception cref="DeliveryClientException">The file cannot be read or is no policy.</exception>
    public static LogPolicy Read(string file)
    {
        try
        {
            return LogPolicy.Parse(File.ReadAllText(file));
        }
        catch (Exception cause) when (cause is LogFormatException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new DeliveryClientException(ClientReasons.PolicyUnreadable, Path.GetFileName(file), cause);
        }
    }
}
