"""The one table from errno, resolver, certificate and TLS errors to `Failure`.

Codes are read at the socket and never recovered from English text (STYLE 5.5). What has no row is
`Failure.UNKNOWN`, and the code stays in the step's `detail`: a gap in the table is visible in the data. HTTP errors
are named where they are parsed, in `wire.http`; DNS rcodes in `wire.dns`.
"""

import errno
import socket
import ssl

from hushmap.model import Failure

ERRNO: dict[int, Failure] = {
    errno.ECONNREFUSED: Failure.REFUSED,
    errno.ECONNRESET: Failure.RESET,
    errno.EPIPE: Failure.RESET,  # we wrote after the RST had been taken in
    errno.ECONNABORTED: Failure.ABORTED,
    errno.ETIMEDOUT: Failure.TIMEOUT,
    errno.EHOSTUNREACH: Failure.HOST_UNREACHABLE,
    errno.EHOSTDOWN: Failure.HOST_UNREACHABLE,
    errno.ENOPROTOOPT: Failure.HOST_UNREACHABLE,  # ICMP protocol unreachable (Linux icmp_err_convert)
    errno.ENONET: Failure.HOST_UNREACHABLE,  # ICMP source host isolated
    errno.ENETUNREACH: Failure.NETWORK_UNREACHABLE,
    errno.ENETDOWN: Failure.NETWORK_DOWN,
    errno.ENODEV: Failure.NETWORK_DOWN,  # the interface we are bound to is gone
    errno.EPERM: Failure.PERMISSION_DENIED,
    errno.EACCES: Failure.PERMISSION_DENIED,
    errno.EADDRNOTAVAIL: Failure.ADDRESS_NOT_AVAILABLE,
    errno.EADDRINUSE: Failure.ADDRESS_NOT_AVAILABLE,
}

ERRNO_V6: dict[int, Failure] = {
    # Linux turns ICMPv6 "administratively prohibited", "policy" and "reject route" into EACCES (net/ipv6/icmp.c),
    # where IPv4 has EHOSTUNREACH: it comes from the path, not from this computer.
    errno.EACCES: Failure.HOST_UNREACHABLE,
}

RESOLVER: dict[int, Failure] = {
    socket.EAI_NONAME: Failure.NXDOMAIN,
    socket.EAI_NODATA: Failure.NO_ANSWER,
    socket.EAI_ADDRFAMILY: Failure.NO_ANSWER,
    socket.EAI_AGAIN: Failure.DNS_TEMPORARY,
    socket.EAI_FAIL: Failure.DNS_MISBEHAVING,
}

VERIFY: dict[int, Failure] = {
    # X509_V_ERR_* of openssl/x509_vfy.h; every other code is INVALID_CERTIFICATE.
    2: Failure.UNKNOWN_AUTHORITY,  # UNABLE_TO_GET_ISSUER_CERT
    18: Failure.UNKNOWN_AUTHORITY,  # DEPTH_ZERO_SELF_SIGNED_CERT
    19: Failure.UNKNOWN_AUTHORITY,  # SELF_SIGNED_CERT_IN_CHAIN
    20: Failure.UNKNOWN_AUTHORITY,  # UNABLE_TO_GET_ISSUER_CERT_LOCALLY
    21: Failure.UNKNOWN_AUTHORITY,  # UNABLE_TO_VERIFY_LEAF_SIGNATURE
    27: Failure.UNKNOWN_AUTHORITY,  # CERT_UNTRUSTED
    62: Failure.INVALID_HOSTNAME,  # HOSTNAME_MISMATCH
    64: Failure.INVALID_HOSTNAME,  # IP_ADDRESS_MISMATCH
}

ALERT_REASONS: dict[str, int] = {
    # Alerts that came encrypted are known by OpenSSL's reason only. Numbers: RFC 8446 section 6.
    "SSLV3_ALERT_UNEXPECTED_MESSAGE": 10,
    "SSLV3_ALERT_BAD_RECORD_MAC": 20,
    "TLSV1_ALERT_DECRYPTION_FAILED": 21,
    "TLSV1_ALERT_RECORD_OVERFLOW": 22,
    "SSLV3_ALERT_DECOMPRESSION_FAILURE": 30,
    "SSLV3_ALERT_HANDSHAKE_FAILURE": 40,
    "SSLV3_ALERT_NO_CERTIFICATE": 41,
    "SSLV3_ALERT_BAD_CERTIFICATE": 42,
    "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE": 43,
    "SSLV3_ALERT_CERTIFICATE_REVOKED": 44,
    "SSLV3_ALERT_CERTIFICATE_EXPIRED": 45,
    "SSLV3_ALERT_CERTIFICATE_UNKNOWN": 46,
    "SSLV3_ALERT_ILLEGAL_PARAMETER": 47,
    "TLSV1_ALERT_UNKNOWN_CA": 48,
    "TLSV1_ALERT_ACCESS_DENIED": 49,
    "TLSV1_ALERT_DECODE_ERROR": 50,
    "TLSV1_ALERT_DECRYPT_ERROR": 51,
    "TLSV1_ALERT_EXPORT_RESTRICTION": 60,
    "TLSV1_ALERT_PROTOCOL_VERSION": 70,
    "TLSV1_ALERT_INSUFFICIENT_SECURITY": 71,
    "TLSV1_ALERT_INTERNAL_ERROR": 80,
    "TLSV1_ALERT_INAPPROPRIATE_FALLBACK": 86,
    "TLSV1_ALERT_USER_CANCELLED": 90,
    "TLSV1_ALERT_NO_RENEGOTIATION": 100,
    "TLSV13_ALERT_MISSING_EXTENSION": 109,
    "TLSV1_UNSUPPORTED_EXTENSION": 110,
    "TLSV1_CERTIFICATE_UNOBTAINABLE": 111,
    "TLSV1_UNRECOGNIZED_NAME": 112,
    "TLSV1_BAD_CERTIFICATE_STATUS_RESPONSE": 113,
    "TLSV1_BAD_CERTIFICATE_HASH_VALUE": 114,
    "TLSV1_ALERT_UNKNOWN_PSK_IDENTITY": 115,
    "TLSV13_ALERT_CERTIFICATE_REQUIRED": 116,
    "TLSV1_ALERT_NO_APPLICATION_PROTOCOL": 120,
}


def of_os(error: OSError, *, ipv6: bool = False) -> tuple[Failure, str | None]:
    """The failure and detail of a socket call that raised `error`, our own time-outs included."""
    number = error.errno
    if number is None:  # asyncio's TimeoutError is an OSError without a number; the kernel's has ETIMEDOUT
        ours = isinstance(error, TimeoutError)
        return (Failure.TIMEOUT, None) if ours else (Failure.UNKNOWN, type(error).__name__)
    detail = errno.errorcode.get(number, f"errno {number}")
    found = ERRNO_V6.get(number) if ipv6 else None
    return found or ERRNO.get(number, Failure.UNKNOWN), detail


def of_resolver(error: socket.gaierror) -> tuple[Failure, str]:
    """The failure and detail of a getaddrinfo that raised `error`."""
    number = error.errno if error.errno is not None else 0
    return RESOLVER.get(number, Failure.UNKNOWN), f"gai {number}"


def of_certificate(error: ssl.SSLCertVerificationError) -> tuple[Failure, str]:
    """The failure and detail of a chain that OpenSSL did not accept."""
    return VERIFY.get(error.verify_code, Failure.INVALID_CERTIFICATE), f"verify {error.verify_code}"


def of_tls(error: ssl.SSLError) -> tuple[Failure, str, int | None]:
    """The failure, detail and alert number of a TLS operation that raised `error`."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return *of_certificate(error), None
    if isinstance(error, ssl.SSLZeroReturnError):
        return Failure.EOF, "close_notify", 0
    if isinstance(error, ssl.SSLEOFError):
        return Failure.EOF, "eof", None
    reason: str = getattr(error, "reason", None) or type(error).__name__
    alert = ALERT_REASONS.get(reason)
    return (Failure.TLS_FAILED if alert is None else Failure.TLS_ALERT), reason, alert
