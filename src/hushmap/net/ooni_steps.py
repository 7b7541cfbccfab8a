"""Our asks as questions to OONI's helper, and its one answer as the steps of each.

Such a helper is told a URL and endpoints, and decides itself what to try. So an ask is put to it only if its URL
makes it try just that; and what it says is taken for no more than it is: its page came from an address that it found
itself, whichever one that was, after all redirects.
"""

import ipaddress

import msgspec

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
    Step,
    certificate_holds,
)
from hushmap.wire import html
from hushmap.wire import url as wire_url
from hushmap.wire.helper import HelperAnswer
from hushmap.wire.json import one_line
from hushmap.wire.names import ascii_name
from hushmap.wire.ooni_helper import Flag, Http, OoniReply, by_endpoint, failure_of

CANNOT = "helper_cannot"
"""OONI's helper is not made for such an ask, or did not try it."""
OTHER_ADDRESS = "helper_other_address"
"""It loaded the page, but not from the address that was asked about."""

_WHOLE = 1 << 24
"""Bytes of a page that OONI's helper reads (refs/OONI 1.3): one that long may be longer."""
_ADDRESSES = 64
"""Addresses of one lookup that are kept."""
_DETAIL = 100
_TEXT = 2000
_HEADERS = 100
_PLAIN = {80: "http", 443: "https"}


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What an ask comes to for such a helper."""

    host: str
    url: str | None = None
    """`None`: any page of the host will do."""
    endpoint: tuple[str, int] | None = None

    @property
    def port(self) -> int:
        """Where the helper loads the page."""
        return wire_url.parse(self.url or f"https://{self.host}/").port


def question(ask: Ask) -> Question | None:
    """What to ask for `ask`; `None`: nothing that would make the helper try just that."""
    try:
        found = _question(ask)
    except ValueError:
        return None
    elsewhere = found is not None and found.endpoint is not None and found.endpoint[1] != found.port
    return None if elsewhere else found


def _question(ask: Ask) -> Question | None:
    if ask.layer is Layer.DNS:
        known = ask.resolver == SYSTEM_RESOLVER and set(ask.qtype.split("+")) <= {"A", "AAAA"}
        return Question(host=ascii_name(ask.name or "").lower()) if known else None
    name = ask.sni or ask.name or ask.host
    if ask.layer is Layer.TCP and ask.address and ask.port in _PLAIN and name:
        return _page(f"{_PLAIN[ask.port]}://{name}/", ask.address, ask.port)
    if ask.layer is Layer.TLS and ask.address and ask.sni and ask.verify:
        port = ask.port or 443
        return _page(f"https://{ask.sni}:{port}/", ask.address, port)
    plain = not ask.payload and not ask.headers and ask.host is None and ask.method == "GET"
    if ask.layer is Layer.HTTP and ask.address and ask.url and plain and ask.verify:
        page = wire_url.parse(ask.url)
        named = ask.sni == page.host or (ask.sni is None and (page.scheme == "http" or page.host == ask.address))
        return _page(page.text, ask.address, ask.port or page.port) if named else None
    return None


def _page(url: str, address: str, port: int) -> Question:
    page = wire_url.parse(url)
    return Question(host=page.host, url=page.text, endpoint=(address, port))


def answer(ask: Ask, reply: OoniReply, t0: float, t: float) -> HelperAnswer:
    """The steps of `ask`, as far as the reply tells them; it gives no times, so each has those of the request."""
    if ask.layer is Layer.DNS:
        return HelperAnswer(steps=_lookups(ask, reply, t0, t))
    asked = question(ask)
    assert asked is not None, "only what can be asked is answered"
    assert asked.endpoint is not None, "and every such ask has an endpoint"
    (address, port), url = asked.endpoint, asked.url or ""
    tcp = by_endpoint(reply.tcp_connect).get(asked.endpoint)
    if tcp is None:
        return HelperAnswer(undone=CANNOT)
    failure = failure_of(tcp.status, tcp.failure)
    steps: tuple[Step, ...] = (
        Connect(t0=t0, t=t, failure=failure, detail=_said(failure, tcp.failure), address=address, port=port),
    )
    if failure is not None or ask.layer is Layer.TCP:
        return HelperAnswer(steps=steps)
    secure = url.startswith("https:")
    if secure:
        shaken = _handshake(ask, reply, asked, t0, t)
        if shaken is None:
            return HelperAnswer(undone=CANNOT)
        steps += (shaken,)
        if shaken.failure is not None or ask.layer is Layer.TLS:
            return HelperAnswer(steps=steps)
    if not _own(reply, address):
        # Over TLS the handshake says what this address is; without, nothing is left of what was asked.
        return HelperAnswer(steps=steps) if secure else HelperAnswer(steps=steps, undone=OTHER_ADDRESS)
    fetch = _fetch(ask, reply.http_request, t0, t)
    return HelperAnswer(undone=CANNOT) if fetch is None else HelperAnswer(steps=(*steps, fetch))


def reached(reply: OoniReply) -> bool:
    """Whether the helper got anywhere: then it was online itself."""
    return any(tcp.status for tcp in reply.tcp_connect.values()) or reply.http_request.status_code > 0


def _lookups(ask: Ask, reply: OoniReply, t0: float, t: float) -> tuple[Resolve, ...]:
    failure = failure_of(reply.dns.failure is None, reply.dns.failure)
    found, names = _addresses(reply)
    steps = []
    for qtype in ask.qtype.split("+"):
        addresses = tuple(a for a in found if (":" in a) is (qtype == "AAAA"))
        mine = None if addresses else failure or Failure.NO_ANSWER
        answered = bool(addresses) or mine in {Failure.NXDOMAIN, Failure.NO_ANSWER}
        steps.append(
            Resolve(
                t0=t0,
                t=t,
                failure=mine,
                detail=_said(mine, reply.dns.failure),
                resolver=SYSTEM_RESOLVER,
                name=ask.name or "",
                qtype=qtype,
                answers=(Answer(t=t, addresses=addresses, cnames=names, failure=mine),) if answered else (),
            )
        )
    return tuple(steps)


def _addresses(reply: OoniReply) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The addresses that the helper found, in their short form, and the aliases that old helpers list among them."""
    found: list[str] = []
    names: list[str] = []
    for text in reply.dns.addrs[:_ADDRESSES]:
        try:
            found.append(str(ipaddress.ip_address(text.partition("%")[0])))
        except ValueError:
            names.append(one_line(text, _DETAIL))
    return tuple(dict.fromkeys(found)), tuple(dict.fromkeys(names))


def _handshake(ask: Ask, reply: OoniReply, asked: Question, t0: float, t: float) -> Handshake | None:
    assert asked.endpoint is not None, "a handshake is asked for at an endpoint"
    address, port = asked.endpoint
    tls = by_endpoint(reply.tls_handshake).get(asked.endpoint)
    if tls is None or (tls.server_name and tls.server_name.lower() != asked.host):
        return None
    failure = failure_of(tls.status, tls.failure)
    valid = certificate_holds(failure)
    return Handshake(
        t0=t0,
        t=t,
        failure=failure,
        detail=_said(failure, tls.failure),
        address=address,
        port=port,
        sni=ask.sni,
        spoke=valid is not None,
        valid=valid,
    )


def _own(reply: OoniReply, address: str) -> bool:
    """Whether the helper found that address itself."""
    info = reply.ip_info.get(address)
    return address in _addresses(reply)[0] or (info is not None and bool(info.flags & Flag.BY_HELPER))


def _fetch(ask: Ask, page: Http, t0: float, t: float) -> Fetch | None:
    failure = failure_of(page.status_code > 0, page.failure)
    if failure is None:
        return Fetch(t0=t0, t=t, url=ask.url or "", page=_facts(page))
    if page.failure is None:
        return None  # neither a page nor a word on why there is none
    return Fetch(t0=t0, t=t, url=ask.url or "", failure=failure, detail=_said(failure, page.failure))


def _facts(page: Http) -> Page:
    values = {name.lower(): value[:_TEXT] for name, value in page.headers.items()}
    return Page(
        status=page.status_code,
        header_names=tuple(name[:_TEXT] for name in values)[:_HEADERS],
        location=values.get("location"),
        server=values.get("server"),
        title=html.title_text(page.title),
        body_length=max(0, page.body_length),
        truncated=page.x_body_is_truncated is True or page.body_length >= _WHOLE,
    )


def _said(failure: Failure | None, text: str | None) -> str | None:
    """The helper's own word, where ours says less or it says more."""
    return None if failure is None or text is None or text == failure else one_line(text, _DETAIL)
