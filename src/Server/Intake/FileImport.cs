using System.Collections.Concurrent;
using System.Threading.Channels;
using Delivery.Protocol.Domain;
using Delivery.Server.Refusals;

namespace Delivery.Server.Intake;

/// <summary>
/// Reads a results file while it arrives: one task cuts it into blocks, others judge blocks beside each other, and this one gives them to the import in
/// the order of the file. A bounded number of blocks is under way, so that a sender who is faster than the disk waits. Used once.
/// </summary>
internal sealed class FileImport(ImportUpload upload, CsvFormat format, CprPolicy policy)
{
    // One block for each core, and two that wait.
    private static readonly int BlocksAheadMax = Environment.ProcessorCount + 2;

    private readonly Channel<Task<JudgedBlock>> _ahead =
        Channel.CreateBounded<Task<JudgedBlock>>(new BoundedChannelOptions(BlocksAheadMax) { SingleReader = true, SingleWriter = true });

    private readonly ConcurrentBag<JudgedBlock> _free = [];

    /// <summary>Reads the whole file. Returns when every row is with the import.</summary>
    /// <exception cref="RefusedException">The file is not what it should be; the first mistake in it is named.</exception>
    public async Task ReadAsync(ImportRun run, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var cutting = Task.Run(() => CutAsync(stop.Token), CancellationToken.None);
        try
        {
            await foreach (var judging in _ahead.Reader.ReadAllAsync(cancellation))
            {
                var block = await judging;
                try
                {
                    await run.AddAsync(block, cancellation);
                }
                finally
                {
                    block.Clear();
                    _free.Add(block);
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
            await cutting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await DropAsync();
        }
    }

    private async Task CutAsync(CancellationToken cancellation)
    {
        try
        {
            await using var file = new IncomingFile(upload.ReadAsync);
            using var blocks = await OpenAsync(file, cancellation);
            RowJudge? judge = null;
            var rules = RowJudge.Rules(policy);
            while (await blocks.NextAsync(cancellation) is { } block)
            {
                judge ??= new RowJudge(Header(blocks, block), blocks.Format, rules);
                await _ahead.Writer.WriteAsync(Judge(judge, block), cancellation);
            }

            _ahead.Writer.Complete(judge is null ? RefusedException.By("E_CSV_EMPTY") : null);
        }
        catch (Exception exception)
        {
            _ahead.Writer.Complete(exception);
        }
    }

    private async ValueTask<IRowBlocks> OpenAsync(IncomingFile file, CancellationToken cancellation)
    {
        var form = await file.FormAsync(cancellation);
        return form == FileForm.Csv ? new TextBlocks(file.ReadAsync, format) : new ArrowBlocks(file, form);
    }

    private static ResultsHeader Header(IRowBlocks blocks, TextBlock block)
    {
        try
        {
            return blocks.Header(block);
        }
        catch
        {
            block.Dispose();
            throw;
        }
    }

    private Task<JudgedBlock> Judge(RowJudge judge, TextBlock block)
    {
        var judged = _free.TryTake(out var free) ? free : new JudgedBlock();
        return Task.Run(() => judge.Judge(block, judged));
    }

    // What was judged and not taken holds text in the clear.
    private async Task DropAsync()
    {
        while (_ahead.Reader.TryRead(out var left))
        {
            (await left).Clear();
        }
    }
}
