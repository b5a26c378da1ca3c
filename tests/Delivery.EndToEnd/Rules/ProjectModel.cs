namespace Delivery.EndToEnd.Rules;

/// <summary>What an act came to: the code of its refusal, or empty; and the leaves it left.</summary>
internal sealed record Effect(string Refusal, params IReadOnlyList<string> Leaves)
{
    public static Effect Refused(string code, params IReadOnlyList<string> leaves) => new(code, leaves);

    public static Effect Done(params IReadOnlyList<string> leaves) => new("", leaves);
}

/// <summary>
/// A project's life told a second time, from section 5 of the specification and without a line of the server: states are words, days are days. Used by
/// one test at a time.
/// </summary>
internal sealed class ProjectModel(DateOnly today, DateOnly periodTo, DateOnly due)
{
    private readonly List<ModelExtract> _extracts = [];
    private readonly List<ModelExtract> _calls = [];

    // The deadline of the approval; a withdrawal brings that of the project forward.
    private DateOnly _approvedDue = due;

    // What the last confirmation said, which may be said again.
    private (string State, DateOnly Day)? _lastEnd;
    private DateOnly? _lastPart;

    public string State { get; private set; } = "APPROVED";

    public DateOnly Today { get; private set; } = today;

    public DateOnly PeriodTo { get; private set; } = periodTo;

    public DateOnly Due { get; private set; } = due;

    public DateOnly SignedOn { get; private set; } = today.AddDays(-7);

    public int Version { get; private set; } = 1;

    /// <summary>Variables approved beside those every version of the model has.</summary>
    public int Extras { get; private set; } = 2;

    public List<ModelHolding> Holdings { get; } = [];

    public int OpenCalls => _calls.Count;

    public bool AwaitsReceipt => _extracts.Exists(extract => extract is { IsComplete: true, IsOver: false });

    public bool IsClosed => State.StartsWith("CLOSED", StringComparison.Ordinal);

    private bool IsActive => State is "APPROVED" or "DELIVERING" or "DELIVERED";

    private string Rest => Holdings.Count > 0 ? "DELIVERED" : "APPROVED";

    public Effect Open()
    {
        if (StreamRefusal(Version) is { Length: > 0 } refusal)
        {
            return Effect.Refused(refusal);
        }

        var extract = _extracts.Find(known => known.Version == Version && !known.IsOver);
        if (extract is null)
        {
            _extracts.Add(extract = new ModelExtract { Version = Version, Extras = Extras });
        }

        _calls.Add(extract);
        State = "DELIVERING";
        return Effect.Done("extract.opened");
    }

    /// <summary>The oldest call goes on to its end, or is cut at its next window.</summary>
    public Effect Finish()
    {
        var extract = _calls[0];
        if (StreamRefusal(extract.Version) is { Length: > 0 } refusal)
        {
            return Effect.Refused(refusal, [.. Cut().Leaves]);
        }

        _calls.RemoveAt(0);
        extract.IsComplete = true;
        return Effect.Done("range.released", "extract.completed");
    }

    /// <summary>The oldest call breaks.</summary>
    public Effect Cut()
    {
        _calls.RemoveAt(0);
        if (_calls.Count == 0 && State == "DELIVERING")
        {
            State = Rest;
        }

        return Effect.Done("extract.aborted");
    }

    public Effect Acknowledge()
    {
        var extract = _extracts.First(known => known is { IsComplete: true, IsOver: false });
        extract.IsOver = true;
        Holdings.Add(new ModelHolding { DeliveredOn = Today, Due = Due, Extras = extract.Extras, IsPartDeletionDue = extract.Extras > Extras });
        State = IsActive ? "DELIVERED" : State;
        return Effect.Done("receipt");
    }

    /// <summary>The next version: other last days, more or fewer variables, signed on a day.</summary>
    public Effect Amend(DateOnly periodTo, DateOnly due, int extras, DateOnly signedOn)
    {
        if ((periodTo > PeriodTo || due > _approvedDue || extras > Extras) && signedOn <= SignedOn)
        {
            return Effect.Refused("E_SIGNATURE_NEEDED");
        }

        if (!IsActive && State != "SUSPENDED")
        {
            return Effect.Refused("E_STATE");
        }

        (PeriodTo, Due, _approvedDue, Extras, SignedOn, Version) = (periodTo, due, due, extras, signedOn, Version + 1);
        foreach (var holding in Holdings.Where(holding => holding.IsOpen))
        {
            holding.Due = due;
            holding.IsPartDeletionDue |= holding.Extras > extras;
        }

        _extracts.ForEach(extract => extract.IsOver |= !extract.IsComplete);
        return Effect.Done("approval.amended");
    }

    public Effect Suspend()
    {
        if (!IsActive)
        {
            return Effect.Refused("E_STATE");
        }

        State = "SUSPENDED";
        return Effect.Done("approval.suspended");
    }

    public Effect Resume()
    {
        if (State != "SUSPENDED")
        {
            return Effect.Refused("E_STATE");
        }

        State = Rest;
        return Effect.Done("approval.resumed");
    }

    public Effect Withdraw()
    {
        if (!IsActive && State != "SUSPENDED")
        {
            return Effect.Refused("E_STATE");
        }

        State = "WITHDRAWN";
        var last = Today.AddDays(30);
        Due = Due < last ? Due : last;
        foreach (var holding in Holdings.Where(holding => holding.IsOpen))
        {
            holding.Due = holding.Due < last ? holding.Due : last;
        }

        return Effect.Done("approval.withdrawn");
    }

    /// <summary>Some holdings end; none named means all that are open.</summary>
    public Effect End(string state, IReadOnlyList<int> named)
    {
        var meant = named.Count > 0 ? named.Select(at => Holdings[at]).ToList() : Holdings.FindAll(holding => holding.IsOpen);
        if (meant.Count == 0)
        {
            // Nothing is left to end, so it can only be the last confirmation made again.
            return _lastEnd is not { } last ? Effect.Refused("E_STATE")
                : last == (state, Today) ? Effect.Done()
                : Effect.Refused("E_CONFIRMATION_CONTRADICTS");
        }

        var leaf = state == "ARCHIVED" ? "archival.confirmed" : "deletion.confirmed";
        var closes = Holdings.TrueForAll(holding => !holding.IsOpen || meant.Contains(holding)) && !AwaitsReceipt;
        if (closes && State is not ("DELIVERED" or "EXPIRED" or "WITHDRAWN" or "OVERDUE"))
        {
            return Effect.Refused("E_STATE");
        }

        meant.ForEach(holding => (holding.State, holding.IsPartDeletionDue) = (state, false));
        _lastEnd = (state, Today);
        if (!closes)
        {
            return Effect.Done(leaf);
        }

        State = Holdings.Exists(holding => holding.State == "ARCHIVED") ? "CLOSED_ARCHIVED" : "CLOSED_DELETED";
        return Effect.Done(leaf, "project.closed");
    }

    public Effect EndPart()
    {
        var meant = Holdings.FindAll(holding => holding.IsPartDeletionDue);
        if (meant.Count == 0)
        {
            return _lastPart is not { } last ? Effect.Refused("E_STATE") : last == Today ? Effect.Done() : Effect.Refused("E_CONFIRMATION_CONTRADICTS");
        }

        _lastPart = Today;
        meant.ForEach(holding => (holding.IsPartDeletionDue, holding.Extras) = (false, Extras));
        return Effect.Done("deletion.confirmed");
    }

    public Effect CloseWithoutData()
    {
        if (Holdings.Count > 0 || AwaitsReceipt)
        {
            return Effect.Refused("E_HOLDINGS_OPEN");
        }

        if (State is not ("APPROVED" or "EXPIRED" or "WITHDRAWN"))
        {
            return Effect.Refused("E_STATE");
        }

        State = "CLOSED_NO_DATA";
        return Effect.Done("project.closed");
    }

    public Effect Pass(int days)
    {
        Today = Today.AddDays(days);
        var leaves = new List<string>();
        if (Today > PeriodTo && (State is "APPROVED" or "DELIVERED" or "SUSPENDED" || (State == "DELIVERING" && _calls.Count == 0)))
        {
            State = "EXPIRED";
            leaves.Add("approval.expired");
        }

        foreach (var holding in Holdings.Where(holding => holding.IsOpen))
        {
            if (Today > holding.Due)
            {
                State = State is "EXPIRED" or "WITHDRAWN" ? "OVERDUE" : State;
                leaves.AddRange(holding.WasOverdue ? [] : ["holding.overdue"]);
                holding.WasOverdue = true;
            }

            holding.RemindedOn = IsReminded(holding) ? Today : holding.RemindedOn;
        }

        return Effect.Done(leaves);
    }

    private string StreamRefusal(int version) => !IsActive ? "R06" : Today > PeriodTo ? "R03" : version != Version ? "E_EXTRACT_CHANGED" : "";

    private bool IsReminded(ModelHolding holding)
    {
        if (Today > holding.Due)
        {
            return holding.RemindedOn is not { } last || last <= holding.Due || Today >= last.AddDays(14);
        }

        return new[] { 90, 30, 7 }.Select(days => holding.Due.AddDays(-days)).Any(day => day <= Today && !(holding.RemindedOn >= day));
    }
}
