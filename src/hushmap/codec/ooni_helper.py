"""What OONI's test helper saw -> trials of side helper.

The helper tells outcomes, not times: its steps stand at t = 0 of the record. It names failures as it likes (refs/OONI
1.3), so only that a step failed is sure. A helper that could not be asked leaves one trial that says so.
"""

from hushmap.codec import ooni_loose as shape
from hushmap.codec.ooni_numbers import Numbers
from hushmap.codec.ooni_page import HEADERS, header_values
from hushmap.codec.ooni_places import endpoint, failed, host, is_address
from hushmap.model import (
    CERTIFICATE,
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
    Step,
    Trial,
)
from hushmap.wire import html

_PATH = "$.test_keys.control"
_BOTH = "A+AAAA"
_REPLIED = frozenset({Failure.NXDOMAIN, Failure.DNS_REFUSED, Failure.SERVFAIL, Failure.NO_ANSWER})


def answered(keys: shape.TestKeys) -> bool:
    """Whether the test helper told anything."""
    control = keys.control
    return (
        keys.control_failure is None
        and control is not None
        and not (control.dns is None and control.http_request is None and not control.tcp_connect)
    )


def trials(keys: shape.TestKeys, target: str, numbers: Numbers) -> list[Trial]:
    """The helper's lookup, endpoints and fetch of `target`."""
    control = keys.control
    if control is None or not answered(keys):
        ask = Ask(layer=Layer.HTTP, url=target)
        return [Trial(id=numbers.take(), ask=ask, side=Side.HELPER, undone="helper_failed")]
    found: list[Trial] = []
    site = host(target)
    if control.dns is not None and not is_address(site):
        found.append(_lookup(control.dns, site or target, numbers.take()))
    shakes = control.tls_handshake or {}
    for text, row in (control.tcp_connect or {}).items():
        found.append(_endpoint(text, row, shakes.get(text), site, numbers.take()))
    if control.http_request is not None and (step := _fetch(control.http_request, target)) is not None:
        ask = Ask(layer=Layer.HTTP, url=target)
        found.append(Trial(id=numbers.take(), ask=ask, side=Side.HELPER, steps=(step,)))
    return found


def _lookup(row: shape.ControlDns, name: str, number: int) -> Trial:
    addresses: list[str] = []
    cnames: list[str] = []
    for text in row.addrs or ():
        (addresses if is_address(text) else cnames).append(text)
    failure, detail = (None, None) if row.failure is None else failed(row.failure)
    if failure is None and not addresses:
        failure = Failure.NO_ANSWER
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
    ask = Ask(layer=Layer.DNS, name=name, qtype=_BOTH, resolver=SYSTEM_RESOLVER)
    return Trial(id=number, ask=ask, side=Side.HELPER, steps=(step,))


def _endpoint(
    text: str, row: shape.ControlEndpoint, shake: shape.ControlEndpoint | None, site: str, number: int
) -> Trial:
    address, port = endpoint(text, f"{_PATH}.tcp_connect")
    failure, detail = _ended(row)
    connect = Connect(t0=0.0, t=0.0, failure=failure, detail=detail, address=address, port=port)
    if shake is None:
        ask = Ask(layer=Layer.TCP, address=address, port=port, host=site or None)
        return Trial(id=number, ask=ask, side=Side.HELPER, steps=(connect,))
    sni = shake.server_name or None
    sni = None if sni is None or is_address(sni) else sni
    steps: tuple[Step, ...] = (connect,)
    if failure is None:
        failure, detail = _ended(shake)
        step = Handshake(
            t0=0.0,
            t=0.0,
            failure=failure,
            detail=detail,
            address=address,
            port=port,
            sni=sni,
            spoke=failure is None or failure in CERTIFICATE,
            valid=True if failure is None else False if failure in CERTIFICATE else None,
        )
        steps = (connect, step)
    ask = Ask(layer=Layer.TLS, address=address, port=port, sni=sni)
    return Trial(id=number, ask=ask, side=Side.HELPER, steps=steps)


def _ended(row: shape.ControlEndpoint) -> tuple[Failure | None, str | None]:
    if row.failure is not None:
        return failed(row.failure)
    return (None, None) if row.status else (Failure.UNKNOWN, None)


def _fetch(row: shape.ControlHttp, url: str) -> Fetch | None:
    """The helper's fetch; `None` if it says neither what came nor what failed."""
    status = row.status_code or 0
    failure, detail = (None, None) if row.failure is None else failed(row.failure)
    page = None
    if status > 0:
        values = header_values(list(row.headers.items())) if isinstance(row.headers, dict) else ()
        first = dict(reversed(values))
        page = Page(
            status=status,
            header_names=tuple([name for name, _ in values]),
            location=first.get("location"),
            server=first.get("server"),
            headers=values if len(values) <= HEADERS else values[:HEADERS],
            title=html.title_text(row.title) if isinstance(row.title, str) and row.title else None,
            body_length=max(row.body_length or 0, 0),
        )
    elif failure is None:
        return None
    return Fetch(t0=0.0, t=0.0, failure=failure, detail=detail, url=url, page=page)
