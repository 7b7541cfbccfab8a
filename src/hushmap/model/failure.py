"""How a network step ended, in one closed vocabulary.

A failure is a step's *outcome*: it says whose layer, never whose fault. Values are OONI's df-007 names
(spec/data-formats/df-007-errors.md) where one exists, so that a reader of OONI data needs no dictionary;
the rest are ours and are marked so. The layer is not part of the name: a time-out of a `Connect` and one of a
`Handshake` share `generic_timeout_error`, and the step tells them apart, which df-007 alone cannot.
"""

from enum import StrEnum


class Failure(StrEnum):
    """The outcome of a step that did not succeed; `None` in a step's `failure` means that it did."""

    REFUSED = "connection_refused"
    """RST in answer to a SYN, or ICMP port unreachable to a datagram."""
    RESET = "connection_reset"
    """RST on an established connection."""
    ABORTED = "connection_aborted"
    TIMEOUT = "generic_timeout_error"
    """No answer within the step's own time-out."""
    EOF = "eof_error"
    """The peer closed (FIN) before the step was complete."""
    HOST_UNREACHABLE = "host_unreachable"
    """ICMP host unreachable or administratively prohibited, or no ARP answer (EHOSTUNREACH)."""
    NETWORK_UNREACHABLE = "network_unreachable"
    NETWORK_DOWN = "network_down"
    PERMISSION_DENIED = "permission_denied"
    """EPERM or EACCES: a local firewall refused, which is this computer's doing."""
    ADDRESS_NOT_AVAILABLE = "address_not_available"
    NXDOMAIN = "dns_nxdomain_error"
    DNS_REFUSED = "dns_refused_error"
    SERVFAIL = "dns_servfail_error"
    NO_ANSWER = "dns_no_answer"
    """A well-formed answer without an address of the type asked for."""
    DNS_MISBEHAVING = "dns_server_misbehaving"
    """Another rcode, or an answer that cannot be parsed."""
    DNS_TEMPORARY = "dns_temporary_failure"
    """getaddrinfo's EAI_AGAIN: the system resolver could not say."""
    INVALID_HOSTNAME = "ssl_invalid_hostname"
    UNKNOWN_AUTHORITY = "ssl_unknown_authority"
    INVALID_CERTIFICATE = "ssl_invalid_certificate"
    """Expired, not yet valid, or otherwise unfit."""
    TLS_FAILED = "ssl_failed_handshake"
    """A TLS protocol error that is no alert."""
    TLS_ALERT = "tls_alert"
    """(ours) The peer sent an alert; its number is in `Handshake.alert`."""
    QUIC_VERSION = "quic_incompatible_version"
    """The server offered only other versions of QUIC; a censor on the path can forge that."""
    HTTP_INVALID = "http_invalid_response"
    """(ours) What came back is not HTTP/1.1."""
    HTTP_TOO_LARGE = "http_headers_too_large"
    """(ours) The response header exceeded the bound."""
    UNKNOWN = "unknown_failure"
    """An errno or library error without a row in the table; the step's `detail` keeps its number."""


CUT = frozenset({Failure.RESET, Failure.TIMEOUT, Failure.EOF, Failure.ABORTED})
"""Failures of an established exchange that an injected packet or a silent drop would cause."""

CERTIFICATE = frozenset({Failure.INVALID_HOSTNAME, Failure.UNKNOWN_AUTHORITY, Failure.INVALID_CERTIFICATE})
"""The handshake reached a server that spoke TLS, and its certificate did not hold for the name."""


def certificate_holds(failure: Failure | None) -> bool | None:
    """What a handshake's outcome says of the certificate, where nothing else is known of it; `None`: nothing."""
    return True if failure is None else False if failure in CERTIFICATE else None


LOCAL = frozenset({Failure.NETWORK_DOWN, Failure.PERMISSION_DENIED, Failure.ADDRESS_NOT_AVAILABLE})
"""Failures of this computer; never evidence about a network."""
