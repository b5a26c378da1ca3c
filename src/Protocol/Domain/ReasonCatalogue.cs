using System.Collections.Frozen;
using Delivery.Protocol.Domain.Approvals;

namespace Delivery.Protocol.Domain;

/// <summary>
/// Every stable code the product may answer with, in one table: approval rules, run-time refusals, findings about rows,
/// files, transport and service. Immutable; any thread may use it.
/// </summary>
public static class ReasonCatalogue
{
    /// <summary>Every code, in ordinal order.</summary>
    public static IReadOnlyList<ReasonCode> All { get; } =
    [
        .. ApprovalRules.All.Select(rule => rule.Reason)
            .Concat(RowCodes.All.Select(code => code.Reason))
            .Concat(ProjectReasons.All).Concat(FileReasons.All).Concat(CallReasons.All).Concat(ExtractReasons.All).Concat(ErratumReasons.All).Concat(FigureReasons.All)
            .OrderBy(reason => reason.Code, StringComparer.Ordinal),
    ];

    private static readonly FrozenDictionary<string, ReasonCode> ByCode = All.ToFrozenDictionary(reason => reason.Code, StringComparer.Ordinal);

    /// <summary>The entry of a code, or null when there is none.</summary>
    public static ReasonCode? Find(string code) => ByCode.GetValueOrDefault(code);

    /// <summary>The entry of a code the program itself wrote.</summary>
    /// <exception cref="KeyNotFoundException">The code is not in the table, which is a fault of the program.</exception>
    public static ReasonCode Get(string code) => ByCode[code];
}
