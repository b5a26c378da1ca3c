namespace Delivery.Protocol.Domain;

/// <summary>Refusals about national figures.</summary>
public static class FigureReasons
{
    /// <summary>Every entry.</summary>
    public static IReadOnlyList<ReasonCode> All { get; } =
    [
        new("E_FIGURES_SCOPE", Severity.Error, RefusalStatus.InvalidArgument,
            new("Ingen test svarer til det, der spørges om", "No test is what was asked for"),
            new("Vælg program, fag, klassetrin og skoleår, som 'delivery catalogue tests' viser", "Choose programme, subject, grade and school years that 'delivery catalogue tests' shows"), "2.1"),
        new("E_FIGURES_UNPUBLISHED", Severity.Error, RefusalStatus.FailedPrecondition,
            new("Landsresultaterne for skoleåret er ikke offentliggjort", "The national results of the school year are not published"),
            new("Vent, til STIL har registreret offentliggørelsen", "Wait until STIL has recorded the publication"), "2.1, 2.3.2"),
    ];
}
