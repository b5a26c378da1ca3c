using System.Buffers;
using System.Text;

namespace Grpc.Core;

public sealed partial class Metadata
{
    /// <summary>One key with its text, or its bytes. Never changes; bytes are copied in and out.</summary>
    public class Entry
    {
        private static readonly SearchValues<char> KeyCharacters =
            SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_.");

        private readonly string? text;
        private readonly byte[]? bytes;

        /// <summary>Binary: <paramref name="key"/> must end with <see cref="BinaryHeaderSuffix"/>.</summary>
        public Entry(string key, byte[] valueBytes)
        {
            Key = NormalKey(key);
            if (!IsBinary)
            {
                throw new ArgumentException($"The key of a binary entry ends with {BinaryHeaderSuffix}.", nameof(key));
            }

            ArgumentNullException.ThrowIfNull(valueBytes);
            bytes = (byte[])valueBytes.Clone();
        }

        /// <summary>ASCII text: <paramref name="key"/> must not end with <see cref="BinaryHeaderSuffix"/>.</summary>
        public Entry(string key, string value)
        {
            Key = NormalKey(key);
            if (IsBinary)
            {
                throw new ArgumentException($"A key that ends with {BinaryHeaderSuffix} takes bytes.", nameof(key));
            }

            ArgumentNullException.ThrowIfNull(value);
            text = value;
        }

        /// <summary>Lower case, whatever the caller wrote.</summary>
        public string Key { get; }

        public bool IsBinary => Key.EndsWith(BinaryHeaderSuffix, StringComparison.Ordinal);

        /// <summary>The bytes, or the ASCII bytes of the text.</summary>
        public byte[] ValueBytes => bytes is null ? Encoding.ASCII.GetBytes(text!) : (byte[])bytes.Clone();

        /// <summary>The text. A binary entry has none, and throws <see cref="InvalidOperationException"/>.</summary>
        public string Value => text ?? throw new InvalidOperationException($"The entry {Key} holds bytes, not text.");

        public override string ToString() => bytes is null
            ? $"[Entry: key={Key}, value={text}]"
            : $"[Entry: key={Key}, valueBytes={Convert.ToHexString(bytes)}]";

        internal bool HasKey(string key) => Key.Equals(key, StringComparison.OrdinalIgnoreCase);

        // HTTP/2 field names are lower case (RFC 9113, section 8.2.1).
        private static string NormalKey(string key)
        {
            ArgumentNullException.ThrowIfNull(key);
            var normal = key.ToLowerInvariant();
            if (normal.Length == 0 || normal.AsSpan().ContainsAnyExcept(KeyCharacters))
            {
                throw new ArgumentException("A key is made of letters, digits, '-', '_' and '.'.", nameof(key));
            }

            return normal;
        }
    }
}
