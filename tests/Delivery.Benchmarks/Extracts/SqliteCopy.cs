using System.Globalization;
using Delivery.Client.Synthetic;
using Delivery.Protocol.Domain;
using Microsoft.Data.Sqlite;

namespace Delivery.Benchmarks.Extracts;

/// <summary>
/// The rows of an approval as one plain SQLite table, in the clear: what an agency without a delivery service would export from. Columns,
/// rows and values are those the extract delivers.
/// </summary>
internal static class SqliteCopy
{
    /// <summary>Makes the file, unless an earlier run did. Returns its rows.</summary>
    public static async Task<long> EnsureAsync(string file, SyntheticResults results, Scope scope)
    {
        if (!File.Exists(file))
        {
            await Task.Run(() => Write(file + ".partial", results, scope));
            File.Move(file + ".partial", file);
        }

        await using var connection = Open(file);
        await using var count = connection.CreateCommand();
        count.CommandText = "SELECT count(*) FROM result";
        return (long)(await count.ExecuteScalarAsync())!;
    }

    private static void Write(string file, SyntheticResults results, Scope scope)
    {
        File.Delete(file);
        using var connection = Open(file);
        Execute(connection, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
        var columns = scope.Variables.Select(request => VariableCatalogue.Find(request.Code)!).OrderBy(variable => variable.Ordinal).ToList();
        Execute(connection, $"CREATE TABLE result ({string.Join(", ", columns.Select(column => column.Code))})");
        using var transaction = connection.BeginTransaction();
        using var insert = connection.CreateCommand();
        insert.CommandText = $"INSERT INTO result VALUES ({string.Join(", ", columns.Select((_, index) => $"${index}"))})";
        SqliteParameter[] parameters = [.. columns.Select((_, index) => insert.Parameters.Add(new SqliteParameter($"${index}", DBNull.Value)))];
        foreach (var partition in scope.Partitions())
        {
            var readable = scope.ReadableIn(partition);
            foreach (var row in results.RowsOf(partition).Where(row => Obligations.MayLeave(row.Obligation, partition.SchoolYear)))
            {
                for (var at = 0; at < parameters.Length; at++)
                {
                    parameters[at].Value = readable.Contains(columns[at].Id) ? Value(columns[at].Id, partition, row) ?? DBNull.Value : DBNull.Value;
                }

                insert.ExecuteNonQuery();
            }
        }

        transaction.Commit();
    }

    private static object? Value(VariableId variable, PartitionKey partition, in ResultRow row) => variable switch
    {
        VariableId.CprNumber => Digits(row.Cpr),
        VariableId.InstitutionNumber => row.Institution.Value.ToString("D6", CultureInfo.InvariantCulture),
        VariableId.TestedAt => row.TestedAt.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture),
        VariableId.Subject => partition.Subject.Code(),
        VariableId.Grade => (long)partition.Grade,
        VariableId.SchoolYear => partition.SchoolYear.ToString(),
        VariableId.Programme => partition.Programme.Code(),
        VariableId.TestCode => partition.TestCode.ToString(),
        VariableId.OriginalAbilityLogit => row.OriginalAbility.Logit,
        VariableId.OriginalAbilityStandardError => row.OriginalAbility.StandardError,
        VariableId.RecalculatedAbilityLogit => row.RecalculatedAbility.Logit,
        VariableId.RecalculatedAbilityStandardError => row.RecalculatedAbility.StandardError,
        VariableId.AbilityLogit => row.Ability.Logit,
        VariableId.AbilityStandardError => row.Ability.StandardError,
        VariableId.Points0To50 => (long?)row.Points,
        VariableId.CriterionLevel => (long?)row.CriterionLevel,
        VariableId.ProfileArea1Logit => row.ProfileArea1.Logit,
        VariableId.ProfileArea1StandardError => row.ProfileArea1.StandardError,
        VariableId.ProfileArea2Logit => row.ProfileArea2.Logit,
        VariableId.ProfileArea2StandardError => row.ProfileArea2.StandardError,
        VariableId.ProfileArea3Logit => row.ProfileArea3.Logit,
        VariableId.ProfileArea3StandardError => row.ProfileArea3.StandardError,
        VariableId.Unspecified => throw new ArgumentOutOfRangeException(nameof(variable)),
    };

    private static string Digits(CprNumber cpr)
    {
        Span<byte> ten = stackalloc byte[CprNumber.Size];
        cpr.CopyTo(ten);
        return System.Text.Encoding.ASCII.GetString(ten);
    }

    private static SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
