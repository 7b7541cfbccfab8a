"""What OONI's test helper saw -> trials of side helper.

The helper tells outcomes, not times: its steps stand at t = 0 of the record. It names failures as it likes (refs/OONI
1.3), so only that a step failed is sure. A helper that could not be asked leaves one trial that says so.
"""

from hushmap.codec import ooni_loose as shape
from hushmap.codec.ooni_numbers import Numbers
from hushmap.codec.ooni_page import HEADERS, header_values
from hushmap.codec.ooni_places import endpoint, failed
from hushmap.model import (
    SYSTEM_RESOLVER,
    Answer,
    Ask,
    Connect,
    Failure,
    Fetch,
    Handshake,
    Layer,
    Page,
    Resolve,
    Side,
    Trial,
    certificate_holds,
    is_address,
)
from hushmap.wire import html

_PATH = "$.test_keys.control.tcp_connect"
_BOTH = "A+AAAA"
# Members of an enum are looked up through descriptors, which is ten times as slow as a global, and this is done for
# every line of an archive.
_DNS, _TCP, _TLS, _HTTP, _HELPER = Layer.DNS, Layer.TCP, Layer.TLS, Layer.HTTP, Side.HELPER
_UNKNOWN, _NO_ANSWER = Failure.UNKNOWN, Failure.NO_ANSWER
_REPLIED = frozenset({Failure.NXDOMAIN, Failure.DNS_REFUSED, Failure.SERVFAIL, Failure.NO_ANSWER})


def told(keys: shape.TestKeys) -> shape.Control | None:
    """What the test helper answered; `None` if it told nothing."""
    control = keys.control
    if control is None or keys.control_failure is not None:
        return None
    return control if control.http_request is not None or control.dns is not None or control.tcp_connect else None


def trials(control: shape.Control | None, target: str, site: str, numbers: Numbers) -> list[Trial]:
    """The helper's lookup, endpoints and fetch of `target`, a URL of the host `site`."""
    if control is None:
        ask = Ask(layer=_HTTP, url=target)
        return [Trial(id=numbers.fresh(), ask=ask, side=_HELPER, undone="helper_failed")]
    found: list[Trial] = []
    if control.dns is not None and not is_address(site):
        found.append(_lookup(control.dns, site or target, numbers.fresh()))
    if control.tcp_connect:
        shakes = control.tls_handshake
        for text, row in control.tcp_connect.items():
            found.append(_endpoint(text, row, shakes.get(text) if shakes else None, site, numbers.fresh()))
    if control.http_request is not None and (step := _fetch(control.http_request, target)) is not None:
        ask = Ask(layer=_HTTP, url=target)
        found.append(Trial(id=numbers.fresh(), ask=ask, side=_HELPER, steps=(step,)))
    return found


def _lookup(row: shape.ControlDns, name: str, number: int) -> Trial:
    addresses: list[str] = []
    cnames: list[str] = []
    for text in row.addrs or ():
        (addresses if is_address(text) else cnames).append(text)
    failure, detail = (None, None) if row.failure is None else failed(row.failure)
    if failure is None and not addresses:
        failure = _NO_ANSWER
    answers: tuple[Answer, ...] = ()
    if failure is None or addresses or failure in _REPLIED:
        answers = (Answer(t=0.0, addresses=tuple(addresses), cnames=tuple(cnames), failure=failure),)
    step = Resolve(
        t0=0.0,
        t=0.0,
        failure=failure,
        detail=detail,
        resolver=SYSTEM_RESOLVER,
        name=name,
        qtype=_BOTH,
        answers=answers,
    )
    ask = Ask(layer=_DNS, name=name, qtype=_BOTH, resolver=SYSTEM_RESOLVER)
    return Trial(id=number, ask=ask, side=_HELPER, steps=(step,))


def _endpoint(
    text: str, row: shape.ControlEndpoint, shake: shape.ControlEndpoint | None, site: str, number: int
) -> Trial:
    address, port = endpoint(text, _PATH)
    failure, detail = (None, None) if row.status and row.failure is None else _failed(row)
    connect = Connect(t0=0.0, t=0.0, failure=failure, detail=detail, address=address, port=port)
    if shake is None:
        ask = Ask(layer=_TCP, address=address, port=port, host=site or None)
        return Trial(id=number, ask=ask, side=_HELPER, steps=(connect,))
    sni = shake.server_name or None
    if sni is not None and is_address(sni):
        sni = None
    ask = Ask(layer=_TLS, address=address, port=port, sni=sni)
    if failure is not None:
        return Trial(id=number, ask=ask, side=_HELPER, steps=(connect,))
    failure, detail = (None, None) if shake.status and shake.failure is None else _failed(shake)
    valid = certificate_holds(failure)
    step = Handshake(
        t0=0.0,
        t=0.0,
        failure=failure,
        detail=detail,
        address=address,
        port=port,
        sni=sni,
        spoke=valid is not None,
        valid=valid,
    )
    return Trial(id=number, ask=ask, side=_HELPER, steps=(connect, step))


def _failed(row: shape.ControlEndpoint) -> tuple[Failure, str | None]:
    return (_UNKNOWN, None) if row.failure is None else failed(row.failure)


def _fetch(row: shape.ControlHttp, url: str) -> Fetch | None:
    """The helper's fetch; `None` if it says neither what came nor what failed."""
    status = row.status_code
    failure, detail = (None, None) if row.failure is None else failed(row.failure)
    if status is None or status <= 0:
        return None if failure is None else Fetch(t0=0.0, t=0.0, failure=failure, detail=detail, url=url)
    headers = row.headers
    names, values = header_values(headers.items()) if headers and isinstance(headers, dict) else ((), ())
    title, length = row.title, row.body_length
    page = Page(
        status=status,
        header_names=names,
        location=values[names.index("location")][1] if "location" in names else None,
        server=values[names.index("server")][1] if "server" in names else None,
        headers=values if len(values) <= HEADERS else values[:HEADERS],
        title=html.title_text(title) if title and isinstance(title, str) else None,
        body_length=length if length is not None and length > 0 else 0,
    )
    return Fetch(t0=0.0, t=0.0, failure=failure, detail=detail, url=url, page=page)
