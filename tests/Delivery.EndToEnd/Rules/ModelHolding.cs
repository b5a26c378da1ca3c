namespace Delivery.EndToEnd.Rules;

/// <summary>What the model knows of one delivery at the recipient.</summary>
internal sealed class ModelHolding
{
    public required DateOnly DeliveredOn { get; init; }

    public required DateOnly Due { get; set; }

    /// <summary>OPEN, DELETED or ARCHIVED.</summary>
    public string State { get; set; } = "OPEN";

    /// <summary>Variables it holds beside those every delivery of the model has.</summary>
    public required int Extras { get; set; }

    public bool IsPartDeletionDue { get; set; }

    public bool WasOverdue { get; set; }

    public DateOnly? RemindedOn { get; set; }

    public bool IsOpen => State == "OPEN";

    public override string ToString() => $"{State} due {Due:yyyy-MM-dd} overdue {WasOverdue} part {IsPartDeletionDue} reminded {RemindedOn:yyyy-MM-dd}";
}

/// <summary>What the model knows of one extract: under which version it streams, and how far it has come.</summary>
internal sealed class ModelExtract
{
    public required int Version { get; init; }

    public required int Extras { get; init; }

    /// <summary>Every call has ended or one has completed.</summary>
    public bool IsComplete { get; set; }

    public bool IsOver { get; set; }
}
