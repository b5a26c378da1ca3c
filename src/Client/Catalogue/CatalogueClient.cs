using Delivery.Client.Connection;
using Delivery.Client.Refusals;
using Delivery.Protocol.Domain;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Client.Catalogue;

/// <summary>Which tests and variables there are, and which national results are published.</summary>
public sealed class CatalogueClient
{
    private readonly ServerConnection _connection;
    private readonly Wire.CatalogueService.CatalogueServiceClient _service;

    internal CatalogueClient(ServerConnection connection) =>
        (_connection, _service) = (connection, new Wire.CatalogueService.CatalogueServiceClient(connection.Invoker));

    /// <summary>Every obligatory test. Any role.</summary>
    public async Task<IReadOnlyList<CatalogueTest>> ListTestsAsync(CancellationToken cancellation = default)
    {
        var response = await _connection.CallAsync(options => _service.ListTestsAsync(new Wire.ListTestsRequest(), options), cancellation);
        return [.. response.Tests.Select(test => new CatalogueTest(
            test.TestCode,
            WireText.Programme(test.Programme),
            WireText.Subject(test.Subject),
            test.Grade,
            new SchoolYear(test.FirstSchoolYear),
            new SchoolYear(test.LastSchoolYear),
            new Bilingual(test.LabelDa, test.LabelEn)))];
    }

    /// <summary>Every variable, in column order. Any role.</summary>
    public async Task<IReadOnlyList<CatalogueVariable>> ListVariablesAsync(CancellationToken cancellation = default)
    {
        var response = await _connection.CallAsync(options => _service.ListVariablesAsync(new Wire.ListVariablesRequest(), options), cancellation);
        return [.. response.Variables.Select(variable =>
            new CatalogueVariable(variable.Code, new Bilingual(variable.LabelDa, variable.LabelEn), variable.Unit))];
    }

    /// <summary>The publication calendar. A year without a date is not known to be published. Any role.</summary>
    public async Task<IReadOnlyList<Publication>> ListPublicationsAsync(CancellationToken cancellation = default)
    {
        var response = await _connection.CallAsync(options => _service.ListPublicationsAsync(new Wire.ListPublicationsRequest(), options), cancellation);
        return [.. response.Publications.Select(Read)];
    }

    /// <summary>
    /// Records that the national results of a school year are published, which makes its transition test deliverable at once.
    /// Role: STIL.
    /// </summary>
    /// <param name="programme">The programme.</param>
    /// <param name="schoolYear">The school year.</param>
    /// <param name="publishedOn">The day; today or earlier.</param>
    /// <param name="source">Where the day is known from.</param>
    /// <param name="cancellation">Gives up waiting; the publication may have been recorded.</param>
    /// <exception cref="DeliveryRefusedException">The year has no national results, or the date lies ahead.</exception>
    public async Task<RecordedPublication> PublishNationalResultsAsync(
        Programme programme, SchoolYear schoolYear, DateOnly publishedOn, string source, CancellationToken cancellation = default)
    {
        var request = new Wire.PublishNationalResultsRequest
        {
            Programme = WireText.Programme(programme),
            SchoolYear = schoolYear.StartYear,
            PublishedOn = WireText.Text(publishedOn),
            Source = source,
        };
        var response = await _connection.CallAsync(options => _service.PublishNationalResultsAsync(request, options), cancellation);
        return new RecordedPublication(Read(response.Publication), response.LogIndex);
    }

    private static Publication Read(Wire.Publication publication) => new(
        WireText.Programme(publication.Programme),
        new SchoolYear(publication.SchoolYear),
        WireText.Date(publication.PublishedOn),
        publication.Source);
}
