using Delivery.Protocol.Domain;

namespace Delivery.Client.Synthetic;

/// <summary>
/// Made-up test-taking units: 1,300 schools and 120 special schools, sizes lognormal, numbers 9xxxxx. A pupil is placed by a
/// table of 65,536 lots shared out by size.
/// </summary>
internal sealed class SyntheticSchools
{
    private const int Schools = 1300, SpecialSchools = 120, Lots = 1 << 16;

    private readonly ushort[] _byLot = new ushort[Lots];
    private readonly double[] _effects = new double[Schools + SpecialSchools];

    internal SyntheticSchools(ulong seed)
    {
        var draws = new Draws(Draws.Key(seed, 0x5C4001));
        var sizes = new double[_effects.Length];
        for (var i = 0; i < sizes.Length; i++)
        {
            // Special schools are about a tenth the size of others.
            sizes[i] = Math.Exp(0.6 * draws.Normal()) * (i < Schools ? 1 : 0.1);
            _effects[i] = draws.Normal();
        }

        var total = sizes.Sum();
        double before = 0;
        for (int i = 0, lot = 0; i < sizes.Length; i++)
        {
            before += sizes[i];
            for (var end = (int)(Lots * before / total); lot < end; lot++)
            {
                _byLot[lot] = (ushort)i;
            }
        }
    }

    /// <summary>The school of 16 random bits.</summary>
    internal int Place(ulong bits) => _byLot[bits & (Lots - 1)];

    /// <summary>The school's part of its pupils' ability, standard normal.</summary>
    internal double Effect(int school) => _effects[school];

    /// <summary>The school's number.</summary>
    internal static InstitutionNumber Number(int school) => new(900_001 + (school * 7));

    /// <summary>True for the fifth of schools that had to take every test in 2019/20.</summary>
    internal bool IsAmongWeakest(int school) => _effects[school] < -0.8416;
}
