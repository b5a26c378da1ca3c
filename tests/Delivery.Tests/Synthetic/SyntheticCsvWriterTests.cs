using System.Globalization;
using System.Text;
using Delivery.Client.Synthetic;
using Delivery.Protocol.Domain;

namespace Delivery.Tests.Synthetic;

public class SyntheticCsvWriterTests
{
    private static readonly SyntheticResults Results = new(3_400, seed: 21, voluntaryShare: 0.1);

    [Fact]
    public async Task A_file_reads_back_as_the_rows_it_was_made_of()
    {
        var lines = (await Text(Results)).Split("\r\n");
        Assert.Equal(SyntheticCsvWriter.Header, lines[0]);
        Assert.Equal("", lines[^1]);
        Assert.Equal(3_402, lines.Length);
        Assert.All(Results.Rows().Zip(lines.Skip(1)), pair => Assert.Equal(pair.First, Read(pair.Second.Split(','))));
    }

    [Fact]
    public async Task The_same_seed_writes_the_same_bytes() =>
        Assert.Equal(await Text(Results), await Text(new SyntheticResults(3_400, seed: 21, voluntaryShare: 0.1)));

    [Fact]
    public void The_columns_are_the_variables_and_the_obligation()
    {
        var columns = SyntheticCsvWriter.Header.Split(',');
        Assert.Equal(VariableCatalogue.All.Select(variable => variable.Code).Where(code => code != "test_code").Append("obligation").Order(), columns.Order());
    }

    [Fact]
    public async Task No_rows_leave_the_header_alone()
    {
        var stream = new MemoryStream();
        Assert.Equal(0, await SyntheticCsvWriter.WriteAsync(new SyntheticResults(0, 1), stream));
        Assert.Equal(SyntheticCsvWriter.Header + "\r\n", Encoding.UTF8.GetString(stream.ToArray()));
    }

    private static SyntheticRow Read(string[] field)
    {
        Assert.Equal(22, field.Length);
        Assert.True(CprNumber.TryParse(field[0], out var cpr));
        Assert.True(InstitutionNumber.TryParse(field[1], out var institution));
        Assert.True(Programmes.TryParse(field[3], out var programme));
        Assert.True(Subjects.TryParse(field[4], out var subject));
        Assert.True(SchoolYear.TryParse(field[6], out var year));
        Assert.True(Obligations.TryParse(Encoding.UTF8.GetBytes(field[7]), out var obligation));
        return new SyntheticRow(new PartitionKey(programme, year, subject, byte.Parse(field[5], CultureInfo.InvariantCulture)), new ResultRow
        {
            Cpr = cpr,
            Institution = institution,
            TestedAt = DateTime.ParseExact(field[2], "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture),
            Obligation = obligation,
            OriginalAbility = Pair(8),
            RecalculatedAbility = Pair(10),
            Ability = Pair(12),
            Points = Whole(14),
            CriterionLevel = Whole(15),
            ProfileArea1 = Pair(16),
            ProfileArea2 = Pair(18),
            ProfileArea3 = Pair(20),
        });

        Estimate Pair(int at) => new(Number(at), Number(at + 1));
        double? Number(int at) => field[at].Length == 0 ? null : double.Parse(field[at], CultureInfo.InvariantCulture);
        int? Whole(int at) => field[at].Length == 0 ? null : int.Parse(field[at], CultureInfo.InvariantCulture);
    }

    private static async Task<string> Text(SyntheticResults results)
    {
        var stream = new MemoryStream();
        Assert.Equal(results.Plan.Sum(part => part.Rows), await SyntheticCsvWriter.WriteAsync(results, stream));
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
