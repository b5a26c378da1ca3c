using System.Text.Json.Serialization;
using Delivery.Protocol.Sealing;

namespace Delivery.Client.Keys;

/// <summary>The JSON of a recipient key file; byte members are base64.</summary>
/// <param name="Suite"><c>P256</c> or <c>MLKEM768-P256</c>.</param>
/// <param name="PrivateKey">The KEM's own 32 bytes.</param>
/// <param name="Record">The signed record; layout in docs/sealed-stream.md.</param>
/// <param name="Signature">The organisation's signature over it.</param>
/// <param name="SignerCertificate">The signer's certificate, DER.</param>
internal sealed record RecipientKeyContent(
    [property: JsonRequired] string Suite,
    [property: JsonRequired] byte[] PrivateKey,
    [property: JsonRequired] byte[] Record,
    [property: JsonRequired] byte[] Signature,
    [property: JsonRequired] byte[] SignerCertificate)
{
    public static string NameOf(HpkeSuite suite) => suite switch
    {
        HpkeSuite.P256 => "P256",
        HpkeSuite.MlKem768P256 => "MLKEM768-P256",
    };

    public static HpkeSuite? SuiteOf(string name) =>
        Enum.GetValues<HpkeSuite>().Where(suite => NameOf(suite) == name).Select(suite => (HpkeSuite?)suite).FirstOrDefault();
}

/// <summary>Reads and writes key files without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(RecipientKeyContent))]
internal sealed partial class RecipientKeyJson : JsonSerializerContext;
