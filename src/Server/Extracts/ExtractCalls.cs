using Delivery.Protocol.Log;
using Delivery.Protocol.V1;
using Delivery.Server.Identity;
using Delivery.Server.Refusals;
using Delivery.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Delivery.Server.Extracts;

/// <summary>The rows of calls: which may begin, which still run, and that each ends once, whichever server it runs on.</summary>
internal static class ExtractCalls
{
    /// <summary>The id of a call that may begin. One organisation cannot take every stream, counted over all servers.</summary>
    /// <exception cref="RefusedException">The id was used before, or the organisation has as many streams as it may.</exception>
    public static LogHash Require(DeliveryDb db, StreamExtractRequest request, Caller caller, int streamsMax)
    {
        if (request.CallId.Length != LogHash.SizeBytes)
        {
            throw RefusedException.By("E_CALL_ID");
        }

        var callId = new LogHash(request.CallId.Span);
        var text = callId.ToString();
        if (db.Set<ExtractCallRow>().Any(row => row.CallId == text))
        {
            throw RefusedException.By("E_CALL_ID");
        }

        return db.Set<ExtractCallRow>().Count(call => call.ClientCvr == caller.Cvr && call.TerminalLogIndex < 0) < streamsMax
            ? callId
            : throw RefusedException.By("E_TOO_MANY_STREAMS", $"{streamsMax}");
    }

    /// <summary>Refuses to go on with a call that was ended meanwhile, by another server that gave this one up for dead.</summary>
    public static void RequireOpen(WriteScope scope, OpenedExtract extract)
    {
        using var command = scope.Command("SELECT 1 FROM extract_call WHERE call_id = $1 AND terminal_log_index < 0", extract.CallId.ToString());
        if (command.ExecuteScalar() is null)
        {
            throw RefusedException.By(StoreUnavailableException.Unreachable);
        }
    }

    /// <summary>Calls that have no end and whose server is no more.</summary>
    public static IReadOnlyList<(ExtractCallRow Call, string ProjectId)> CutOn(DeliveryDb db, IReadOnlyList<long> deadReplicas) =>
        WithProject(db, db.Set<ExtractCallRow>().Where(call => call.TerminalLogIndex < 0 && (call.ReplicaId == 0 || deadReplicas.Contains(call.ReplicaId))));

    /// <summary>Those of some calls that have no end.</summary>
    public static IReadOnlyList<(ExtractCallRow Call, string ProjectId)> OpenAmong(DeliveryDb db, IEnumerable<string> callIds) =>
        WithProject(db, db.Set<ExtractCallRow>().Where(call => call.TerminalLogIndex < 0 && callIds.Contains(call.CallId)));

    private static IReadOnlyList<(ExtractCallRow Call, string ProjectId)> WithProject(DeliveryDb db, IQueryable<ExtractCallRow> calls) =>
        [.. calls.AsNoTracking()
            .Join(db.Set<ExtractRow>(), call => call.ExtractId, extract => extract.ExtractId, (call, extract) => new { call, extract.ProjectId })
            .AsEnumerable()
            .Select(found => (found.call, found.ProjectId))];

    /// <summary>Notes the leaf that ended a call.</summary>
    public static void End(WriteScope scope, LogHash callId, long logIndex)
    {
        if (scope.Execute("UPDATE extract_call SET terminal_log_index = $2 WHERE call_id = $1 AND terminal_log_index < 0", callId.ToString(), logIndex) != 1)
        {
            throw new InvalidOperationException("The call had ended already.");
        }
    }
}
