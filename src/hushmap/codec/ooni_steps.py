"""One entry of OONI's lists of connections, handshakes and requests -> one step.

An entry says less than a step wants to know (the oldest have no time, no address, no status), so each function tells
what stands for what is missing, and none of them guesses an outcome: an entry that does not say how it ended has no
step.
"""

from functools import lru_cache

from hushmap.codec import ooni_loose as shape
from hushmap.codec.ooni_page import octets, page
from hushmap.codec.ooni_places import endpoint, failed, host, port_of
from hushmap.model import (
    CERTIFICATE,
    SYSTEM_RESOLVER,
    Certificate,
    Connect,
    Failure,
    Fetch,
    Handshake,
    Resolve,
    is_address,
)
from hushmap.wire import certificate

_CHAIN = 10
"""Certificates of a chain that are kept; public chains have two to four."""
_CERTIFICATES = 4096
"""Certificates that are remembered: issuers and large hosts recur through a whole file."""
_POINTS = 64
"""Of a byte curve; OONI's traces end there too."""
_REDIRECTED = frozenset(
    {"http_invalid_redirect_url", "http_invalid_redirect_location_host", "http_unexpected_redirect_url"}
)
"""Failures to follow a response that came whole: no redirect is followed in a Fetch, so they are none of it."""
_UNKNOWN, _ALERT = Failure.UNKNOWN, Failure.TLS_ALERT
_NOT_REACHED = frozenset({Failure.REFUSED, Failure.HOST_UNREACHABLE, Failure.NETWORK_UNREACHABLE})
"""Failures that only a connect can have."""
_LOOKUP = frozenset(failure for failure in Failure if failure.value.startswith("dns_"))
_TLS = frozenset(failure for failure in Failure if failure.value.startswith("ssl_")) | {Failure.TLS_ALERT}


def connect(row: shape.TcpRow, index: int) -> Connect | None:
    """The step of a `tcp_connect` entry; `None` where it does not tell how it ended."""
    status = row.status
    if status is None:
        return None
    t, port, text = row.t or 0.0, row.port, status.failure
    t0 = t if row.t0 is None else row.t0
    if type(port) is not int or not 0 <= port < 65536:
        port = port_of(port, index)
    if status.success and not text:
        return Connect(t0=t0, t=t, address=row.ip, port=port)
    if status.success is None and (text is None or text is False):
        return None if text is None else Connect(t0=t0, t=t, address=row.ip, port=port)
    # Some old probes wrote whether it failed, not how.
    failure, detail = failed(text) if isinstance(text, str) else (_UNKNOWN, None)
    return Connect(t0=t0, t=t, failure=failure, detail=detail, address=row.ip, port=port)


def handshake(row: shape.TlsRow, index: int, before: Connect | None) -> Handshake:
    """The step of a `tls_handshakes` entry, on the connection before it, else at its own address, else nowhere."""
    if before is not None:
        address, port = before.address, before.port
    elif row.address:
        address, port = endpoint(row.address, "$.test_keys.tls_handshakes[].address", index)
    else:
        address, port = "", 443
    chain = _chain(row.peer_certificates, index) if row.peer_certificates else ()
    failure: Failure | None
    if row.failure is None:
        failure, detail, valid, spoke = None, None, None if row.no_tls_verify else True, True
    else:
        failure, detail = failed(row.failure)
        valid = False if failure in CERTIFICATE else None
        spoke = bool(chain) or failure in CERTIFICATE or failure is _ALERT
    sni = row.server_name
    t = row.t or 0.0
    return Handshake(
        t0=t if row.t0 is None else row.t0,
        t=t,
        failure=failure,
        detail=detail,
        address=address,
        port=port,
        sni=sni if sni and not is_address(sni) else None,
        version=row.tls_version or None,
        cipher=row.cipher_suite or None,
        spoke=spoke,
        chain=chain,
        valid=valid,
    )


def fetch(row: shape.RequestRow, index: int, curve: list[tuple[float, int]] | None) -> Fetch:
    """The step of a `requests` entry; `curve` holds the times and totals of bytes on its connection."""
    t = row.t or 0.0
    t0 = t if row.t0 is None else row.t0
    seen = None if row.response is None else page(row.response, "$.test_keys.requests", index)
    failure: Failure | None
    if row.failure is None:
        failure, detail = (None if seen is not None else _UNKNOWN), None
    else:
        failure, detail = failed(row.failure)
        if seen is not None and row.failure in _REDIRECTED:
            failure = None
    return Fetch(
        t0=t0,
        t=t,
        failure=failure,
        detail=detail,
        url=row.request.url,
        method=row.request.method or "GET",
        page=seen,
        curve=tuple([(at - t0, total) for at, total in curve if at >= t0][:_POINTS]) if curve else (),
    )


def sole(step: Fetch, place: tuple[str, int] | None) -> Resolve | Connect | Handshake | Fetch:
    """A `step` of the old client, which did all by itself, as what it is: a step of the layer that failed."""
    failure = step.failure
    if failure is None or step.page is not None:
        return step
    if failure in _LOOKUP:
        return Resolve(
            t0=step.t0,
            t=step.t,
            failure=failure,
            detail=step.detail,
            resolver=SYSTEM_RESOLVER,
            name=host(step.url),
            qtype="ANY",
        )
    if failure in _TLS:
        address, port = place or ("", 443)
        return Handshake(
            t0=step.t0,
            t=step.t,
            failure=failure,
            detail=step.detail,
            address=address,
            port=port,
            sni=sni_of(step.url),
            spoke=failure in CERTIFICATE or failure is _ALERT,
            valid=False if failure in CERTIFICATE else None,
        )
    if failure in _NOT_REACHED and place is not None:
        return Connect(t0=step.t0, t=step.t, failure=failure, detail=step.detail, address=place[0], port=place[1])
    return step


def sni_of(url: str) -> str | None:
    """The server name that a fetch of `url` sends."""
    if url[:8].lower() != "https://":
        return None
    name = host(url)
    return name if name and not is_address(name) else None


def _chain(items: list[shape.Binary], index: int) -> tuple[Certificate, ...]:
    try:
        return tuple([_certificate(item.data) for item in items[:_CHAIN]])
    except ValueError as error:
        raise ValueError(f"{error} - at `$.test_keys.tls_handshakes[{index}].peer_certificates`") from error


@lru_cache(_CERTIFICATES)
def _certificate(text: str) -> Certificate:
    return certificate.certificate(octets(text))
