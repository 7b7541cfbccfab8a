"""Our failures <-> the failure strings of OONI's df-007: one table, read both ways.

Where df-007 has a name, ours is that name (model/failure.py); what it lacks goes out as `unknown_failure: NAME`, its
own form for such a thing, and comes back as ours. Names that only old probes and old test helpers wrote (Twisted's)
and errno names of OONI's Go code are read, never written (refs/OONI 2.3).
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
}

FROM_OONI: dict[str, Failure] = {name: failure for failure, name in TO_OONI.items()} | _READ_ONLY


def from_ooni(text: str | None) -> Failure | None:
    """The failure that an OONI string names; `None` is success, a string without a row is UNKNOWN."""
    return None if text is None else FROM_OONI.get(text, Failure.UNKNOWN)
