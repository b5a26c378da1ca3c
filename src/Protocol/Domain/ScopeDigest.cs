using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Delivery.Protocol.Domain;

/// <summary>
/// One SHA-256 that names a scope. Two scopes have the same digest exactly when they let the same values of the same pupils
/// out, however their selections were split or ordered; reasons are not part of it.
/// <para>The canonical form is UTF-8 text, one fact per line, every line ended by a line feed, in this order:
/// <c>delivery scope v1</c>; <c>partition NT-DAN-2-2014</c> for each partition in key order; <c>variable cpr_number</c> for each
/// column in column order; <c>population ALL</c> or <c>population FILTER</c> (<c>population NONE</c> when not given); then
/// <c>institution 900001</c> and <c>birth-year 2006</c> lines, each sorted by number without repetition. School years of the
/// population are already applied to the partitions.</para>
/// </summary>
public static class ScopeDigest
{
    /// <summary>The digest, 32 bytes.</summary>
    public static byte[] Of(Scope scope) => SHA256.HashData(CanonicalForm(scope));

    /// <summary>The bytes that are hashed.</summary>
    public static byte[] CanonicalForm(Scope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        var text = new StringBuilder("delivery scope v1\n");
        foreach (var partition in scope.Partitions())
        {
            text.Append(CultureInfo.InvariantCulture, $"partition {partition}\n");
        }

        foreach (var variable in scope.VariableSet.ToList())
        {
            text.Append(CultureInfo.InvariantCulture, $"variable {variable.Code}\n");
        }

        var population = scope.Population;
        text.Append(population.Kind switch
        {
            PopulationKind.All => "population ALL\n",
            PopulationKind.Filter => population.Institutions.Count + population.BirthYears.Count == 0 ? "population ALL\n" : "population FILTER\n",
            PopulationKind.Unspecified => "population NONE\n",
        });
        foreach (var institution in population.Institutions.Distinct().Order())
        {
            text.Append(CultureInfo.InvariantCulture, $"institution {institution}\n");
        }

        foreach (var year in population.BirthYears.Distinct().Order())
        {
            text.Append(CultureInfo.InvariantCulture, $"birth-year {year:D4}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
