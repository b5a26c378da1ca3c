using Delivery.Protocol.Arrow;

namespace Delivery.Tests.Arrow;

/// <summary>Whole streams and files of one table, its batch repeated.</summary>
internal static class ArrowFiles
{
    public static async Task<byte[]> StreamAsync(ArrowTable table, int batchCount)
    {
        var output = new MemoryStream();
        var encoder = new ArrowStreamEncoder(output);
        await encoder.WriteHeadAsync(table.Schema, table.Dictionaries, default);
        for (var batch = 0; batch < batchCount; batch++)
        {
            await encoder.WriteBatchAsync(table.Write(), default);
        }

        await encoder.CompleteAsync(default);
        return output.ToArray();
    }

    public static async Task<byte[]> FileAsync(ArrowTable table, int batchCount)
    {
        var output = new MemoryStream();
        var encoder = new ArrowFileEncoder(output, table.Schema);
        await encoder.WriteHeadAsync(table.Dictionaries, default);
        for (var batch = 0; batch < batchCount; batch++)
        {
            await encoder.WriteBatchAsync(table.Write(), default);
        }

        await encoder.CompleteAsync(default);
        return output.ToArray();
    }
}
