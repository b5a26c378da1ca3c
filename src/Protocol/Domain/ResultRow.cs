namespace Delivery.Protocol.Domain;

/// <summary>An ability and its standard error, both in logits; null is absent, never zero.</summary>
/// <param name="Logit">The ability.</param>
/// <param name="StandardError">Its standard error.</param>
public readonly record struct Estimate(double? Logit, double? StandardError)
{
    /// <summary>True when either value is there.</summary>
    public bool HasAny => Logit.HasValue || StandardError.HasValue;
}

/// <summary>The values of one result, read but not yet judged. The partition it belongs to is known beside it.</summary>
public readonly record struct ResultRow
{
    /// <summary>The pupil.</summary>
    public CprNumber Cpr { get; init; }

    /// <summary>The institution at the time of the test.</summary>
    public InstitutionNumber Institution { get; init; }

    /// <summary>Danish local time of the test.</summary>
    public DateTime TestedAt { get; init; }

    /// <summary>Whether the test was obligatory.</summary>
    public Obligation Obligation { get; init; }

    /// <summary>NT, original scale.</summary>
    public Estimate OriginalAbility { get; init; }

    /// <summary>NT, recalculated scale.</summary>
    public Estimate RecalculatedAbility { get; init; }

    /// <summary>FNO.</summary>
    public Estimate Ability { get; init; }

    /// <summary>NT, 0–50.</summary>
    public int? Points { get; init; }

    /// <summary>1–6.</summary>
    public int? CriterionLevel { get; init; }

    /// <summary>NT, first profile area.</summary>
    public Estimate ProfileArea1 { get; init; }

    /// <summary>NT, second profile area.</summary>
    public Estimate ProfileArea2 { get; init; }

    /// <summary>NT, third profile area.</summary>
    public Estimate ProfileArea3 { get; init; }

    /// <summary>Nothing but the type's name: a row never prints its values.</summary>
    public override string ToString() => nameof(ResultRow);
}
