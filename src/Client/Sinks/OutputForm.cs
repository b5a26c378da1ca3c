using Delivery.Client.Extracts;
using Delivery.Client.Pseudonyms;
using Delivery.Client.Refusals;
using Delivery.Protocol.Domain;

namespace Delivery.Client.Sinks;

/// <summary>What a file's extension asks for.</summary>
internal enum OutputForm
{
    /// <summary><c>.arrow</c>.</summary>
    ArrowFile = 1,

    /// <summary><c>.arrows</c>.</summary>
    ArrowStream,

    /// <summary><c>.csv</c>.</summary>
    Csv,
}

/// <summary>Chooses sinks and names by extension.</summary>
internal static class OutputForms
{
    /// <exception cref="DeliveryClientException">The extension is none of ours.</exception>
    public static OutputForm Of(string file) => Path.GetExtension(file).ToLowerInvariant() switch
    {
        ".arrow" => OutputForm.ArrowFile,
        ".arrows" => OutputForm.ArrowStream,
        ".csv" => OutputForm.Csv,
        _ => throw new DeliveryClientException(ClientReasons.OutputFormat, Path.GetFileName(file)),
    };

    /// <summary><c>results.arrow</c> becomes <c>results.nt.arrow</c>.</summary>
    public static string NameFor(string file, Programme programme) =>
        Path.ChangeExtension(file, programme.Code().ToLowerInvariant() + Path.GetExtension(file));

    public static IResultSink Sink(this OutputForm form, ExtractSchemaBytes extract, OutputSchema schema, IPseudonymiser? pseudonymiser, Stream output) => form switch
    {
        OutputForm.ArrowFile => new ArrowFileSink(schema, extract.Dictionaries, pseudonymiser, output),
        OutputForm.ArrowStream => new ArrowStreamSink(schema, extract.Dictionaries, pseudonymiser, output),
        OutputForm.Csv => new CsvSink(schema, extract.Dictionaries, extract.Arrow, pseudonymiser, output),
    };
}
