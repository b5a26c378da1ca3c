using System.Text.RegularExpressions;
using Delivery.Protocol.Log;
using Delivery.Server.Refusals;

namespace Delivery.Server.Catalogue;

/// <summary>Names that STIL gives to what it sends, and that stand in leaves and lists ever after: 1 to 64 letters, digits, full stops, underscores and hyphens.</summary>
internal static partial class GivenName
{
    /// <summary>Refuses a name of another form, or one that looks like a civil registration number, before anything is done with it.</summary>
    /// <param name="name">What was given.</param>
    /// <param name="field">Where it was given.</param>
    /// <param name="formCode">What another form is refused with.</param>
    public static void Require(string name, string field, string formCode)
    {
        if (!Form().IsMatch(name))
        {
            throw RefusedException.By(formCode, field);
        }

        if (FieldShapes.IsCprShaped(name))
        {
            throw RefusedException.By("E_CPR_CLEARTEXT", field);
        }
    }

    [GeneratedRegex("^[A-Za-z0-9._-]{1,64}\\z")]
    private static partial Regex Form();
}
