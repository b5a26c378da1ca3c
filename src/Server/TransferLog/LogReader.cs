using System.Data.Common;
using System.Globalization;
using Delivery.Protocol.Log;
using Delivery.Server.Storage;

namespace Delivery.Server.TransferLog;

/// <summary>
/// Reads the committed log in one read transaction: leaves, and the hashes proofs are made of. The caller disposes it soon; one thread.
/// </summary>
internal sealed class LogReader : IDisposable
{
    private readonly Dictionary<(int Level, long Index), byte[]> _tiles = [];
    private readonly DbConnection _connection;
    private readonly DbTransaction _snapshot;
    private readonly bool _isBorrowed;

    public LogReader(Store store)
        : this(store, store.OpenReader(), isBorrowed: false)
    {
    }

    /// <summary>Reads over a connection that the caller goes on to use, and does not close it.</summary>
    public static LogReader Over(Store store, DbConnection connection) => new(store, connection, isBorrowed: true);

    private LogReader(Store store, DbConnection connection, bool isBorrowed)
    {
        (_connection, _isBorrowed) = (connection, isBorrowed);
        try
        {
            _snapshot = store.BeginSnapshot(connection);
            using var command = Command("SELECT frontier FROM log_head WHERE id = 1");
            Range = command.ExecuteScalar() is byte[] frontier ? CompactRange.Decode(frontier) : new CompactRange();
        }
        catch
        {
            // Nobody else would.
            Dispose();
            throw;
        }
    }

    /// <summary>The log's right edge in this snapshot.</summary>
    public CompactRange Range { get; }

    /// <summary>The hash of a complete subtree.</summary>
    public LogHash Node(LogNode node)
    {
        var tile = Tile.Holding(node, Range.Size);
        if (!_tiles.TryGetValue((tile.Level, tile.Index), out var hashes))
        {
            hashes = tile.Width == Tile.FullWidth ? FullTile(tile) : PartialTile(tile);
            _tiles.Add((tile.Level, tile.Index), hashes);
        }

        return Tile.Hash(node, hashes);
    }

    /// <summary>One leaf and the CVR number of the organisation it belongs to, or null past the end.</summary>
    public (byte[] Body, string Organisation)? Leaf(long index)
    {
        using var command = Command("SELECT body, organisation FROM log_leaf WHERE idx = $1", index);
        using var reader = command.ExecuteReader();
        return reader.Read() ? (reader.GetFieldValue<byte[]>(0), reader.GetString(1)) : null;
    }

    /// <summary>Leaves in order, optionally of one project or one organisation (empty for all).</summary>
    public IReadOnlyList<AppendedLeaf> Leaves(long first, long countMax, string projectId, string organisation)
    {
        using var command = Command(
            "SELECT idx, body FROM log_leaf WHERE idx >= $1 AND ($3 = '' OR project_id = $3) AND ($4 = '' OR organisation = $4) ORDER BY idx LIMIT $2",
            first, countMax, projectId, organisation);
        using var reader = command.ExecuteReader();
        var leaves = new List<AppendedLeaf>();
        while (reader.Read())
        {
            leaves.Add(new AppendedLeaf(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)));
        }

        return leaves;
    }

    /// <summary>A checkpoint's note with the lines of every witness that cosigned that size.</summary>
    public SignedNote WithCosignatures(long size, SignedNote note)
    {
        using var command = Command("SELECT note FROM log_cosignature WHERE size = $1 ORDER BY witness", size);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            // The witness's line was put at the end when its cosignature was taken in.
            note = note.With(SignedNote.Parse(reader.GetFieldValue<byte[]>(0)).Signatures[^1]);
        }

        return note;
    }

    /// <summary>Size of the newest checkpoint; 0 if there is none.</summary>
    public long NewestSigned()
    {
        using var command = Command("SELECT coalesce(max(size), 0) FROM log_checkpoint");
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>The newest checkpoint that a witness cosigned, with all cosignatures of that size; null if there is none.</summary>
    public SignedNote? NewestWitnessed()
    {
        long size;
        SignedNote note;
        using (var command = Command("SELECT size, note FROM log_checkpoint WHERE size = (SELECT max(size) FROM log_cosignature)"))
        using (var reader = command.ExecuteReader())
        {
            if (!reader.Read())
            {
                return null;
            }

            (size, note) = (reader.GetInt64(0), SignedNote.Parse(reader.GetFieldValue<byte[]>(1)));
        }

        // One connection answers one question at a time.
        return WithCosignatures(size, note);
    }

    public void Dispose()
    {
        _snapshot?.Dispose();
        if (!_isBorrowed)
        {
            _connection.Dispose();
        }
    }

    private byte[] FullTile(Tile tile)
    {
        using var command = Command("SELECT hashes FROM log_tile WHERE level = $1 AND idx = $2", tile.Level, tile.Index);
        return command.ExecuteScalar() as byte[]
            ?? throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"Tile {tile.Path} of the transfer log is missing: the database was altered."));
    }

    // The right edge is not stored as a tile: at level 0 it stands in the leaves, above in the roots of the tiles below.
    private byte[] PartialTile(Tile tile)
    {
        var first = tile.Index * Tile.FullWidth;
        using var command = tile.Level == 0
            ? Command("SELECT leaf_hash FROM log_leaf WHERE idx >= $1 AND idx < $2 ORDER BY idx", first, first + tile.Width)
            : Command("SELECT root FROM log_tile WHERE level = $3 AND idx >= $1 AND idx < $2 ORDER BY idx", first, first + tile.Width, tile.Level - 1);
        using var reader = command.ExecuteReader();
        var hashes = new byte[tile.Width * LogHash.SizeBytes];
        for (var at = 0; reader.Read(); at += LogHash.SizeBytes)
        {
            reader.GetFieldValue<byte[]>(0).CopyTo(hashes, at);
        }

        return hashes;
    }

    private DbCommand Command(string sql, params ReadOnlySpan<object> parameters) => _connection.Command(_snapshot, sql, parameters);
}
