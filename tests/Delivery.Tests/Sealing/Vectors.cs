using System.Text.Json;

namespace Delivery.Tests.Sealing;

/// <summary>Reads the published test vectors in tests/vectors.</summary>
internal static class Vectors
{
    public static IReadOnlyList<JsonElement> Of(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "vectors", file)));
        return [.. document.RootElement.EnumerateArray().Select(element => element.Clone())];
    }

    public static byte[] Hex(this JsonElement vector, string name) => Convert.FromHexString(vector.GetProperty(name).GetString()!);

    public static int Number(this JsonElement vector, string name) => vector.GetProperty(name).GetInt32();
}
