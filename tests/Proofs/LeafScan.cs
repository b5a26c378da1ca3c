using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

namespace Delivery.Proofs;

/// <summary>
/// What no leaf may say, looked for in every leaf that a server or a log of the tests left in its database when its folder is thrown away: text
/// shaped like a CPR number, institution numbers of the made-up results, names of the made-up approvals and confirmations. It reads the bytes by
/// itself, with nothing of the product. A database that a test has damaged cannot be read and is not judged.
/// </summary>
internal static partial class LeafScan
{
    private const int SqliteCorrupt = 11;
    private const int SqliteNotADatabase = 26;

    // Every name that the tests give a person, a university, a processor, an archive or an institute.
    private static readonly string[] Names = ["Institutleder", "Eksempeluniversitetet", "Bureauet", "Rigsarkivet"];

    /// <summary>Fails when a leaf in a database under the folder says what none may.</summary>
    public static void Require(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*.db", SearchOption.AllDirectories))
        {
            try
            {
                Require(Bodies(file));
            }
            catch (SqliteException exception) when (exception.SqliteErrorCode is SqliteCorrupt or SqliteNotADatabase)
            {
                // Damaged by its test.
            }
        }
    }

    /// <summary>Fails when one of the leaves says what none may.</summary>
    public static void Require(IEnumerable<byte[]> leaves) => Assert.All(leaves, leaf => Assert.Null(Finding(leaf)));

    /// <summary>What a leaf says that it may not; null when there is nothing. The text itself is not told.</summary>
    public static string? Finding(byte[] leaf)
    {
        var text = Encoding.Latin1.GetString(leaf);
        foreach (var word in Quoted().Matches(text).Select(match => match.Groups[1].Value).Where(word => !Hash().IsMatch(word)))
        {
            if (CprShaped().IsMatch(word))
            {
                return "A leaf holds text shaped like a CPR number.";
            }

            if (Institution().IsMatch(word))
            {
                return "A leaf holds an institution number.";
            }

            if (word.Any(char.IsWhiteSpace) || Names.Any(name => word.Contains(name, StringComparison.OrdinalIgnoreCase)))
            {
                return "A leaf holds a name.";
            }
        }

        // A number is a count, a size or a time; the time has more digits.
        return TenDigits().IsMatch(text) ? "A leaf holds a number of ten digits." : null;
    }

    private static List<byte[]> Bodies(string file)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        var bodies = new List<byte[]>();
        using var exists = connection.CreateCommand();
        exists.CommandText = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'log_leaf'";
        if (exists.ExecuteScalar() is 1L)
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT body FROM log_leaf";
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                bodies.Add(reader.GetFieldValue<byte[]>(0));
            }
        }

        return bodies;
    }

    [GeneratedRegex("\"([^\"]*)\"")]
    private static partial Regex Quoted();

    [GeneratedRegex("^[0-9a-f]{64}$")]
    private static partial Regex Hash();

    // With the hyphen or without, and the replacement numbers that end in letters.
    [GeneratedRegex("[0-9]{6}-?([0-9]{4}|[A-Z]{3}[0-9])")]
    private static partial Regex CprShaped();

    // The made-up schools are numbered from 900001.
    [GeneratedRegex("(?<![0-9])9[0-9]{5}(?![0-9])")]
    private static partial Regex Institution();

    [GeneratedRegex("[:,\\[][0-9]{10}[,\\]}]")]
    private static partial Regex TenDigits();
}
