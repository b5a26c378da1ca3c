namespace Delivery.Client.Synthetic;

/// <summary>The standard normal distribution, as exact as cuts of a made-up scale need.</summary>
internal static class NormalCurve
{
    /// <summary>The share below x, by the power series of the integral; good to 1e-10 for x within ±6.</summary>
    internal static double ShareBelow(double x)
    {
        var term = x;
        var sum = x;
        for (var odd = 3; odd < 200; odd += 2)
        {
            term *= x * x / odd;
            sum += term;
        }

        return 0.5 + (sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI));
    }

    /// <summary>The x with that share below it, by halving an interval.</summary>
    internal static double Quantile(double share)
    {
        double low = -6, high = 6;
        for (var step = 0; step < 60; step++)
        {
            var middle = (low + high) / 2;
            (low, high) = ShareBelow(middle) < share ? (middle, high) : (low, middle);
        }

        return (low + high) / 2;
    }
}
