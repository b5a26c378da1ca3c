namespace Delivery.Client;

/// <summary>Where the server is, whom to believe and who calls.</summary>
public sealed class DeliveryClientOptions
{
    /// <summary>The server, <c>https</c> only. Its name may stand for several machines.</summary>
    public required Uri Address { get; init; }

    /// <summary>
    /// Further addresses of the same server, of replicas that share its database. Calls go to <see cref="Address"/> until it does not serve, then to
    /// these in their order, and stay with the one that does. Each must have a certificate of its own name.
    /// </summary>
    public IReadOnlyList<Uri> OtherAddresses { get; init; } = [];

    /// <summary>
    /// How long a connection with its TLS handshake may take before the next address is tried. Default 10 seconds, above zero. A name that stands for
    /// several machines has this for all of them.
    /// </summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>PEM file of the roots the server's certificate must chain to. The machine's own roots are not asked.</summary>
    public required string ServerRootsFile { get; init; }

    /// <summary>PEM file of the client certificate, leaf first; further certificates in it are sent as its chain.</summary>
    public required string CertificateFile { get; init; }

    /// <summary>PEM file of its private key, ECDSA on P-256: it also signs receipts.</summary>
    public required string KeyFile { get; init; }

    /// <summary>How long a call with one answer may take. Default 100 seconds; above zero. Streams have limits of their own.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>
    /// File that keeps the newest checkpoint seen of the transfer log, so that a fork is noticed across runs.
    /// Null keeps it for the life of the client only.
    /// </summary>
    public string? CheckpointFile { get; init; }

    /// <summary>The clock; the system's unless a test says otherwise.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
