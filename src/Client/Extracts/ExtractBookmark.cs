namespace Delivery.Client.Extracts;

/// <summary>
/// A place between two batches of an extract, to be kept by whoever writes batches to a place of its own: with it, reading
/// goes on there after a crash and gives the same batches as a reading in one go.
/// </summary>
/// <param name="ExtractId">The extract.</param>
/// <param name="NextBatch">The first batch after it, from 1.</param>
/// <param name="RunningDigest">Stands for all batches before it, 32 bytes. The server refuses to go on if its own differs.</param>
/// <param name="Rows">Rows in the batches before it.</param>
public sealed record ExtractBookmark(string ExtractId, long NextBatch, ReadOnlyMemory<byte> RunningDigest, long Rows);
