using static Delivery.Protocol.Domain.VariableId;

namespace Delivery.Protocol.Domain;

/// <summary>
/// Which variables exist where. Sources: the guidelines 2.3.1 and 2.3.2. Two points stay open until STIL confirms them and are
/// answered with caution: recalculated abilities of biology and geography are held back, and points and levels before 2014/15
/// may be absent.
/// </summary>
public static class VariableAvailability
{
    private const int RecalculatedFrom = 2014;
    private const int OverallOnlyFrom = 2020;

    private static readonly VariableSet Common = VariableSet.Of(
        VariableId.CprNumber, VariableId.InstitutionNumber, TestedAt, VariableId.Subject, Grade, VariableId.SchoolYear, VariableId.Programme, VariableId.TestCode);

    private static readonly VariableSet Nt = Common.Or(VariableSet.Of(
        OriginalAbilityLogit, OriginalAbilityStandardError, RecalculatedAbilityLogit, RecalculatedAbilityStandardError,
        Points0To50, CriterionLevel, ProfileArea1Logit, ProfileArea1StandardError,
        ProfileArea2Logit, ProfileArea2StandardError, ProfileArea3Logit, ProfileArea3StandardError));

    private static readonly VariableSet Fno = Common.Or(VariableSet.Of(AbilityLogit, AbilityStandardError, CriterionLevel));

    /// <summary>The columns a programme's extract can have at all: profile areas and points cannot exist on FNO.</summary>
    public static VariableSet Schema(Programme programme) => programme switch
    {
        Programme.NT => Nt,
        Programme.FNO => Fno,
        Programme.Unspecified => default,
    };

    /// <summary>Whether a variable exists for a test in a school year; <see cref="Availability.Unavailable"/> for a test never held.</summary>
    public static Availability Of(VariableId id, PartitionKey partition)
    {
        if (!TestCatalogue.Contains(partition) || !Schema(partition.Programme).Contains(id))
        {
            return Availability.Unavailable;
        }

        return partition.Programme == Programme.FNO ? Availability.Available : InNt(id, partition);
    }

    /// <summary>The variables that may be delivered from a partition.</summary>
    public static VariableSet Deliverable(PartitionKey partition) =>
        VariableSet.Of([.. VariableCatalogue.All.Select(v => v.Id).Where(id => Of(id, partition) >= Availability.AbsentAllowed)]);

    private static Availability InNt(VariableId id, PartitionKey partition)
    {
        var year = partition.SchoolYear.StartYear;
        switch (id)
        {
            case OriginalAbilityLogit or OriginalAbilityStandardError:
                return year < RecalculatedFrom ? Availability.Available
                    : year < OverallOnlyFrom ? Availability.OnExplicitRequest
                    : Availability.Unavailable;
            case RecalculatedAbilityLogit or RecalculatedAbilityStandardError:
                return year < RecalculatedFrom ? Availability.Unavailable
                    : partition.Subject is Subject.Biology or Subject.Geography ? Availability.AwaitingConfirmation
                    : Availability.Available;
            case Points0To50:
                return year < RecalculatedFrom ? Availability.AbsentAllowed : Availability.Available;
            case CriterionLevel:
                return partition.Subject is not (Subject.DanishReading or Subject.Mathematics) ? Availability.Unavailable
                    : year < RecalculatedFrom ? Availability.AbsentAllowed
                    : Availability.Available;
            case >= ProfileArea1Logit:
                return year < OverallOnlyFrom ? Availability.Available : Availability.Unavailable;
            default:
                return Availability.Available;
        }
    }
}
