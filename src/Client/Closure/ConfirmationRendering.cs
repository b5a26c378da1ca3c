using System.Globalization;
using System.Text;
using Delivery.Protocol.Domain;

namespace Delivery.Client.Closure;

/// <summary>
/// The readable side of a confirmation, always made from the signed document and never taken from anybody. One document has one
/// rendering, so a file whose text was rewritten is refused.
/// </summary>
internal static class ConfirmationRendering
{
    /// <summary>The text in both languages, lines ended by a line feed.</summary>
    public static Bilingual Of(ConfirmationFacts facts)
    {
        var state = StateWords.OfProject(facts.ProjectState)!;
        var (danish, english) = (new StringBuilder(), new StringBuilder());
        danish.Append(Text($"Bekræftelse: projekt {facts.ProjectId} ({state.Danish})\n\n"));
        english.Append(Text($"Confirmation: project {facts.ProjectId} ({state.English})\n\n"));
        foreach (var holding in facts.Holdings)
        {
            var words = StateWords.OfHolding(holding.State)!;
            danish.Append(Text($"Databeholdning {holding.HoldingId}: {words.Danish}{Ended(holding, " den ", "; resten er i behold")}.\n"));
            danish.Append(Text($"  {holding.RowCount} rækker, udleveret den {IsoDay.Text(holding.DeliveredOn)}. Frist: {IsoDay.Text(holding.DeletionDue)}{(holding.WasOverdue ? ", overskredet" : "")}.\n"));
            english.Append(Text($"Holding {holding.HoldingId}: {words.English}{Ended(holding, " on ", "; the rest remains")}.\n"));
            english.Append(Text($"  {holding.RowCount} rows, delivered on {IsoDay.Text(holding.DeliveredOn)}. Due: {IsoDay.Text(holding.DeletionDue)}{(holding.WasOverdue ? ", passed" : "")}.\n"));
        }

        danish.Append(Text($"\nStår i overførselsloggen som nummer {facts.LogIndex}, aftryk {facts.LeafHash}.\n"));
        english.Append(Text($"\nStands in the transfer log as number {facts.LogIndex}, hash {facts.LeafHash}.\n"));
        return new Bilingual(danish.ToString(), english.ToString());
    }

    private static string Ended(ConfirmedHolding holding, string on, string otherwise) => holding.EndedOn is { } day ? on + IsoDay.Text(day) : otherwise;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
