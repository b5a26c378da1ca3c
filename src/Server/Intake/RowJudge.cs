using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text.Unicode;
using Delivery.Protocol.Domain;
using Delivery.Server.Refusals;

namespace Delivery.Server.Intake;

/// <summary>
/// Reads the lines of a block and judges each row by itself. What the file as a whole does wrong ends the block with a refusal that names the row;
/// what single rows do wrong is found and kept with them. Threads may share it.
/// </summary>
internal sealed class RowJudge(ResultsHeader header, CsvFormat format, FrozenDictionary<int, RowRules> rules)
{
    // Windows-1252 gives these bytes no character.
    private static readonly SearchValues<byte> Undefined1252 = SearchValues.Create([0x81, 0x8D, 0x8F, 0x90, 0x9D]);

    /// <summary>The rules of every partition of the catalogue.</summary>
    public static FrozenDictionary<int, RowRules> Rules(CprPolicy policy) =>
        TestCatalogue.Partitions.ToFrozenDictionary(partition => partition.Id, partition => new RowRules(partition, policy));

    /// <summary>Judges the rows of a block, without the header if it is the first.</summary>
    /// <param name="block">The block, which the result takes over.</param>
    /// <param name="judged">Empty; filled here.</param>
    public JudgedBlock Judge(TextBlock block, JudgedBlock judged)
    {
        (judged.Text, judged.FirstRow) = (block, block.FirstRow);
        try
        {
            Read(block, judged);
        }
        catch (RefusedException refused)
        {
            // Kept, so that what stands before it in the file is met before it.
            judged.Refusal = refused;
        }

        return judged;
    }

    private void Read(TextBlock block, JudgedBlock judged)
    {
        var isText = IsText(block.Text);
        var lines = new CsvLines(block.Text, format, stackalloc int[ResultsColumns.Names.Length], new ArrayBufferWriter<byte>());
        var places = new PartitionPlaces(rules);
        for (var number = block.FirstRow; lines.MoveNext(); number++)
        {
            // Empty lines are passed over, as the last line of a file often is.
            if (number == 0 || (lines.Length == 0 && lines.Fault == LineFault.None))
            {
                continue;
            }

            if (!isText && !IsText(block.Text.Slice(lines.Start, lines.Length)))
            {
                throw RefusedException.By("E_CSV_ENCODING", string.Create(CultureInfo.InvariantCulture, $"row {number}"));
            }

            LineFaults.Refuse(lines.Fault, number);
            if (lines.FieldCount != header.Fields)
            {
                throw RefusedException.By("E_CSV_COLUMNS", string.Create(CultureInfo.InvariantCulture, $"row {number}: {lines.FieldCount} fields instead of {header.Fields}"));
            }

            judged.Rows.Add(Judge(ref lines, places, judged.Values) with { Line = (int)(number - block.FirstRow) });
        }
    }

    private JudgedRow Judge(ref CsvLines line, PartitionPlaces places, SegmentBuffer values)
    {
        var partition = places.Find(
            line[header[ResultsColumn.Programme]], line[header[ResultsColumn.Subject]], line[header[ResultsColumn.Grade]], line[header[ResultsColumn.SchoolYear]]);
        if (partition is not { } place)
        {
            return new JudgedRow(0, 0, RowFindings.TestUnknown, 0, line.Start, line.Length);
        }

        // A row that could not be read has no values to judge.
        var findings = Read(ref line, out var row);
        findings = findings == RowFindings.None ? place.Rules.Check(row) : findings;
        if ((findings & RowCodes.Errors) != 0)
        {
            return new JudgedRow(0, place.Id, findings, 0, line.Start, line.Length);
        }

        values.Add(row);
        return new JudgedRow(0, place.Id, findings, PupilSet.KeyOf(row.Cpr), line.Start, line.Length);
    }

    private RowFindings Read(ref CsvLines line, out ResultRow row)
    {
        var findings = RowFields.TryCpr(line[header[ResultsColumn.CprNumber]], format.Text, out var cpr) ? RowFindings.None : RowFindings.CprFormat;
        findings |= RowFields.TryInstitution(line[header[ResultsColumn.InstitutionNumber]], out var institution) ? RowFindings.None : RowFindings.InstitutionFormat;
        findings |= RowFields.TryTime(line[header[ResultsColumn.TestedAt]], out var testedAt) ? RowFindings.None : RowFindings.TestedAtFormat;
        findings |= Obligations.TryParse(line[header[ResultsColumn.Obligation]], out var obligation) ? RowFindings.None : RowFindings.ObligationValue;
        var isNumber = RowFields.TryWhole(line[header[ResultsColumn.Points0To50]], out var points)
            & RowFields.TryWhole(line[header[ResultsColumn.CriterionLevel]], out var level);
        row = new ResultRow
        {
            Cpr = cpr,
            Institution = institution,
            TestedAt = testedAt,
            Obligation = obligation,
            OriginalAbility = Estimate(ref line, ResultsColumn.OriginalAbilityLogit, ref isNumber),
            RecalculatedAbility = Estimate(ref line, ResultsColumn.RecalculatedAbilityLogit, ref isNumber),
            Ability = Estimate(ref line, ResultsColumn.AbilityLogit, ref isNumber),
            Points = points,
            CriterionLevel = level,
            ProfileArea1 = Estimate(ref line, ResultsColumn.ProfileArea1Logit, ref isNumber),
            ProfileArea2 = Estimate(ref line, ResultsColumn.ProfileArea2Logit, ref isNumber),
            ProfileArea3 = Estimate(ref line, ResultsColumn.ProfileArea3Logit, ref isNumber),
        };
        return isNumber ? findings : findings | RowFindings.NumberFormat;
    }

    private Estimate Estimate(ref CsvLines line, ResultsColumn column, ref bool isNumber)
    {
        isNumber &= RowFields.TryDecimal(line[header[column]], out var logit) & RowFields.TryDecimal(line[header[column + 1]], out var standardError);
        return new Estimate(logit, standardError);
    }

    private bool IsText(ReadOnlySpan<byte> text) => format.Text switch
    {
        CsvText.Utf8 => Utf8.IsValid(text),
        CsvText.Windows1252 => !text.ContainsAny(Undefined1252),
    };
}
