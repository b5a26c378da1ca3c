using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Delivery.Protocol.Domain;

namespace Delivery.Client.Closure;

/// <summary>
/// A confirmation as one file: everything a check needs, and the text people read. A confirmation has exactly one spelling, so a file
/// that reads the same but is written otherwise is not one.
/// </summary>
/// <param name="Document">The signed document.</param>
/// <param name="Signature">The delivery key's signature over it.</param>
/// <param name="Leaf">The leaf that records it.</param>
/// <param name="Proof">The leaf's inclusion proof.</param>
/// <param name="Rendering">The text in the file; believed only when it is what the document gives.</param>
internal sealed record ConfirmationFile(byte[] Document, byte[] Signature, byte[] Leaf, byte[] Proof, Bilingual Rendering)
{
    /// <summary>A document and a leaf of 64 KiB each, a proof, base64 and twice the text come to less.</summary>
    public const int SizeMaxBytes = 1 << 20;

    private static readonly JsonWriterOptions Spelling = new()
    {
        Indented = true,
        IndentSize = 2,
        NewLine = "\n",

        // Danish letters stay readable; the file goes to people and programs, never into HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Reads a file; null when it is not written as <see cref="Encode"/> writes it.</summary>
    public static ConfirmationFile? Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes);
            using var json = JsonDocument.ParseValue(ref reader);
            var file = new ConfirmationFile(
                json.RootElement.GetProperty("document").GetBytesFromBase64(),
                json.RootElement.GetProperty("signature").GetBytesFromBase64(),
                json.RootElement.GetProperty("leaf").GetBytesFromBase64(),
                json.RootElement.GetProperty("proof").GetBytesFromBase64(),
                new Bilingual(json.RootElement.GetProperty("rendering_da").GetString() ?? "", json.RootElement.GetProperty("rendering_en").GetString() ?? ""));
            return bytes.SequenceEqual(file.Encode()) ? file : null;
        }
        catch (Exception malformed) when (malformed is JsonException or KeyNotFoundException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The file's bytes.</summary>
    public byte[] Encode()
    {
        var output = new ArrayBufferWriter<byte>(8192);
        using (var writer = new Utf8JsonWriter(output, Spelling))
        {
            writer.WriteStartObject();
            writer.WriteBase64String("document", Document);
            writer.WriteBase64String("signature", Signature);
            writer.WriteBase64String("leaf", Leaf);
            writer.WriteBase64String("proof", Proof);
            writer.WriteString("rendering_da", Rendering.Danish);
            writer.WriteString("rendering_en", Rendering.English);
            writer.WriteEndObject();
        }

        output.Write("\n"u8);
        return output.WrittenSpan.ToArray();
    }
}
