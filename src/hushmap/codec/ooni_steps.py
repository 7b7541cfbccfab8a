"""One entry of OONI's lists of connections, handshakes and requests -> one step.

An entry says less than a step wants to know (the oldest have no time, no address, no status), so each function tells
what stands for what is missing, and none of them guesses an outcome: an entry that does not say how it ended has no
step.
"""

from functools import lru_cache

from hushmap.codec import ooni_loose as shape
from hushmap.codec.ooni_page import octets, page
from hushmap.codec.ooni_places import endpoint, failed, host, is_address, port_of
from hushmap.model import CERTIFICATE, SYSTEM_RESOLVER, Certificate, Connect, Failure, Fetch, Handshake, Resolve
from hushmap.wire.certificate import certificate

PATH = "$.test_keys"
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
_NOT_REACHED = frozenset({Failure.REFUSED, Failure.HOST_UNREACHABLE, Failure.NETWORK_UNREACHABLE})
"""Failures that only a connect can have."""
_LOOKUP = frozenset(failure for failure in Failure if failure.value.startswith("dns_"))
_TLS = frozenset(failure for failure in Failure if failure.value.startswith("ssl_")) | {Failure.TLS_ALERT}


def connect(row: shape.TcpRow, index: int) -> Connect | None:
    """The step of a `tcp_connect` entry; `None` where it does not tell how it ended."""
    status = row.status
    if status is None:
        return None
    text = status.failure
    failure, detail = None, None
    if isinstance(text, str):
        failure, detail = failed(text)
    elif text or status.success is None or not status.success:
        if not text and status.success is None:
            return None
        failure = Failure.UNKNOWN
    t = row.t or 0.0
    port = row.port
    return Connect(
        t0=t if row.t0 is None else row.t0,
        t=t,
        failure=failure,
        detail=detail,
        address=row.ip,
        port=port if type(port) is int and 0 <= port < 65536 else port_of(port, f"{PATH}.tcp_connect[{index}].port"),
    )


def handshake(row: shape.TlsRow, index: int, before: Connect | None) -> Handshake:
    """The step of a `tls_handshakes` entry, on the connection before it, else at its own address, else nowhere."""
    if before is not None:
        address, port = before.address, before.port
    elif row.address:
        address, port = endpoint(row.address, f"{PATH}.tls_handshakes[{index}].address")
    else:
        address, port = "", 443
    failure, detail = (None, None) if row.failure is None else failed(row.failure)
    chain: tuple[Certificate, ...] = ()
    if row.peer_certificates:
        chain = _chain(row.peer_certificates, index)
    if failure is None:
        valid = None if row.no_tls_verify else True
    else:
        valid = False if failure in CERTIFICATE else None
    sni = row.server_name or None
    t = row.t or 0.0
    return Handshake(
        t0=t if row.t0 is None else row.t0,
        t=t,
        failure=failure,
        detail=detail,
        address=address,
        port=port,
        sni=None if sni is None or is_address(sni) else sni,
        version=row.tls_version or None,
        cipher=row.cipher_suite or None,
        spoke=failure is None or bool(chain) or failure in CERTIFICATE or failure is Failure.TLS_ALERT,
        chain=chain,
        valid=valid,
    )


def fetch(row: shape.RequestRow, index: int, curve: list[tuple[float, int]] | None = None) -> Fetch:
    """The step of a `requests` entry; `curve` holds the times and totals of bytes on its connection."""
    t = row.t or 0.0
    t0 = t if row.t0 is None else row.t0
    text = row.failure
    failure, detail = (None, None) if text is None else failed(text)
    seen = page(row.response, f"{PATH}.requests[{index}].response")
    if seen is None:
        failure = failure or Failure.UNKNOWN
    elif text in _REDIRECTED:
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


def sole(row: shape.RequestRow, index: int, place: tuple[str, int] | None) -> Resolve | Connect | Handshake | Fetch:
    """The step of a `requests` entry of the old client, which did all by itself: that of the layer that failed."""
    step = fetch(row, index)
    failure, detail = step.failure, step.detail
    if failure is None or step.page is not None:
        return step
    if failure in _LOOKUP:
        return Resolve(
            t0=step.t0,
            t=step.t,
            failure=failure,
            detail=detail,
            resolver=SYSTEM_RESOLVER,
            name=host(step.url),
            qtype="ANY",
        )
    address, port = place or ("", 443)
    if failure in _TLS:
        spoke = failure in CERTIFICATE or failure is Failure.TLS_ALERT
        return Handshake(
            t0=step.t0,
            t=step.t,
            failure=failure,
            detail=detail,
            address=address,
            port=port,
            sni=sni_of(step.url),
            spoke=spoke,
            valid=False if failure in CERTIFICATE else None,
        )
    if failure in _NOT_REACHED and place is not None:
        return Connect(t0=step.t0, t=step.t, failure=failure, detail=detail, address=address, port=port)
    return step


def sni_of(url: str) -> str | None:
    """The server name that a fetch of `url` sends."""
    if url[:8].lower() != "https://":
        return None
    name = host(url)
    return None if not name or is_address(name) else name


def _chain(items: list[shape.Binary], index: int) -> tuple[Certificate, ...]:
    try:
        return tuple([_certificate(item.data) for item in items[:_CHAIN]])
    except ValueError as error:
        raise ValueError(f"{error} - at `{PATH}.tls_handshakes[{index}].peer_certificates`") from error


@lru_cache(_CERTIFICATES)
def _certificate(text: str) -> Certificate:
    return certificate(octets(text))
