using Delivery.Server.Intake;
using Delivery.Server.Storage;

namespace Delivery.EndToEnd.Running;

/// <summary>What the store holds of results, to compare before with after.</summary>
internal sealed record StoreState(string Generations, string Segments, long SegmentColumns, string Imports)
{
    public static StoreState Of(RunningServer server) => server.Get<Store>().Read(db => new StoreState(
        // A partition that was only given a key holds nothing yet.
        string.Join(' ', db.Set<PartitionRow>().Where(row => row.CurrentGeneration > 0).OrderBy(row => row.PartitionId).Select(row => row.PartitionId + ":" + row.CurrentGeneration)),
        string.Join(' ', db.Set<SegmentRow>().OrderBy(row => row.SegmentId).Select(row => row.SegmentId + ":" + row.Generation + ":" + row.Rows)),
        db.Set<SegmentColumnRow>().LongCount(),
        string.Join(' ', db.Set<ImportRow>().OrderBy(row => row.ImportId).Select(row => row.SourceDeliveryId + ":" + row.State))));
}
