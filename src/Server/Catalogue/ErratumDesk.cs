using System.Text;
using Delivery.Protocol.Arrow;
using Delivery.Protocol.Domain;
using Delivery.Protocol.Domain.Errata;
using Delivery.Protocol.Log;
using Delivery.Server.Identity;
using Delivery.Server.Refusals;
using Delivery.Server.Storage;
using Delivery.Server.TransferLog;
using Microsoft.EntityFrameworkCore;

namespace Delivery.Server.Catalogue;

/// <summary>An erratum as it stands.</summary>
/// <param name="Row">As registered.</param>
/// <param name="Erratum">What it says.</param>
/// <param name="Withdrawal">Its end; null while it holds.</param>
internal sealed record RegisteredErratum(ErratumRow Row, Erratum Erratum, ErratumWithdrawalRow? Withdrawal);

/// <summary>
/// Caveats and faults in results. Registering one and withdrawing it are acts with leaves; neither is ever changed, so what a delivery carried
/// can be told for good.
/// </summary>
internal sealed class ErratumDesk(Store store, StoreWriter writer, LogAppender log, TimeProvider clock)
{
    /// <summary>Every erratum, in the order of registration.</summary>
    public static IReadOnlyList<RegisteredErratum> All(DeliveryDb db)
    {
        var ends = db.Set<ErratumWithdrawalRow>().AsNoTracking().ToDictionary(row => row.ErratumId, StringComparer.Ordinal);
        return
        [
            .. db.Set<ErratumRow>().AsNoTracking().OrderBy(row => row.LogIndex).AsEnumerable()
                .Select(row => new RegisteredErratum(row, ErratumDocument.Read(row.Document), ends.GetValueOrDefault(row.ErratumId))),
        ];
    }

    /// <summary>One erratum, or the refusal that there is none.</summary>
    public static RegisteredErratum Require(DeliveryDb db, string erratumId) => Find(db, erratumId) ?? throw RefusedException.By("E_ERRATUM_UNKNOWN");

    /// <summary>The errata that hold and concern what a delivery would bring, in the order of registration.</summary>
    public static IReadOnlyList<CarriedErratum> Concerning(DeliveryDb db, Scope scope, IReadOnlyList<(PartitionKey Partition, long Generation)> received) =>
        [.. All(db).Where(known => known.Withdrawal is null).Select(known => Carried(known, scope, received)).OfType<CarriedErratum>()];

    /// <summary>Some errata, by id, as a delivery that was planned with them carries them.</summary>
    public static IReadOnlyList<CarriedErratum> Carried(DeliveryDb db, IReadOnlySet<string> ids, Scope scope, IReadOnlyList<(PartitionKey Partition, long Generation)> received) =>
        ids.Count == 0 ? [] : [.. All(db).Where(known => ids.Contains(known.Row.ErratumId)).Select(known => Carried(known, scope, received)).OfType<CarriedErratum>()];

    /// <summary>Every erratum, read anew.</summary>
    public IReadOnlyList<RegisteredErratum> List() => store.Read(All);

    /// <summary>Registers an erratum with its leaf. Repeating a call changes nothing.</summary>
    /// <param name="draft">What STIL words.</param>
    /// <param name="request">The request's bytes.</param>
    /// <param name="caller">Who registers.</param>
    /// <param name="cancellation">Ends the wait for the writer.</param>
    public Task<RegisteredErratum> RegisterAsync(ErratumDraft draft, byte[] request, Caller caller, CancellationToken cancellation)
    {
        var requestDigest = LogHash.Of(request).ToArray();
        return writer.WriteAsync(
            scope =>
            {
                if (Find(scope.Db, draft.Id) is { } registered)
                {
                    return registered.Row.RequestDigest.AsSpan().SequenceEqual(requestDigest) ? registered : throw RefusedException.By("E_ERRATUM_CONFLICT");
                }

                var current = scope.Db.Set<PartitionRow>().AsNoTracking().ToDictionary(row => row.PartitionId, row => row.CurrentGeneration);
                var erratum = ErratumRule.Resolve(draft, partition => current.GetValueOrDefault(partition.Id));
                var row = new ErratumRow
                {
                    ErratumId = draft.Id,
                    RequestDigest = requestDigest,
                    Document = ErratumDocument.Write(erratum),
                    RegisterTimeMs = clock.GetUtcNow().ToUnixTimeMilliseconds(),
                };
                row.LogIndex = log.Append(scope, LeafDraft.ErratumRegistered(
                    caller.Actor, draft.Id, draft.Severity.Code(), draft.Programme.Code(), LogHash.Of(row.Document))).Index;
                scope.Db.Add(row);
                scope.Db.SaveChanges();
                return new RegisteredErratum(row, erratum, null);
            },
            cancellation);
    }

    /// <summary>Ends an erratum with its leaf. A second call answers as the first.</summary>
    public Task<RegisteredErratum> WithdrawAsync(string erratumId, Bilingual reason, Caller caller, CancellationToken cancellation)
    {
        ErratumRule.RequireText(reason.Danish, "reason_da");
        ErratumRule.RequireText(reason.English, "reason_en");
        return writer.WriteAsync(
            scope =>
            {
                var known = Require(scope.Db, erratumId);
                if (known.Withdrawal is not null)
                {
                    return known;
                }

                var digest = LogHash.Of(Encoding.UTF8.GetBytes($"{reason.Danish}\n{reason.English}"));
                var end = new ErratumWithdrawalRow
                {
                    ErratumId = erratumId,
                    ReasonDa = reason.Danish,
                    ReasonEn = reason.English,
                    WithdrawTimeMs = clock.GetUtcNow().ToUnixTimeMilliseconds(),
                    LogIndex = log.Append(scope, LeafDraft.ErratumWithdrawn(caller.Actor, erratumId, digest)).Index,
                };
                scope.Db.Add(end);
                scope.Db.SaveChanges();
                return known with { Withdrawal = end };
            },
            cancellation);
    }

    private static RegisteredErratum? Find(DeliveryDb db, string erratumId) =>
        db.Set<ErratumRow>().AsNoTracking().FirstOrDefault(row => row.ErratumId == erratumId) is { } row
            ? new RegisteredErratum(row, ErratumDocument.Read(row.Document), db.Set<ErratumWithdrawalRow>().AsNoTracking().FirstOrDefault(end => end.ErratumId == erratumId))
            : null;

    private static CarriedErratum? Carried(RegisteredErratum known, Scope scope, IReadOnlyList<(PartitionKey Partition, long Generation)> received)
    {
        var hits = known.Erratum.In(scope, received);
        return hits.Count == 0 ? null : new CarriedErratum(known.Erratum, known.Row.Document, hits.Aggregate(default(VariableSet), (all, hit) => all.Or(hit.Columns)));
    }
}
