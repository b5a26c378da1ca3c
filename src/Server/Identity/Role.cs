namespace Delivery.Server.Identity;

/// <summary>What a caller may be. A certificate can carry several roles; every call is allowed to some of them.</summary>
[Flags]
internal enum Role
{
    None = 0,

    /// <summary>STIL's case system: approvals and publications.</summary>
    StilApprovals = 1,

    /// <summary>STIL's test system: results.</summary>
    StilIntake = 2,

    /// <summary>Danmarks Statistik's ingestion jobs.</summary>
    DstIngestion = 4,

    /// <summary>Administrators of a controller, or of STIL, who confirm deletion.</summary>
    Administrator = 8,

    /// <summary>Those who check the log.</summary>
    Auditor = 16,

    /// <summary>Any of them: a known certificate.</summary>
    Any = StilApprovals | StilIntake | DstIngestion | Administrator | Auditor,
}

/// <summary>The names roles have in settings, in the log and on the command line.</summary>
internal static class RoleNames
{
    private static readonly (Role Role, string Name)[] Names =
    [
        (Role.StilApprovals, "stil-approvals"),
        (Role.StilIntake, "stil-intake"),
        (Role.DstIngestion, "dst-ingestion"),
        (Role.Administrator, "administrator"),
        (Role.Auditor, "auditor"),
    ];

    public static Role? Parse(string name) =>
        Array.Find(Names, entry => entry.Name == name) is { Name: not null } found ? found.Role : null;

    /// <summary>The name of the first of the roles, in the order of the enum; <c>none</c> for none.</summary>
    public static string First(Role roles) =>
        Array.Find(Names, entry => roles.HasFlag(entry.Role)).Name ?? "none";
}
