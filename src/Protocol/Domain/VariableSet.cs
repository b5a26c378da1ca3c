using System.Numerics;

namespace Delivery.Protocol.Domain;

/// <summary>A set of variables as bits; enumerating it gives the fixed column order.</summary>
/// <param name="Bits">Bit <c>ordinal</c> of each variable.</param>
public readonly record struct VariableSet(uint Bits)
{
    /// <summary>How many.</summary>
    public int Count => BitOperations.PopCount(Bits);

    /// <summary>The set of these variables.</summary>
    public static VariableSet Of(params ReadOnlySpan<VariableId> ids)
    {
        uint bits = 0;
        foreach (var id in ids)
        {
            bits |= Bit(id);
        }

        return new VariableSet(bits);
    }

    /// <summary>True when the variable is in the set.</summary>
    public bool Contains(VariableId id) => (Bits & Bit(id)) != 0;

    /// <summary>True when every variable of this set is in <paramref name="other"/>.</summary>
    public bool IsWithin(VariableSet other) => (Bits & ~other.Bits) == 0;

    /// <summary>The variables in both sets.</summary>
    public VariableSet And(VariableSet other) => new(Bits & other.Bits);

    /// <summary>The variables in either set.</summary>
    public VariableSet Or(VariableSet other) => new(Bits | other.Bits);

    /// <summary>The variables, in column order.</summary>
    public IReadOnlyList<Variable> ToList()
    {
        var bits = Bits;
        return [.. VariableCatalogue.All.Where(variable => (bits & Bit(variable.Id)) != 0)];
    }

    private static uint Bit(VariableId id) => id == VariableId.Unspecified ? 0 : 1u << ((int)id - 1);
}
