namespace Delivery.Protocol.Sealing;

/// <summary>
/// The ways an extract can be sealed for its recipient. A suite belongs to the recipient's registered key and is never
/// negotiated on the wire. The numbers are this protocol's own and stand in headers and key records; 0 is refused.
/// </summary>
public enum HpkeSuite
{
    /// <summary>
    /// DHKEM(P-256, HKDF-SHA256) 0x0010, HKDF-SHA256 0x0001, AES-256-GCM 0x0002 (RFC 9180).
    /// Public key 65 bytes (uncompressed point), private key 32 bytes (scalar).
    /// </summary>
    P256 = 1,

    /// <summary>
    /// MLKEM768-P256 0x0050, HKDF-SHA256 0x0001, AES-256-GCM 0x0002. <b>Draft-pinned</b>: draft-ietf-hpke-pq-03 with
    /// draft-irtf-cfrg-concrete-hybrid-kems-02; a later draft that changes bytes gets a new member, never this one.
    /// Public key 1249 bytes (ML-KEM key, then point), private key 32 bytes (seed). Needs a platform with ML-KEM
    /// (<see cref="System.Security.Cryptography.MLKem.IsSupported"/>), which on Linux means OpenSSL 3.5 or later.
    /// </summary>
    MlKem768P256 = 2,
}
