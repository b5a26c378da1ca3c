using Delivery.Protocol.Domain;

namespace Delivery.Client.Catalogue;

/// <summary>One test and the school years it was obligatory in.</summary>
/// <param name="TestCode">For example <c>NT-DAN-2</c>.</param>
/// <param name="Programme">The programme it belongs to.</param>
/// <param name="Subject">The subject tested.</param>
/// <param name="Grade">The grade tested, 2 to 8.</param>
/// <param name="FirstSchoolYear">The first school year.</param>
/// <param name="LastSchoolYear">The last school year.</param>
/// <param name="Label">Its title.</param>
public sealed record CatalogueTest(
    string TestCode, Programme Programme, Subject Subject, int Grade, SchoolYear FirstSchoolYear, SchoolYear LastSchoolYear, Bilingual Label);

/// <summary>One variable an approval can name.</summary>
/// <param name="Code">Column name.</param>
/// <param name="Label">Its title.</param>
/// <param name="Unit">Unit or format; empty if none.</param>
public sealed record CatalogueVariable(string Code, Bilingual Label, string Unit);

/// <summary>A recorded publication.</summary>
/// <param name="Publication">As it stands now.</param>
/// <param name="LogIndex">Index of its leaf in the transfer log.</param>
public sealed record RecordedPublication(Publication Publication, long LogIndex);
