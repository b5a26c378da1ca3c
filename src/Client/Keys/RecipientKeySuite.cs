namespace Delivery.Client.Keys;

/// <summary>How extracts are sealed to a recipient key. A key has one suite for life; nothing is negotiated.</summary>
public enum RecipientKeySuite
{
    /// <summary>RFC 9180: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. Runs everywhere.</summary>
    P256 = 1,

    /// <summary>
    /// MLKEM768-P256, the hybrid that also holds against a quantum computer; pinned to an IETF draft. Needs OpenSSL 3.5 or later.
    /// </summary>
    MlKem768P256 = 2,
}
