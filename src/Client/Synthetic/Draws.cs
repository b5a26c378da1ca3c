namespace Delivery.Client.Synthetic;

/// <summary>
/// Random numbers counted rather than remembered: the same key gives the same sequence whatever was drawn before, so every
/// pupil and test can be made on its own and in any order. The mixing is SplitMix64 (Steele, Lea and Flood 2014).
/// </summary>
internal struct Draws(ulong key)
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private ulong _state = key;
    private double _spare;
    private bool _hasSpare;

    /// <summary>A key of its own for each pair of numbers.</summary>
    internal static ulong Key(ulong parent, ulong child) => Mix(parent ^ Mix(child + Golden));

    /// <summary>64 random bits.</summary>
    internal ulong Next() => Mix(_state += Golden);

    /// <summary>Uniform in [0, 1).</summary>
    internal double Uniform() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform whole number in [0, count), count below 2^32.</summary>
    internal int Below(int count) => (int)(((Next() >> 32) * (ulong)count) >> 32);

    /// <summary>Standard normal, by Box and Muller, who give two at a time.</summary>
    internal double Normal()
    {
        if (_hasSpare)
        {
            _hasSpare = false;
            return _spare;
        }

        var radius = Math.Sqrt(-2 * Math.Log(1 - Uniform()));
        var (sine, cosine) = Math.SinCos(2 * Math.PI * Uniform());
        _spare = radius * sine;
        _hasSpare = true;
        return radius * cosine;
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
