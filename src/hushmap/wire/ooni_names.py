"""Our failures <-> the failure strings of OONI's df-007: one table, read both ways.

Where df-007 has a name, ours is that name (model/failure.py); what it lacks goes out as `unknown_failure: NAME`, its
own form for such a thing, and comes back as ours. Names that only old probes and old test helpers wrote (Twisted's)
and errno names of OONI's Go code are read, never written (refs/OONI 2.3). A library's own words, which stand behind a
colon, are searched for the few phrases whose meaning is beyond doubt; all else is UNKNOWN, and the reader keeps the
words.
"""

from hushmap.model import Failure

_UNKNOWN = "unknown_failure"

OURS: frozenset[Failure] = frozenset({Failure.TLS_ALERT, Failure.HTTP_INVALID, Failure.HTTP_TOO_LARGE})
"""Failures that df-007 has no name for."""

TO_OONI: dict[Failure, str] = {
    failure: f"{_UNKNOWN}: {failure.value}" if failure in OURS or failure is Failure.UNKNOWN else failure.value
    for failure in Failure
}

_READ_ONLY: dict[str, Failure] = {
    # errno names of the Go probe
    "timed_out": Failure.TIMEOUT,
    "network_reset": Failure.RESET,
    "connection_already_closed": Failure.EOF,
    "address_in_use": Failure.ADDRESS_NOT_AVAILABLE,
    "address_family_not_supported": Failure.ADDRESS_NOT_AVAILABLE,
    # the resolver of Android says neither "no such name" nor "no address"
    "android_dns_cache_no_data": Failure.DNS_TEMPORARY,
    "dns_non_recoverable_failure": Failure.DNS_MISBEHAVING,
    "dns_reply_with_wrong_query_id": Failure.DNS_MISBEHAVING,
    # Twisted, in data of old probes and in old test helpers
    "connection_refused_error": Failure.REFUSED,
    "connection_lost_error": Failure.ABORTED,
    "deferred_timeout_error": Failure.TIMEOUT,
    "tcp_timed_out_error": Failure.TIMEOUT,
    "response_never_received": Failure.EOF,
    "dns_name_error": Failure.NXDOMAIN,
    "dns_server_failure": Failure.SERVFAIL,
    # getaddrinfo failed, and how is not told
    "dns_lookup_error": Failure.DNS_TEMPORARY,
    # the same family: own knowledge, unchecked
    "task_timed_out": Failure.TIMEOUT,
    "connection_done": Failure.EOF,
    "dns_query_timeout_error": Failure.TIMEOUT,
    "dns_query_refused_error": Failure.DNS_REFUSED,
    "dns_server_error": Failure.SERVFAIL,
    "dns_unknown_error": Failure.DNS_MISBEHAVING,
    # the phone apps before the Go probe, after errno and getaddrinfo: own knowledge, unchecked
    "broken_pipe": Failure.RESET,
    "host_or_service_not_provided_or_not_known": Failure.NXDOMAIN,
    "temporary_failure": Failure.DNS_TEMPORARY,
    "non_recoverable_failure": Failure.DNS_MISBEHAVING,
    "ssl_error": Failure.TLS_FAILED,
}

_PHRASES: tuple[tuple[str, Failure], ...] = (
    # OpenSSL's words, in field data behind `ssl_error: `
    ("certificate verify failed", Failure.INVALID_CERTIFICATE),
    # Go's, behind `unknown_failure: `: own knowledge, unchecked
    ("remote error: tls: ", Failure.TLS_ALERT),
    ("malformed HTTP ", Failure.HTTP_INVALID),
    # Windows' words for two errnos: own knowledge, unchecked
    ("forcibly closed by the remote host", Failure.RESET),
    ("target machine actively refused it", Failure.REFUSED),
)
"""What a library's own words say, first match."""

FROM_OONI: dict[str, Failure] = {name: failure for failure, name in TO_OONI.items()} | _READ_ONLY


def from_ooni(text: str | None) -> Failure | None:
    """The failure that an OONI string names; `None` is success, a string without a row is UNKNOWN."""
    return None if text is None else FROM_OONI.get(text) or _of_words(text)


def _of_words(text: str) -> Failure:
    """What a name with a library's words behind it says."""
    name, colon, words = text.partition(": ")
    if colon:
        for phrase, failure in _PHRASES:
            if phrase in words:
                return failure
    return FROM_OONI.get(name, Failure.UNKNOWN)
