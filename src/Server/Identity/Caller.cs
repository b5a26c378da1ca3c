using Delivery.Protocol.Log;
using Grpc.Core;

namespace Delivery.Server.Identity;

/// <summary>Who is calling, as the certificate proves it.</summary>
/// <param name="Cvr">CVR number of the organisation, eight digits; empty if the certificate names none.</param>
/// <param name="Roles">All roles the role table grants; of those, inside a call, the ones that allow it.</param>
/// <param name="SpkiSha256">SHA-256 of the certificate's public key.</param>
/// <param name="PublicKey">The certificate's public key, SubjectPublicKeyInfo: what signed receipts are checked with.</param>
internal sealed record Caller(string Cvr, Role Roles, LogHash SpkiSha256, byte[] PublicKey)
{
    /// <summary>The caller as leaves name it.</summary>
    public LeafActor Actor => new(Cvr.Length == 0 ? "unknown" : Cvr, RoleNames.First(Roles), SpkiSha256);

    public bool Has(Role role) => (Roles & role) != 0;
}

/// <summary>Hands the caller from the guard of a call to the call.</summary>
internal static class Callers
{
    private static readonly object Key = new();

    /// <summary>Who is calling.</summary>
    /// <exception cref="InvalidOperationException">No guard stood before this call; it must not run.</exception>
    public static Caller Identify(this ServerCallContext context) =>
        context.UserState.TryGetValue(Key, out var caller) ? (Caller)caller : throw new InvalidOperationException("The call was not guarded.");

    public static void SetCaller(this ServerCallContext context, Caller caller) => context.UserState[Key] = caller;
}
