namespace Delivery.Protocol.Log;

/// <summary>What the value of a leaf's field may look like.</summary>
internal enum FieldShape
{
    /// <summary>64 lowercase hex digits of a SHA-256 value, or of 32 random bytes.</summary>
    Hash,

    /// <summary>A word of a closed list kept elsewhere: capital letters, digits and underscores, at most 64.</summary>
    Code,

    /// <summary>An identifier: letters, digits and <c>. _ / -</c>, at most 64.</summary>
    Id,

    /// <summary>One to 256 identifiers, strictly ascending by byte, so that a set has one form.</summary>
    IdSet,

    /// <summary>An integer from 0 up.</summary>
    Count,

    /// <summary>A calendar date, <c>YYYY-MM-DD</c>.</summary>
    Date,

    /// <summary>A school year, <c>2014/2015</c>; the second year follows the first.</summary>
    SchoolYear,

    /// <summary>Milliseconds since 1970-01-01 UTC.</summary>
    TimeMs,
}
