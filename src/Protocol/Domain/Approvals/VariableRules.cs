namespace Delivery.Protocol.Domain.Approvals;

/// <summary>The check behind A15: every variable known, named once, justified, complete with its pair, and available somewhere in the scope.</summary>
internal static class VariableRules
{
    internal static IEnumerable<(string Field, string Detail)> Check(Scope scope)
    {
        if (scope.Variables.Count == 0)
        {
            yield return ("scope.variables", "");
        }

        var partitions = scope.Partitions();
        var deliverable = partitions.Aggregate(default(VariableSet), (all, key) => all.Or(VariableAvailability.Deliverable(key)));
        var asked = scope.VariableSet;
        var met = default(VariableSet);
        for (var i = 0; i < scope.Variables.Count; i++)
        {
            var field = $"scope.variables[{i}]";
            if (VariableCatalogue.Find(scope.Variables[i].Code) is not { } variable)
            {
                // The code is whatever the sender wrote, so it is not repeated.
                yield return ($"{field}.code", "");
                continue;
            }

            // Where no partition exists A14 has spoken, and availability has no meaning.
            if (met.Contains(variable.Id) || (partitions.Count > 0 && !deliverable.Contains(variable.Id)))
            {
                yield return ($"{field}.code", variable.Code);
            }
            else if (variable.PairedWith is { } partner && !asked.Contains(partner))
            {
                yield return ($"{field}.code", VariableCatalogue.Get(partner).Code);
            }

            if (string.IsNullOrWhiteSpace(scope.Variables[i].Reason))
            {
                yield return ($"{field}.reason", variable.Code);
            }

            met = met.Or(VariableSet.Of(variable.Id));
        }
    }
}
