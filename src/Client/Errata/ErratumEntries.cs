using Delivery.Client.Connection;
using Delivery.Client.Refusals;
using Delivery.Protocol.Domain;
using Delivery.Protocol.Domain.Errata;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Client.Errata;

/// <summary>Which imports of the tests an erratum is about, seen from the moment of its registration.</summary>
public enum ErratumReach
{
    /// <summary>Every import, later ones too.</summary>
    EveryGeneration = 1,

    /// <summary>The imports so far; a later one is free of it.</summary>
    ThroughCurrent = 2,

    /// <summary>The imports before the current one, which corrected them.</summary>
    BeforeCurrent = 3,
}

/// <summary>An erratum to register.</summary>
/// <param name="Id">STIL's own name for it: 1 to 64 letters, digits, full stops, underscores or hyphens.</param>
/// <param name="Severity">How much it weighs.</param>
/// <param name="Programme">The programme.</param>
/// <param name="SchoolYears">The school years; at least one.</param>
/// <param name="Text">What is to be known, 1 to 2,000 characters in each language. Goes to every recipient; names no person and no school.</param>
public sealed record NewErratum(string Id, ErratumSeverity Severity, Programme Programme, IReadOnlyList<SchoolYear> SchoolYears, Bilingual Text)
{
    /// <summary>The subjects; empty for all.</summary>
    public IReadOnlyList<Subject> Subjects { get; init; } = [];

    /// <summary>The grades; empty for all.</summary>
    public IReadOnlyList<int> Grades { get; init; } = [];

    /// <summary>Column names; empty for the whole row.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>Which imports it is about. Default every one.</summary>
    public ErratumReach Reach { get; init; } = ErratumReach.EveryGeneration;
}

/// <summary>An erratum as it stands.</summary>
/// <param name="Erratum">What it says.</param>
/// <param name="RegisteredAt">When it was registered.</param>
/// <param name="LogIndex">Index of its leaf in the transfer log.</param>
/// <param name="DocumentSha256">SHA-256 of the document deliveries carry, as in that leaf; lower-case hexadecimal.</param>
/// <param name="Withdrawal">Its end; null while it holds.</param>
public sealed record RegisteredErratum(Erratum Erratum, DateTimeOffset RegisteredAt, long LogIndex, string DocumentSha256, ErratumWithdrawal? Withdrawal);

/// <summary>The end of an erratum.</summary>
/// <param name="Reason">Why.</param>
/// <param name="WithdrawnAt">When.</param>
/// <param name="LogIndex">Index of its leaf in the transfer log.</param>
public sealed record ErratumWithdrawal(Bilingual Reason, DateTimeOffset WithdrawnAt, long LogIndex);

/// <summary>One delivery that brought what an erratum concerns.</summary>
/// <param name="ProjectId">The project.</param>
/// <param name="ExtractId">The extract, or the name of a reuse.</param>
/// <param name="HoldingId">The holding; empty while there is no receipt.</param>
/// <param name="State">OPEN, DELETED, DESTROYED or ARCHIVED; RELEASED where bytes left and no receipt came.</param>
/// <param name="SourceHoldingId">The holding it was carried over from; empty for an extract.</param>
/// <param name="DeliveredOn">Day of the receipt; null while there is none.</param>
/// <param name="IsCarried">Whether the delivery itself carried the erratum.</param>
/// <param name="Partitions">What of it is concerned.</param>
public sealed record AffectedDelivery(
    string ProjectId,
    string ExtractId,
    string HoldingId,
    string State,
    string SourceHoldingId,
    DateOnly? DeliveredOn,
    bool IsCarried,
    IReadOnlyList<AffectedPartition> Partitions);

/// <summary>One test and year of a delivery that an erratum concerns.</summary>
/// <param name="Partition">For example <c>NT-DAN-2-2014</c>.</param>
/// <param name="Generation">The import it was read from; 0 where the delivery is older than that record.</param>
/// <param name="Columns">The columns concerned.</param>
public sealed record AffectedPartition(string Partition, long Generation, IReadOnlyList<string> Columns);

/// <summary>News of an erratum.</summary>
/// <param name="Erratum">The erratum.</param>
/// <param name="Deliveries">The deliveries it concerns.</param>
/// <param name="LogSize">Size of the transfer log this was read at.</param>
public sealed record ErratumNews(RegisteredErratum Erratum, IReadOnlyList<AffectedDelivery> Deliveries, long LogSize);

/// <summary>Reads errata off the wire.</summary>
internal static class ErratumMessages
{
    /// <exception cref="DeliveryClientException">The document is not an erratum.</exception>
    public static RegisteredErratum Read(Wire.Erratum erratum) => new(
        Document(erratum.Document.Span),
        WireText.Time(erratum.RegisterTimeMs),
        erratum.LogIndex,
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(erratum.Document.Span)),
        erratum.Withdrawal is not { } end ? null : new ErratumWithdrawal(new Bilingual(end.ReasonDa, end.ReasonEn), WireText.Time(end.WithdrawTimeMs), end.LogIndex));

    public static AffectedDelivery Read(Wire.AffectedDelivery delivery) => new(
        delivery.ProjectId,
        delivery.ExtractId,
        delivery.HoldingId,
        delivery.State,
        delivery.SourceHoldingId,
        WireText.Date(delivery.DeliveredOn),
        delivery.IsCarried,
        [.. delivery.Partitions.Select(partition => new AffectedPartition(partition.Partition, partition.Generation, [.. partition.Columns]))]);

    /// <exception cref="DeliveryClientException">The bytes are not an erratum.</exception>
    public static Erratum Document(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return ErratumDocument.Read(bytes);
        }
        catch (FormatException cause)
        {
            throw new DeliveryClientException(ClientReasons.ProtocolBroken, "erratum", cause);
        }
    }
}
