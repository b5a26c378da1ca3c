using Delivery.Protocol.Log;

namespace Delivery.Tests.Log;

public sealed class TileTests
{
    [Fact]
    public void A_tree_of_seventy_thousand_leaves_is_cut_as_the_specification_says()
    {
        var tiles = Tile.Covering(70_000).ToList();
        Assert.Equal(273, tiles.Count(tile => tile is { Level: 0, Width: Tile.FullWidth }));
        Assert.Equal(
            [new Tile(0, 273, 112), new Tile(1, 1, 17), new Tile(2, 0, 1)],
            tiles.Where(tile => tile.Width < Tile.FullWidth));
        Assert.Single(tiles, tile => tile is { Level: 1, Width: Tile.FullWidth });
        Assert.Equal(277, tiles.Count);
    }

    [Fact]
    public void A_full_tile_also_begins_the_level_above() =>
        Assert.Equal([new Tile(0, 0, 256), new Tile(1, 0, 1)], Tile.Covering(256));

    [Fact]
    public void The_empty_tree_has_no_tiles() => Assert.Empty(Tile.Covering(0));

    [Theory]
    [InlineData(0, 0, 256, "tile/0/000")]
    [InlineData(0, 1234067, 256, "tile/0/x001/x234/067")]
    [InlineData(0, 1234, 256, "tile/0/x001/234")]
    [InlineData(2, 999, 17, "tile/2/999.p/17")]
    [InlineData(63, 1000, 1, "tile/63/x001/000.p/1")]
    public void Paths_are_those_of_the_specification(int level, long index, int width, string path) =>
        Assert.Equal(path, new Tile(level, index, width).Path);

    [Fact]
    public void Entries_lie_beside_the_lowest_tiles() =>
        Assert.Equal("tile/entries/x001/234.p/5", new Tile(0, 1234, 5).EntriesPath);

    [Fact]
    public void Every_node_is_found_in_its_tile()
    {
        const int size = 1500;
        var oracle = new TreeOracle(size);
        for (var level = 0; size >> level > 0; level++)
        {
            for (var index = 0L; index < size >> level; index++)
            {
                var node = new LogNode(level, index);
                var tile = Tile.Holding(node, size);
                Assert.Equal(oracle.Source(node), Tile.Hash(node, Bytes(oracle, tile)));
            }
        }
    }

    [Fact]
    public void A_node_that_is_not_complete_has_no_tile()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Tile.Holding(new LogNode(3, 1), 15));
        Assert.Equal(new Tile(0, 0, 16), Tile.Holding(new LogNode(3, 1), 16));
    }

    [Fact]
    public void A_tile_that_is_too_short_is_refused()
    {
        var refusal = Assert.Throws<LogFormatException>(() => Tile.Hash(new LogNode(1, 1), new byte[3 * LogHash.SizeBytes]));
        Assert.Equal(LogFormatException.Tile, refusal.Code);
    }

    private static byte[] Bytes(TreeOracle oracle, Tile tile) =>
    [
        .. Enumerable.Range(0, tile.Width).SelectMany(at => oracle
            .Source(new LogNode(tile.Level * Tile.Height, (tile.Index * Tile.FullWidth) + at))
            .ToArray()),
    ];
}
