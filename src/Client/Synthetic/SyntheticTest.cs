using Delivery.Protocol.Domain;

namespace Delivery.Client.Synthetic;

/// <summary>Makes the rows of one partition, each from its pupil alone.</summary>
internal sealed class SyntheticTest
{
    private const double SchoolWeight = 0.30, PupilWeight = 1.10;

    // Shares of the pupil part that stay the same from test to test, chosen so that whole abilities correlate 0.65.
    private static readonly double Lasting = Math.Sqrt(0.624), Passing = Math.Sqrt(1 - 0.624);

    private const double MissingShare = 0.04;
    private const double SchoolChangeShare = 0.10;

    // The later scale is a little narrower and its zero a little higher; the numbers only keep the two scales apart.
    private const double RecalculatedSlope = 0.95, RecalculatedShift = 0.05;

    private readonly PartitionKey _partition;
    private readonly SyntheticSchools _schools;
    private readonly SyntheticCpr _cpr;
    private readonly SyntheticScale _scale;
    private readonly DateOnly[] _days;
    private readonly int _birthYear;
    private readonly ulong _cohortKey;
    private readonly double _voluntaryShare;
    private readonly bool _original, _recalculated, _criterion, _points, _profiles;

    internal SyntheticTest(PartitionKey partition, ulong seed, double voluntaryShare, SyntheticSchools schools, SyntheticCpr cpr)
    {
        _partition = partition;
        _schools = schools;
        _cpr = cpr;
        _voluntaryShare = voluntaryShare;
        _scale = new SyntheticScale(partition);
        _days = [.. TestDays(partition)];

        // Grade 0 begins in August of the year a child turns six.
        _birthYear = partition.SchoolYear.StartYear - 6 - partition.Grade;
        _cohortKey = Draws.Key(seed, (ulong)_birthYear);
        _original = Has(VariableId.OriginalAbilityLogit);
        _recalculated = Has(VariableId.RecalculatedAbilityLogit);
        _criterion = VariableAvailability.Of(VariableId.CriterionLevel, partition) == Availability.Available;
        _points = VariableAvailability.Of(VariableId.Points0To50, partition) == Availability.Available;
        _profiles = Has(VariableId.ProfileArea1Logit);
    }

    internal ResultRow Row(int pupil)
    {
        var pupilKey = Draws.Key(_cohortKey, (ulong)pupil);
        var lasting = new Draws(pupilKey);
        var passing = new Draws(Draws.Key(pupilKey, (ulong)_partition.Id));
        var childhood = _schools.Place(lasting.Next());
        var youth = lasting.Uniform() < SchoolChangeShare ? _schools.Place(lasting.Next()) : childhood;
        var school = _partition.Grade < 6 ? childhood : youth;
        var row = new ResultRow
        {
            Cpr = _cpr.Of(_birthYear, pupil),
            Institution = SyntheticSchools.Number(school),
            TestedAt = When(ref passing),
            Obligation = Duty(school, ref passing),
        };
        if (passing.Uniform() < MissingShare)
        {
            return row;
        }

        var self = (Lasting * lasting.Normal()) + (Passing * passing.Normal());
        var ability = (SchoolWeight * _schools.Effect(school)) + (PupilWeight * self);
        return _partition.Programme == Programme.FNO ? WithLinear(row, ability, ref passing) : WithAdaptive(row, ability, ref passing);
    }

    private ResultRow WithLinear(in ResultRow row, double ability, ref Draws draws)
    {
        var error = _scale.LinearError(ability);
        var logit = ability + (error * draws.Normal());
        return row with { Ability = Rounded(logit, error), CriterionLevel = _scale.Level(logit) };
    }

    private ResultRow WithAdaptive(in ResultRow row, double ability, ref Draws draws)
    {
        var error = SyntheticScale.AdaptiveError(ref draws);
        var logit = ability + (error * draws.Normal());
        var result = row with
        {
            OriginalAbility = _original ? Rounded(logit, error) : default,
            RecalculatedAbility = _recalculated
                ? Rounded((RecalculatedSlope * logit) + RecalculatedShift, RecalculatedSlope * error)
                : default,
            Points = _points ? _scale.Points(logit) : null,
            CriterionLevel = _criterion ? _scale.Level(logit) : null,
        };
        return !_profiles ? result : result with
        {
            ProfileArea1 = Profile(ability, ref draws),
            ProfileArea2 = Profile(ability, ref draws),
            ProfileArea3 = Profile(ability, ref draws),
        };
    }

    private static Estimate Profile(double ability, ref Draws draws)
    {
        var area = (0.85 * ability) + (0.53 * draws.Normal());
        var error = SyntheticScale.ProfileError(ref draws);
        return Rounded(area + (error * draws.Normal()), error);
    }

    // Four decimals, as in the files, so that a row read back is the row written.
    private static Estimate Rounded(double logit, double error) => new(Math.Round(logit, 4) + 0.0, Math.Round(error, 4));

    private DateTime When(ref Draws draws) =>
        _days[draws.Below(_days.Length)].ToDateTime(new TimeOnly(8 + draws.Below(6), draws.Below(60)));

    private Obligation Duty(int school, ref Draws draws)
    {
        if (draws.Uniform() < _voluntaryShare)
        {
            return Obligation.Voluntary;
        }

        return _partition.SchoolYear.StartYear != 2019 ? Obligation.Obligatory
            : _schools.IsAmongWeakest(school) ? Obligation.ObligatoryLow202020
            : Obligation.ObligatorySample2020;
    }

    private bool Has(VariableId id) => VariableAvailability.Of(id, _partition) >= Availability.AbsentAllowed;

    // Weekdays of the months or, where subjects had weeks of their own, of those weeks.
    private static IEnumerable<DateOnly> TestDays(PartitionKey partition)
    {
        var window = TestWindow.For(partition.SchoolYear).Spans;
        var span = partition.SchoolYear.StartYear switch
        {
            2020 => window[1],
            2022 => partition.Subject == Subject.DanishReading ? window[1] : window[2],
            _ => window[0],
        };
        for (var day = span.From; day <= span.To; day = day.AddDays(1))
        {
            if (day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday))
            {
                yield return day;
            }
        }
    }
}
