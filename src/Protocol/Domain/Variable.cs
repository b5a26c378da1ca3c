namespace Delivery.Protocol.Domain;

/// <summary>How a variable's values are represented.</summary>
public enum VariableType
{
    /// <summary>Not given.</summary>
    Unspecified = 0,

    /// <summary>Text of fixed or short length.</summary>
    Text = 1,

    /// <summary>A whole number, 32 bits.</summary>
    WholeNumber = 2,

    /// <summary>A double.</summary>
    Real = 3,

    /// <summary>A local date and time, Europe/Copenhagen.</summary>
    LocalTime = 4,

    /// <summary>One of a closed list of codes.</summary>
    Code = 5,
}

/// <summary>Whether a variable exists for a test in a school year.</summary>
public enum Availability
{
    /// <summary>It does not exist; a row that has it is in error.</summary>
    Unavailable = 0,

    /// <summary>It may exist but STIL has not confirmed it; stored, never delivered.</summary>
    AwaitingConfirmation = 1,

    /// <summary>It is delivered, and an absent value is no remark.</summary>
    AbsentAllowed = 2,

    /// <summary>It is delivered when asked for by name beside a better scale.</summary>
    OnExplicitRequest = 3,

    /// <summary>It is delivered.</summary>
    Available = 4,
}

/// <summary>One column of the catalogue of variables. Immutable.</summary>
/// <param name="Id">The variable.</param>
/// <param name="Code">The column name, snake case, as in scopes, files and Arrow schemas.</param>
/// <param name="Type">How values are represented.</param>
/// <param name="Unit">The unit, or empty when there is none.</param>
/// <param name="Values">What values are permitted.</param>
/// <param name="Label">Short name.</param>
/// <param name="Description">What it is.</param>
/// <param name="PairedWith">The variable that must be requested together with it, or null.</param>
public sealed record Variable(
    VariableId Id,
    string Code,
    VariableType Type,
    string Unit,
    Bilingual Values,
    Bilingual Label,
    Bilingual Description,
    VariableId? PairedWith)
{
    /// <summary>Zero-based place in the fixed column order.</summary>
    public int Ordinal => (int)Id - 1;

    /// <summary>True when absent values may occur: every result may be absent, no identifying field may.</summary>
    public bool IsNullable => Id >= VariableId.OriginalAbilityLogit;

    /// <summary>True for the abilities and profile abilities, whose unit is logits and which carry a standard error.</summary>
    public bool IsLogit => Unit == "logit" && !Code.EndsWith("standard_error", StringComparison.Ordinal);

    /// <summary>True when the variable is a column of the programme's schema.</summary>
    public bool IsIn(Programme programme) => VariableAvailability.Schema(programme).Contains(Id);

    /// <summary>Whether it exists for a test in a school year.</summary>
    public Availability In(PartitionKey partition) => VariableAvailability.Of(Id, partition);

    /// <summary>The code, in a form without layout noise for logs.</summary>
    public override string ToString() => Code;
}
