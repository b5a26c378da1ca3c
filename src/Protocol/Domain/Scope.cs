namespace Delivery.Protocol.Domain;

/// <summary>Some grades of one subject over some school years: every combination is asked for.</summary>
/// <param name="Programme">NT or FNO.</param>
/// <param name="Subject">The subject.</param>
/// <param name="Grades">The grades.</param>
/// <param name="SchoolYears">The school years; <see cref="SchoolYear.Range"/> makes a run of them.</param>
public sealed record Selection(Programme Programme, Subject Subject, IReadOnlyList<int> Grades, IReadOnlyList<SchoolYear> SchoolYears);

/// <summary>One variable asked for, and why the project needs it.</summary>
/// <param name="Code">The column name of <see cref="VariableCatalogue"/>.</param>
/// <param name="Reason">Why, in the applicant's words; not empty.</param>
public sealed record VariableRequest(string Code, string Reason);

/// <summary>Whether a project gets every pupil of its tests or some.</summary>
public enum PopulationKind
{
    /// <summary>Not given; refused on input.</summary>
    Unspecified = 0,

    /// <summary>Every pupil of the selected tests.</summary>
    All = 1,

    /// <summary>Pupils that meet every list that is not empty.</summary>
    Filter = 2,
}

/// <summary>The pupils of a project. An empty list does not restrict.</summary>
/// <param name="Kind">All or some.</param>
/// <param name="Institutions">Institutions at the time of the test.</param>
/// <param name="BirthYears">Calendar years of birth.</param>
/// <param name="SchoolYears">School years of the test.</param>
public sealed record Population(
    PopulationKind Kind,
    IReadOnlyList<InstitutionNumber> Institutions,
    IReadOnlyList<int> BirthYears,
    IReadOnlyList<SchoolYear> SchoolYears)
{
    /// <summary>Every pupil.</summary>
    public static Population All { get; } = new(PopulationKind.All, [], [], []);

    /// <summary>True when no list restricts.</summary>
    public bool HasNoFilter => Institutions.Count == 0 && BirthYears.Count == 0 && SchoolYears.Count == 0;
}

/// <summary>
/// What a project may see, and nothing else: tests and years, columns, pupils. The default is empty. Shared by approvals,
/// extracts and transfers; <see cref="ScopeDigest"/> names it in the log.
/// </summary>
/// <param name="Selections">The tests and years.</param>
/// <param name="Variables">The columns, one by one.</param>
/// <param name="Population">The pupils.</param>
public sealed record Scope(IReadOnlyList<Selection> Selections, IReadOnlyList<VariableRequest> Variables, Population Population)
{
    /// <summary>Nothing.</summary>
    public static Scope Empty { get; } = new([], [], new Population(PopulationKind.Unspecified, [], [], []));

    /// <summary>
    /// The programmes selected, NT before FNO; each becomes an extract of its own. One of which no variable is asked for has no column, and so
    /// nothing to deliver.
    /// </summary>
    public IReadOnlyList<Programme> Programmes =>
        [.. Partitions().Select(key => key.Programme).Distinct().Where(programme => ColumnsOf(programme).Count > 0).Order()];

    /// <summary>Every combination asked for, also those no test exists for.</summary>
    public IEnumerable<PartitionKey> Requested() =>
        from selection in Selections
        from year in selection.SchoolYears
        from grade in selection.Grades
        select new PartitionKey(selection.Programme, year, selection.Subject, (byte)Math.Clamp(grade, 0, 255));

    /// <summary>
    /// The exact partitions of the scope, in key order and without repetition: those asked for, that exist, and that the
    /// population's school years leave.
    /// </summary>
    public IReadOnlyList<PartitionKey> Partitions() =>
    [
        .. Requested().Where(TestCatalogue.Contains)
            .Where(key => Population.SchoolYears.Count == 0 || Population.SchoolYears.Contains(key.SchoolYear))
            .Distinct().Order(),
    ];

    /// <summary>The partitions of one programme's extract.</summary>
    public IReadOnlyList<PartitionKey> PartitionsOf(Programme programme) => [.. Partitions().Where(key => key.Programme == programme)];

    /// <summary>The known variables asked for.</summary>
    public VariableSet VariableSet => VariableSet.Of([.. Variables.Select(request => VariableCatalogue.Find(request.Code)?.Id ?? VariableId.Unspecified)]);

    /// <summary>The columns of one programme's extract, in column order.</summary>
    public IReadOnlyList<Variable> ColumnsOf(Programme programme) => VariableSet.And(VariableAvailability.Schema(programme)).ToList();

    /// <summary>
    /// The columns that may carry values from a partition. The others of the extract are null there, whatever the store holds.
    /// </summary>
    public VariableSet ReadableIn(PartitionKey partition) => VariableSet.And(VariableAvailability.Deliverable(partition));

    /// <summary>True when everything this scope shows is shown by <paramref name="other"/> too.</summary>
    public bool IsWithin(Scope other) =>
        !Partitions().Except(other.Partitions()).Any()
        && VariableSet.IsWithin(other.VariableSet)
        && Narrows(Population.Institutions, other.Population.Institutions)
        && Narrows(Population.BirthYears, other.Population.BirthYears);

    // An empty list lets everyone through, so it is the widest list and not the narrowest.
    private static bool Narrows<T>(IReadOnlyList<T> inner, IReadOnlyList<T> outer) =>
        outer.Count == 0 || (inner.Count > 0 && !inner.Except(outer).Any());
}
