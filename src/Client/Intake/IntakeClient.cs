using Delivery.Client.Connection;
using Delivery.Client.Refusals;
using Grpc.Core;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Client.Intake;

/// <summary>Brings results in from the test system.</summary>
public sealed class IntakeClient
{
    private readonly ServerConnection _connection;

    internal IntakeClient(ServerConnection connection) => _connection = connection;

    /// <summary>
    /// Imports one results file. Every partition it names is replaced as a whole, all in one transaction, or nothing changes.
    /// Importing the same delivery again answers with the first report. Role: stil-intake.
    /// </summary>
    /// <param name="file">The CSV file; its length must not change meanwhile.</param>
    /// <param name="options">What the file is.</param>
    /// <param name="progress">Told after each chunk, on the uploading thread.</param>
    /// <param name="cancellation">Abandons the upload; then nothing was changed, unless the file's end had been sent.</param>
    /// <exception cref="DeliveryRefusedException">The file, or the import as a whole, breaks a rule.</exception>
    /// <exception cref="DeliveryClientException">The file cannot be read, or the server not reached.</exception>
    public async Task<ImportReport> ImportCsvAsync(
        string file, ImportOptions options, IProgress<ImportProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Timeout <= TimeSpan.Zero)
        {
            throw new DeliveryClientException(ClientReasons.Settings, nameof(ImportOptions.Timeout));
        }

        using var content = Open(file);
        try
        {
            using var channel = _connection.OpenChannel();
            using var call = new Wire.IntakeService.IntakeServiceClient(channel).ImportResults(_connection.Options(options.Timeout, cancellation));
            await new ImportUpload(call, content, progress).SendAsync(options, cancellation);
            var response = await call.ResponseAsync;
            _connection.NoteAnswer();
            return ImportReports.Read(response);
        }
        catch (RpcException failure)
        {
            throw _connection.Translate(failure, cancellation);
        }
        catch (IOException cause)
        {
            throw new DeliveryClientException(ClientReasons.FileUnreadable, Path.GetFileName(file), cause);
        }
    }

    private static FileStream Open(string file)
    {
        try
        {
            return new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new DeliveryClientException(ClientReasons.FileUnreadable, Path.GetFileName(file), cause);
        }
    }
}
