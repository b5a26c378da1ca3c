namespace Delivery.Protocol.Domain;

/// <summary>The canonical status a refusal travels under; names as in gRPC, without depending on it.</summary>
public enum RefusalStatus
{
    /// <summary>No refusal: the code is a finding about a row.</summary>
    None = 0,

    /// <summary>The request is wrong in itself.</summary>
    InvalidArgument,

    /// <summary>The request is right, the state of things forbids it.</summary>
    FailedPrecondition,

    /// <summary>The caller may not.</summary>
    PermissionDenied,

    /// <summary>The caller is not known.</summary>
    Unauthenticated,

    /// <summary>There is none, or none this caller may know of.</summary>
    NotFound,

    /// <summary>It exists already.</summary>
    AlreadyExists,

    /// <summary>Something changed meanwhile; read again and repeat.</summary>
    Aborted,

    /// <summary>A limit is reached.</summary>
    ResourceExhausted,

    /// <summary>Passing trouble; repeat later.</summary>
    Unavailable,

    /// <summary>A promise of the server itself is broken.</summary>
    Internal,

    /// <summary>Data were lost or altered.</summary>
    DataLoss,
}

/// <summary>How serious a code is.</summary>
public enum Severity
{
    /// <summary>Worth counting.</summary>
    Information = 0,

    /// <summary>Delivered, with a remark in the quality report.</summary>
    Warning = 1,

    /// <summary>Not delivered, or refused.</summary>
    Error = 2,
}

/// <summary>A stable code with its words: what happened and what to do next, in both languages.</summary>
/// <param name="Code">The code, never changed once released.</param>
/// <param name="Severity">How serious.</param>
/// <param name="Status">The status a refusal travels under; <see cref="RefusalStatus.None"/> for remarks on rows.</param>
/// <param name="Message">What happened.</param>
/// <param name="Remedy">What to do.</param>
/// <param name="Section">Where the rule comes from: section of the guidelines, law, or <c>house</c>.</param>
public sealed record ReasonCode(string Code, Severity Severity, RefusalStatus Status, Bilingual Message, Bilingual Remedy, string Section);
