using Delivery.Protocol.Domain;

namespace Delivery.Client.Synthetic;

/// <summary>
/// How a made-up ability becomes standard errors, points and levels in one partition. Criterion cuts are fitted to the
/// published national shares of pupils at level "god" or better, so that made-up tables look like the real ones.
/// </summary>
internal sealed class SyntheticScale
{
    // Ability is 0.30 school + 1.10 pupil; with a typical standard error on top, estimates spread this much.
    private const double NtSpread = 1.187, FnoSpread = 1.205;

    private const double SharePoor = 0.12, ShareLowest = 0.04;
    private const double GridFrom = -6, GridStep = 0.05;
    private const int GridCount = 241;

    private readonly double _spread;
    private readonly double[] _cuts;
    private readonly double[] _linearErrors;

    internal SyntheticScale(PartitionKey partition)
    {
        _spread = partition.Programme == Programme.NT ? NtSpread : FnoSpread;
        var good = ShareGood(partition) / 100.0;
        _cuts =
        [
            .. new[] { ShareLowest, SharePoor, 1 - good, 1 - (0.5 * good), 1 - (0.15 * good) }
                .Select(share => _spread * NormalCurve.Quantile(share)),
        ];
        _linearErrors = partition.Programme == Programme.FNO ? LinearErrors(partition.Grade == 2 ? 30 : 45) : [];
    }

    /// <summary>Standard error of an adaptive overall result: nearly the same for all abilities.</summary>
    internal static double AdaptiveError(ref Draws draws) => Math.Clamp(0.32 * Math.Exp(0.18 * draws.Normal()), 0.20, 0.80);

    /// <summary>Standard error of an adaptive profile area, which rests on a third of the items.</summary>
    internal static double ProfileError(ref Draws draws) => Math.Clamp(0.55 * Math.Exp(0.18 * draws.Normal()), 0.35, 1.20);

    /// <summary>Standard error of a linear test: smallest where the items are, larger in the tails.</summary>
    internal double LinearError(double ability)
    {
        var at = Math.Clamp((ability - GridFrom) / GridStep, 0, GridCount - 1.001);
        var cell = (int)at;
        return _linearErrors[cell] + ((at - cell) * (_linearErrors[cell + 1] - _linearErrors[cell]));
    }

    /// <summary>0 to 50, monotone in the logit.</summary>
    internal int Points(double logit) => (int)Math.Clamp(Math.Round(25 + (8 * logit / _spread)), 0, 50);

    /// <summary>1 to 6.</summary>
    internal int Level(double logit)
    {
        var level = 1;
        foreach (var cut in _cuts)
        {
            level += logit >= cut ? 1 : 0;
        }

        return level;
    }

    /// <summary>Published percentages at level 4 or above; where none is published the nearest year, or 72.</summary>
    internal static int ShareGood(PartitionKey partition)
    {
        var year = partition.SchoolYear.StartYear;
        if (partition.Programme == Programme.FNO)
        {
            return (partition.Subject, year) switch
            {
                (Subject.DanishReading, 2022) => 72,
                (Subject.DanishReading, _) => 68,
                (_, 2022) => 75,
                _ => 73,
            };
        }

        ReadOnlySpan<int> shares = (partition.Subject, partition.Grade) switch
        {
            (Subject.DanishReading, 2) => [75, 75, 75, 75, 73, 72, 79],
            (Subject.DanishReading, 4) => [71, 68, 67, 66, 64, 62, 71],
            (Subject.DanishReading, 6) => [73, 71, 70, 68, 66, 62, 71],
            (Subject.DanishReading, 8) => [78, 77, 78, 78, 77, 74, 75],
            _ => [72, 72, 72, 72, 72, 72, 72],
        };
        return shares[Math.Clamp(year - 2014, 0, shares.Length - 1)];
    }

    // Information of a Rasch test is the sum of p(1 - p) over its items; difficulties are the quantiles of N(-0.3, 1).
    private static double[] LinearErrors(int items)
    {
        var difficulties = Enumerable.Range(0, items).Select(i => NormalCurve.Quantile((i + 0.5) / items) - 0.3).ToArray();
        return
        [
            .. Enumerable.Range(0, GridCount).Select(cell =>
            {
                var ability = GridFrom + (cell * GridStep);
                var information = difficulties.Sum(difficulty =>
                {
                    var right = 1 / (1 + Math.Exp(difficulty - ability));
                    return right * (1 - right);
                });
                return Math.Min(1 / Math.Sqrt(information), 2);
            }),
        ];
    }
}
