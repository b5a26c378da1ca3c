using Delivery.Server.Refusals;

namespace Delivery.Server.Intake;

/// <summary>
/// A results file that arrives, as blocks of whole lines, which can be judged apart from each other. Whatever form the file has, its rows become
/// lines: so there is one judge of rows, and what is set aside is kept as the same text. One thread.
/// </summary>
internal interface IRowBlocks : IDisposable
{
    /// <summary>How the lines are written.</summary>
    CsvFormat Format { get; }

    /// <summary>The next block, whose first line is the header if <see cref="TextBlock.FirstRow"/> is 0; null at the end of the file.</summary>
    /// <exception cref="RefusedException">The file is not what it should be.</exception>
    ValueTask<TextBlock?> NextAsync(CancellationToken cancellation);

    /// <summary>Where the lines have their columns.</summary>
    /// <param name="first">The first block.</param>
    /// <exception cref="RefusedException">A column is unknown, repeated or left out.</exception>
    ResultsHeader Header(TextBlock first);
}
