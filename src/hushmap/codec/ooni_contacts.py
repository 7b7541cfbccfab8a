"""The connections, handshakes and requests of an OONI measurement -> trials of endpoints.

From 0.5 on a transaction id ties them together, and each transaction is one trial. Before, OONI kept three lists: a
handshake is put with the connection that it must have used, and a request stands alone, as nothing tells to which
address it went.
"""

from itertools import chain

import msgspec
from msgspec.structs import replace

from hushmap.codec import ooni_loose as shape
from hushmap.codec.ooni_numbers import Numbers
from hushmap.codec.ooni_places import endpoint, host, name
from hushmap.codec.ooni_steps import connect, fetch, handshake, sni_of, sole
from hushmap.model import Ask, Connect, Fetch, Handshake, Layer, Step, Trial

# As globals: members of an enum are slow to look up.
_TCP, _TLS, _HTTP = Layer.TCP, Layer.TLS, Layer.HTTP
_ARRIVED = "bytes_received_cumulative"
_SIGNS = _ARRIVED.encode(), b"\\"
"""Without one of these no event says that bytes arrived; a backslash may spell any letter."""
_PLACE = "$.test_keys.requests[].address"

_Points = list[tuple[float, int]]


class _Contact(msgspec.Struct, gc=False):
    """What one transaction did, in the order of its layers."""

    tags: list[str] | None
    connect: Connect | None = None
    handshake: Handshake | None = None
    fetch: Fetch | None = None
    place: tuple[str, int] | None = None


def trials(keys: shape.TestKeys, site: str, numbers: Numbers) -> list[Trial]:
    """Every connection, handshake and request, each in one trial; `site` is the host of the target."""
    contacts: dict[int, _Contact] = {}
    # Entries that no transaction ties to others.
    connects: list[Connect] = []
    handshakes: list[Handshake] = []
    fetches: list[tuple[Fetch, tuple[str, int] | None]] = []
    if keys.tcp_connect:
        _connects(keys.tcp_connect, contacts, connects)
    if keys.tls_handshakes:
        _handshakes(keys.tls_handshakes, contacts, handshakes)
    if keys.requests:
        _fetches(keys.requests, _curves(bytes(keys.network_events)), contacts, fetches)
    found: list[Trial] = []
    if contacts:
        hosts: dict[str, str] = {}
        for number, contact in contacts.items():
            trial = _trial(contact, numbers.take(number))
            if trial.ask.layer is _TCP:
                hosts = hosts or _hosts(keys, site)
                ask = replace(trial.ask, host=_host(contact.tags, hosts))
                trial = replace(trial, ask=ask)
            found.append(trial)
    if handshakes:
        _paired(connects, handshakes, site, numbers, found)
    else:
        found += [_bare(step, site, numbers) for step in connects]
    found += [_alone(fetched, place, numbers) for fetched, place in fetches]
    return found


def _connects(rows: list[shape.TcpRow], contacts: dict[int, _Contact], loose: list[Connect]) -> None:
    for index, row in enumerate(rows):
        step = connect(row, index)
        if step is None:
            continue
        number = row.transaction_id
        if number and number > 0 and number not in contacts:
            contacts[number] = _Contact(row.tags, step)
        else:
            loose.append(step)


def _handshakes(rows: list[shape.TlsRow], contacts: dict[int, _Contact], loose: list[Handshake]) -> None:
    for index, row in enumerate(rows):
        number = row.transaction_id
        if not number or number < 0:
            loose.append(handshake(row, index, None))
            continue
        contact = contacts.get(number)
        if contact is None:
            contact = contacts[number] = _Contact(row.tags)
        if contact.handshake is None:
            contact.handshake = handshake(row, index, contact.connect)
        else:
            loose.append(handshake(row, index, None))


def _fetches(
    rows: list[shape.RequestRow],
    curves: dict[int, _Points],
    contacts: dict[int, _Contact],
    loose: list[tuple[Fetch, tuple[str, int] | None]],
) -> None:
    # OONI writes the newest first.
    for index in range(len(rows) - 1, -1, -1):
        row = rows[index]
        number = row.transaction_id or 0
        place = endpoint(row.address, _PLACE, index) if row.address else None
        if number > 0:
            contact = contacts.get(number)
            if contact is None:
                contact = contacts[number] = _Contact(row.tags)
            if contact.fetch is None:
                contact.fetch = fetch(row, index, curves.get(number))
                contact.place = place
                continue
        loose.append((fetch(row, index, None), place))


def _curves(events: bytes) -> dict[int, _Points]:
    """(time, total bytes) on each transaction's connection, of a list of `network_events`."""
    curves: dict[int, _Points] = {}
    if _SIGNS[0] in events or _SIGNS[1] in events:
        for event in shape.events(events):
            if event.operation == _ARRIVED and event.transaction_id and event.num_bytes is not None:
                curves.setdefault(event.transaction_id, []).append((event.t or 0.0, event.num_bytes))
    return curves


def _trial(contact: _Contact, number: int) -> Trial:
    """One transaction: its steps, and an ask as deep as they go."""
    connected, shaken, fetched = contact.connect, contact.handshake, contact.fetch
    steps: list[Step] = []
    address: str | None = None
    port: int | None = None
    if connected is not None:
        address, port = connected.address, connected.port
        steps.append(connected)
    # A step after a failed one is absent, unless something came of it all the same: what was seen is kept.
    if shaken is not None and (connected is None or connected.failure is None or shaken.failure is None):
        address, port = shaken.address or None, shaken.port
        steps.append(shaken)
    if fetched is not None and (not steps or fetched.page is not None or steps[-1].failure is None):
        steps.append(fetched)
    if fetched is not None:
        if port is None and contact.place is not None:
            address, port = contact.place
        url = fetched.url
        sni = sni_of(url) if shaken is None else shaken.sni
        ask = Ask(layer=_HTTP, address=address, port=port, sni=sni, method=fetched.method, url=url)
    elif shaken is not None:
        ask = Ask(layer=_TLS, address=address, port=port, sni=shaken.sni)
    else:
        ask = Ask(layer=_TCP, address=address, port=port)
    return Trial(id=number, ask=ask, steps=tuple(steps), t0=steps[0].t0, t=steps[-1].t)


def _paired(
    connects: list[Connect], handshakes: list[Handshake], site: str, numbers: Numbers, found: list[Trial]
) -> None:
    """Connections, each with its handshake; a handshake that no connection can be told for stands alone."""
    placed: dict[tuple[str, int], list[Handshake]] = {}
    in_order = [step for step in handshakes if not step.address]
    up = [step for step in connects if step.failure is None and step.port != 80]
    # The old probe shook hands on each connection that came up, one after the other; other counts tell nothing.
    if len(up) == len(in_order):
        places = [(step.address, step.port) for step in up]
        in_order = [
            replace(shaken, address=place[0], port=place[1]) for place, shaken in zip(places, in_order, strict=True)
        ]
    for shaken in (*handshakes, *in_order):
        if shaken.address:
            placed.setdefault((shaken.address, shaken.port), []).append(shaken)
    alone = [shaken for shaken in in_order if not shaken.address]
    for step in connects:
        own = placed.get((step.address, step.port)) if step.failure is None else None
        if not own:
            found.append(_bare(step, site, numbers))
            continue
        shaken = own.pop(0)
        ask = Ask(layer=_TLS, address=step.address, port=step.port, sni=shaken.sni)
        found.append(Trial(id=numbers.fresh(), ask=ask, steps=(step, shaken), t0=step.t0, t=shaken.t))
    for shaken in (*chain.from_iterable(placed.values()), *alone):
        ask = Ask(layer=_TLS, address=shaken.address or None, port=shaken.port, sni=shaken.sni)
        found.append(Trial(id=numbers.fresh(), ask=ask, steps=(shaken,), t0=shaken.t0, t=shaken.t))


def _bare(step: Connect, site: str, numbers: Numbers) -> Trial:
    """A connection and no more."""
    ask = Ask(layer=_TCP, address=step.address, port=step.port, host=site or None)
    return Trial(id=numbers.fresh(), ask=ask, steps=(step,), t0=step.t0, t=step.t)


def _alone(step: Fetch, place: tuple[str, int] | None, numbers: Numbers) -> Trial:
    """A request of the old client."""
    url = step.url
    address, port = (None, None) if place is None else place
    ask = Ask(layer=_HTTP, address=address, port=port, sni=sni_of(url), method=step.method, url=url)
    return Trial(id=numbers.fresh(), ask=ask, steps=(sole(step, place),), t0=step.t0, t=step.t)


def _hosts(keys: shape.TestKeys, site: str) -> dict[str, str]:
    """Which host each depth of redirection is about, by the tag of the depth."""
    known = {"depth=0": site}
    for query in keys.queries or ():
        _note(known, query.tags, name(query.hostname))
    for row in keys.requests or ():
        _note(known, row.tags, host(row.request.url))
    for shaken in keys.tls_handshakes or ():
        _note(known, shaken.tags, shaken.server_name)
    return known


def _note(known: dict[str, str], tags: list[str] | None, found: str | None) -> None:
    for tag in tags or ():
        if found and tag.startswith("depth="):
            known.setdefault(tag, found)


def _host(tags: list[str] | None, hosts: dict[str, str]) -> str | None:
    """The host of the depth that is among `tags`."""
    for tag in tags or ():
        if found := hosts.get(tag):
            return found
    return None
