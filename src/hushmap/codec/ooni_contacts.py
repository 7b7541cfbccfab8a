"""The connections, handshakes and requests of an OONI measurement -> trials of endpoints.

From 0.5 on a transaction id ties them together, and each transaction is one trial. Before, OONI kept three lists: a
handshake is put with the connection that it must have used, and a request stands alone, as nothing tells which address
it went to.
"""

import msgspec

from hushmap.codec import ooni_loose as shape
from hushmap.codec import ooni_steps as entry
from hushmap.codec.ooni_numbers import Numbers
from hushmap.codec.ooni_places import endpoint, host, name
from hushmap.model import Ask, Connect, Fetch, Handshake, Layer, Step, Trial

_ARRIVED = "bytes_received_cumulative"


class _Contact:
    """What one transaction did, in the order of its layers."""

    __slots__ = ("connect", "fetch", "handshake", "place", "tags")

    def __init__(self, tags: list[str] | None) -> None:
        self.connect: Connect | None = None
        self.handshake: Handshake | None = None
        self.fetch: Fetch | None = None
        self.place: tuple[str, int] | None = None
        self.tags = tags


class _Loose:
    """Entries that no transaction id ties to others."""

    __slots__ = ("connects", "handshakes", "requests")

    def __init__(self) -> None:
        self.connects: list[Connect] = []
        self.handshakes: list[Handshake] = []
        self.requests: list[tuple[int, shape.RequestRow]] = []


def trials(keys: shape.TestKeys, target: str, numbers: Numbers) -> list[Trial]:
    """Every connection, handshake and request, each in one trial."""
    contacts: dict[int, _Contact] = {}
    loose = _Loose()
    if keys.tcp_connect:
        _connects(keys.tcp_connect, contacts, loose)
    if keys.tls_handshakes:
        _handshakes(keys.tls_handshakes, contacts, loose)
    if keys.requests:
        _requests(keys.requests, _curves(keys.network_events or []), contacts, loose)
    hosts = _Hosts(keys, target)
    found = [_trial(contact, numbers.take(number), hosts) for number, contact in contacts.items()]
    if loose.connects or loose.handshakes:
        found += _paired(loose.connects, loose.handshakes, host(target), numbers)
    for index, row in loose.requests:
        found.append(_alone(row, index, numbers))
    return found


def _connects(rows: list[shape.TcpRow], contacts: dict[int, _Contact], loose: _Loose) -> None:
    for index, row in enumerate(rows):
        step = entry.connect(row, index)
        if step is None:
            continue
        number = row.transaction_id
        if number and number > 0 and number not in contacts:
            contact = contacts[number] = _Contact(row.tags)
            contact.connect = step
        else:
            loose.connects.append(step)


def _handshakes(rows: list[shape.TlsRow], contacts: dict[int, _Contact], loose: _Loose) -> None:
    for index, row in enumerate(rows):
        number = row.transaction_id
        if not number or number < 0:
            loose.handshakes.append(entry.handshake(row, index, None))
            continue
        contact = contacts.get(number)
        if contact is None:
            contact = contacts[number] = _Contact(row.tags)
        if contact.handshake is None:
            contact.handshake = entry.handshake(row, index, contact.connect)
        else:
            loose.handshakes.append(entry.handshake(row, index, None))


def _requests(
    rows: list[shape.RequestRow],
    curves: dict[int, list[tuple[float, int]]],
    contacts: dict[int, _Contact],
    loose: _Loose,
) -> None:
    # OONI writes the newest first.
    for index in range(len(rows) - 1, -1, -1):
        row = rows[index]
        number = row.transaction_id
        if not number or number < 0:
            loose.requests.append((index, row))
            continue
        contact = contacts.get(number)
        if contact is None:
            contact = contacts[number] = _Contact(row.tags)
        if contact.fetch is not None:
            loose.requests.append((index, row))
            continue
        contact.fetch = entry.fetch(row, index, curves.get(number))
        if contact.connect is None and row.address:
            contact.place = _place(row, index)


def _curves(events: list[shape.EventRow]) -> dict[int, list[tuple[float, int]]]:
    """(time, total bytes) on each transaction's connection."""
    curves: dict[int, list[tuple[float, int]]] = {}
    for event in events:
        if event.operation == _ARRIVED and event.transaction_id and event.num_bytes is not None:
            curves.setdefault(event.transaction_id, []).append((event.t or 0.0, event.num_bytes))
    return curves


def _place(row: shape.RequestRow, index: int) -> tuple[str, int] | None:
    return endpoint(row.address, f"{entry.PATH}.requests[{index}].address") if row.address else None


def _trial(contact: _Contact, number: int, hosts: "_Hosts") -> Trial:
    """One transaction: its steps, and an ask as deep as they go."""
    connect, handshake, fetch = contact.connect, contact.handshake, contact.fetch
    steps: list[Step] = []
    if connect is not None:
        steps.append(connect)
    if handshake is not None:
        steps.append(handshake)
    # A step after a failed one is absent, unless something came of it all the same: what was seen is kept.
    if fetch is not None and (fetch.page is not None or not steps or steps[-1].failure is None):
        steps.append(fetch)
    address: str | None
    port: int | None
    if connect is not None:
        address, port = connect.address, connect.port
    elif handshake is not None:
        address, port = handshake.address or None, handshake.port
    else:
        address, port = contact.place or (None, None)
    if fetch is not None:
        sni = entry.sni_of(fetch.url) if handshake is None else handshake.sni
        ask = Ask(layer=Layer.HTTP, address=address, port=port, sni=sni, method=fetch.method, url=fetch.url)
    elif handshake is not None:
        ask = Ask(layer=Layer.TLS, address=address, port=port, sni=handshake.sni)
    else:
        ask = Ask(layer=Layer.TCP, address=address, port=port, host=hosts.at(contact.tags))
    return Trial(id=number, ask=ask, steps=tuple(steps), t0=steps[0].t0, t=steps[-1].t)


def _paired(connects: list[Connect], handshakes: list[Handshake], site: str, numbers: Numbers) -> list[Trial]:
    """Connections, each with its handshake; handshakes that no connection can be told for stand alone."""
    placed = {(step.address, step.port): step for step in handshakes if step.address}
    in_order = [step for step in handshakes if not step.address]
    up = [step for step in connects if step.failure is None and step.port != 80]
    # The old probe shook hands on each connection that came up, one after the other; other counts tell nothing.
    own = dict(zip(map(id, up), in_order, strict=True)) if len(up) == len(in_order) else {}
    found: list[Trial] = []
    for connect in connects:
        address, port = connect.address, connect.port
        shake = placed.pop((address, port), None)
        if shake is None and (shake := own.get(id(connect))) is not None:
            shake = msgspec.structs.replace(shake, address=address, port=port)
        if shake is None:
            ask = Ask(layer=Layer.TCP, address=address, port=port, host=site or None)
            found.append(Trial(id=numbers.take(), ask=ask, steps=(connect,), t0=connect.t0, t=connect.t))
        else:
            ask = Ask(layer=Layer.TLS, address=address, port=port, sni=shake.sni)
            found.append(Trial(id=numbers.take(), ask=ask, steps=(connect, shake), t0=connect.t0, t=shake.t))
    rest = [*placed.values(), *(() if own else in_order)]
    for shake in rest:
        ask = Ask(layer=Layer.TLS, address=shake.address or None, port=shake.port, sni=shake.sni)
        found.append(Trial(id=numbers.take(), ask=ask, steps=(shake,), t0=shake.t0, t=shake.t))
    return found


def _alone(row: shape.RequestRow, index: int, numbers: Numbers) -> Trial:
    """One request of the old client."""
    place = _place(row, index)
    step = entry.sole(row, index, place)
    address, port = place or (None, None)
    url = row.request.url
    ask = Ask(
        layer=Layer.HTTP,
        address=address,
        port=port,
        sni=entry.sni_of(url),
        method=row.request.method or "GET",
        url=url,
    )
    return Trial(id=numbers.take(), ask=ask, steps=(step,), t0=step.t0, t=step.t)


class _Hosts:
    """Which host each depth of redirection is about; worked out when the first bare connection asks."""

    __slots__ = ("_by_tag", "_keys", "_target")

    def __init__(self, keys: shape.TestKeys, target: str) -> None:
        self._keys, self._target = keys, target
        self._by_tag: dict[str, str] = {}

    def at(self, tags: list[str] | None) -> str | None:
        """The host of the depth that is among `tags`."""
        if not self._by_tag:
            self._learn()
        for tag in tags or ():
            if found := self._by_tag.get(tag):
                return found
        return None

    def _learn(self) -> None:
        keys, known = self._keys, self._by_tag
        known["depth=0"] = host(self._target)
        for query in keys.queries or ():
            _note(known, query.tags, name(query.hostname))
        for row in keys.requests or ():
            _note(known, row.tags, host(row.request.url))
        for shake in keys.tls_handshakes or ():
            _note(known, shake.tags, shake.server_name)


def _note(known: dict[str, str], tags: list[str] | None, found: str | None) -> None:
    for tag in tags or ():
        if found and tag.startswith("depth="):
            known.setdefault(tag, found)
