using Delivery.Client.Approvals;
using Delivery.Client.Catalogue;
using Delivery.Client.Closure;
using Delivery.Client.Connection;
using Delivery.Client.Documentation;
using Delivery.Client.Errata;
using Delivery.Client.Extracts;
using Delivery.Client.Intake;
using Delivery.Client.Log;
using Delivery.Client.Refusals;

namespace Delivery.Client;

/// <summary>
/// A caller of one Delivery server, at one address or several, over mutual TLS 1.3. It connects at the first call. Threads may share it; each pull takes
/// its own options. Which calls are allowed follows from the certificate's role.
/// </summary>
public sealed class DeliveryClient : IDisposable
{
    private readonly ServerConnection _connection;

    /// <summary>Reads the certificate, the key and the roots; does not connect.</summary>
    /// <exception cref="DeliveryClientException">A file or a setting is unusable.</exception>
    public DeliveryClient(DeliveryClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _connection = new ServerConnection(options);
        var memory = new CheckpointMemory(options.CheckpointFile);
        Approvals = new ApprovalClient(_connection);
        Catalogue = new CatalogueClient(_connection);
        Intake = new IntakeClient(_connection);
        Extracts = new ExtractClient(_connection, memory);
        Errata = new ErratumClient(_connection);
        Documentation = new DocumentationClient(_connection);
        Closure = new ClosureClient(_connection);
        Log = new LogClient(_connection, memory);
    }

    /// <summary>Approved projects.</summary>
    public ApprovalClient Approvals { get; }

    /// <summary>Tests, variables and publications.</summary>
    public CatalogueClient Catalogue { get; }

    /// <summary>Imports of results.</summary>
    public IntakeClient Intake { get; }

    /// <summary>Extracts and the keys they are sealed to.</summary>
    public ExtractClient Extracts { get; }

    /// <summary>Documentation that goes with results.</summary>
    public DocumentationClient Documentation { get; }

    /// <summary>Caveats and faults in results.</summary>
    public ErratumClient Errata { get; }

    /// <summary>Confirmations of deletion.</summary>
    public ClosureClient Closure { get; }

    /// <summary>The provable record of every delivery.</summary>
    public LogClient Log { get; }

    /// <summary>Closes the connection and forgets the key.</summary>
    public void Dispose() => _connection.Dispose();
}
