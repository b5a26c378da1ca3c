namespace Delivery.Protocol.Domain;

/// <summary>
/// The checks of one row, prepared for one partition: what depends on test and year is worked out once, and a row then costs
/// a few comparisons and no allocation. Pure; threads may share an instance. Uniqueness is the store's to check.
/// </summary>
public sealed class RowRules
{
    private const double LogitWarning = 6, StandardErrorWarning = 2;
    private const int FirstHour = 8, LastHour = 16;

    private readonly PartitionKey _partition;
    private readonly CprPolicy _policy;
    private readonly RowFindings _always;
    private readonly (DateOnly From, DateOnly To)[] _window;
    private readonly RowFindings _original, _recalculated, _ability, _points, _criterion, _profile;

    /// <summary>Prepares the rules.</summary>
    /// <param name="partition">Where the rows belong.</param>
    /// <param name="policy">Whether real or made-up numbers are expected.</param>
    /// <param name="window">The test window; <see cref="TestWindow.For"/> when null.</param>
    public RowRules(PartitionKey partition, CprPolicy policy, TestWindow? window = null)
    {
        _partition = partition;
        _policy = policy;
        _always = TestCatalogue.Contains(partition) ? RowFindings.None : RowFindings.TestUnknown;
        _window = [.. (window ?? TestWindow.For(partition.SchoolYear)).Spans.Select(span => (span.From, span.To))];
        _original = WhenPresent(VariableId.OriginalAbilityLogit);
        _recalculated = WhenPresent(VariableId.RecalculatedAbilityLogit);
        _ability = WhenPresent(VariableId.AbilityLogit);
        _points = WhenPresent(VariableId.Points0To50);
        _criterion = WhenPresent(VariableId.CriterionLevel);
        _profile = WhenPresent(VariableId.ProfileArea1Logit);
    }

    /// <summary>Everything to remark about a row.</summary>
    public RowFindings Check(in ResultRow row)
    {
        Span<byte> ten = stackalloc byte[CprNumber.Size];
        row.Cpr.CopyTo(ten);
        var findings = _always | CprCheck.Check(ten, DateOnly.FromDateTime(row.TestedAt), _partition.Grade, _policy);
        findings |= row.Institution.IsValid ? RowFindings.None : RowFindings.InstitutionFormat;
        findings |= CheckTime(row.TestedAt) | CheckObligation(row.Obligation);
        findings |= CheckEstimate(row.OriginalAbility, _original) | CheckEstimate(row.RecalculatedAbility, _recalculated)
            | CheckEstimate(row.Ability, _ability) | CheckEstimate(row.ProfileArea1, _profile)
            | CheckEstimate(row.ProfileArea2, _profile) | CheckEstimate(row.ProfileArea3, _profile);
        if (row.Points is { } points)
        {
            findings |= _points | ((uint)points > 50 ? RowFindings.PointsRange : RowFindings.None);
        }

        if (row.CriterionLevel is { } level)
        {
            findings |= _criterion | (level is < 1 or > 6 ? RowFindings.CriterionRange : RowFindings.None);
        }

        var hasResult = row.OriginalAbility.HasAny || row.RecalculatedAbility.HasAny || row.Ability.HasAny;
        return hasResult ? findings : findings | RowFindings.ResultMissing;
    }

    /// <summary>What to remark about the time of a test.</summary>
    public RowFindings CheckTime(DateTime testedAt)
    {
        var date = DateOnly.FromDateTime(testedAt);
        if (!_partition.SchoolYear.Contains(date))
        {
            return RowFindings.TestDateOutsideYear;
        }

        var findings = testedAt.Hour is < FirstHour or >= LastHour ? RowFindings.TestHour : RowFindings.None;
        if (_partition.Programme == Programme.NT && date.Month >= 8)
        {
            return findings | RowFindings.VoluntarySuspected;
        }

        foreach (var (from, to) in _window)
        {
            if (date >= from && date <= to)
            {
                return findings;
            }
        }

        return findings | RowFindings.TestDateOutsideWindow;
    }

    /// <summary>What to remark about the obligation of a row.</summary>
    public RowFindings CheckObligation(Obligation obligation)
    {
        var in2020 = _partition.SchoolYear.StartYear == 2019;
        return obligation switch
        {
            Obligation.Obligatory => in2020 ? RowFindings.Obligation2020 : RowFindings.None,
            Obligation.ObligatorySample2020 or Obligation.ObligatoryLow202020 => in2020 ? RowFindings.None : RowFindings.ObligationValue,
            Obligation.Voluntary => RowFindings.Voluntary,
            Obligation.Unspecified => RowFindings.ObligationValue,
        };
    }

    private static RowFindings CheckEstimate(in Estimate estimate, RowFindings whenPresent)
    {
        if (!estimate.HasAny)
        {
            return RowFindings.None;
        }

        if (estimate.Logit is not { } logit || estimate.StandardError is not { } error)
        {
            return whenPresent | RowFindings.StandardErrorPair;
        }

        var findings = whenPresent;
        findings |= !double.IsFinite(logit) ? RowFindings.LogitNotFinite
            : Math.Abs(logit) > LogitWarning ? RowFindings.LogitExtreme : RowFindings.None;
        findings |= !double.IsFinite(error) || error <= 0 ? RowFindings.StandardErrorNotPositive
            : error > StandardErrorWarning ? RowFindings.StandardErrorLarge : RowFindings.None;
        return findings;
    }

    private RowFindings WhenPresent(VariableId id) => VariableAvailability.Of(id, _partition) switch
    {
        Availability.Unavailable => RowFindings.ValueUnavailable,
        Availability.AwaitingConfirmation => RowFindings.ValueUnconfirmed,
        Availability.AbsentAllowed or Availability.OnExplicitRequest or Availability.Available => RowFindings.None,
    };
}
