using Delivery.Protocol.Domain;
using Delivery.Protocol.Log;
using Delivery.Server.Identity;
using Delivery.Server.Refusals;
using Delivery.Server.Storage;
using Delivery.Server.TransferLog;
using Microsoft.EntityFrameworkCore;

namespace Delivery.Server.Catalogue;

/// <summary>The publication calendar: which years' national results are public. The transition test of a year is delivered only from then on.</summary>
internal sealed class PublicationDesk(Store store, StoreWriter writer, LogAppender log, TimeProvider clock)
{
    /// <summary>The calendar as it stands, read inside a transaction.</summary>
    public static PublicationCalendar Calendar(DeliveryDb db) => new(Rows(db));

    /// <summary>Every year that has or will have national results.</summary>
    public IReadOnlyList<Publication> List() => store.Read(Rows);

    /// <summary>Records a publication with its leaf. A later call for the same year corrects the day.</summary>
    public Task<(Publication Publication, long LogIndex)> PublishAsync(Publication publication, Caller caller, CancellationToken cancellation)
    {
        if (!Publication.Defaults.Any(known => known.Programme == publication.Programme && known.SchoolYear == publication.SchoolYear))
        {
            throw RefusedException.By("E_PUBLICATION_UNKNOWN");
        }

        if (publication.PublishedOn is not { } publishedOn || publishedOn > DanishTime.DateOf(clock.GetUtcNow()))
        {
            throw RefusedException.By("E_DATE_IN_FUTURE", "published_on");
        }

        return writer.WriteAsync(
            scope =>
            {
                var leaf = log.Append(scope, LeafDraft.ResultsPublished(caller.Actor, publication.Programme.Code(), publication.SchoolYear.ToString(), publishedOn));
                scope.Execute(
                    """
                    INSERT INTO publication (programme, school_year, published_on, source, log_index) VALUES ($1, $2, $3, $4, $5)
                    ON CONFLICT (programme, school_year) DO UPDATE SET published_on = excluded.published_on, source = excluded.source, log_index = excluded.log_index
                    """,
                    (int)publication.Programme, publication.SchoolYear.StartYear, IsoDay.Text(publishedOn), publication.Source, leaf.Index);
                return (publication, leaf.Index);
            },
            cancellation);
    }

    private static IReadOnlyList<Publication> Rows(DeliveryDb db)
    {
        var recorded = db.Set<PublicationRow>().AsNoTracking().ToDictionary(row => ((Programme)row.Programme, row.SchoolYear));
        return
        [
            .. Publication.Defaults.Select(known => recorded.TryGetValue((known.Programme, known.SchoolYear.StartYear), out var row)
                ? known with { PublishedOn = IsoDay.Read(row.PublishedOn), Source = row.Source }
                : known),
        ];
    }
}
