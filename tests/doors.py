"""A fake network with services in it: several names, each with its addresses, and first packets that are answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from hushmap.model import (
    Ask,
    Certificate,
    Connect,
    Endpoint,
    Exchange,
    Failure,
    Group,
    Handshake,
    Layer,
    Live,
    Service,
    Side,
    Target,
    Transport,
)
from hushmap.wire import greeting
from worlds import BASELINES, World

GATES = ("192.0.2.61", "192.0.2.62", "192.0.2.63")
NAMED = {
    "web.chat.example": ("198.51.100.61",),
    "app.chat.example": ("198.51.100.62",),
    "stun.chat.example": ("198.51.100.63",),
    "own.chat.example": ("198.51.100.64",),
}


@dataclass
class Doors(World):
    """A world in which every name of `NAMED` has a server; `blocks` and `server` say what goes wrong."""

    silent: Callable[[Ask, Side], bool] = lambda _ask, _side: False
    """Whether a first packet is left without an answer, by everyone's leave."""
    garbles: Callable[[Ask, Side], bool] = lambda _ask, _side: False
    """Whether something else answers."""
    issuer: Callable[[Ask, Side], str] = lambda _ask, _side: "CN=own root"
    zone: dict[str, tuple[str, ...]] = field(default_factory=lambda: dict(NAMED))

    def steps(self, ask: Ask, side: Side) -> tuple[object, ...]:
        """What the network does with `ask`."""
        if ask.layer is Layer.DNS:
            blocked = self.blocks(ask) if side is Side.HERE else None
            return self._lookup(ask, side, blocked)
        if ask.layer is not Layer.RAW:
            self.name, self.addresses = self._host(ask)
            return super().steps(ask, side)
        blocked = self.blocks(ask) if side is Side.HERE else None
        failure = blocked or self.server(ask, side) or (Failure.TIMEOUT if self.silent(ask, side) else None)
        steps: tuple[object, ...] = ()
        now = self.now
        if ask.transport is Transport.TCP:
            refused = failure if failure is Failure.REFUSED else None
            steps = (Connect(t0=now, t=now + 0.05, address=ask.address, port=ask.port, failure=refused),)
            if refused:
                return steps
        said = b"" if failure else b"noise" if self.garbles(ask, side) else b"answer"
        protocol = greeting.protocol_of(ask.payload) if said == b"answer" else None
        exchange = Exchange(
            t0=now, t=now + 0.1, address=ask.address, port=ask.port, transport=ask.transport, failure=failure,
            received=said, protocol=protocol,
        )  # fmt: skip
        return (*steps, exchange)

    def _host(self, ask: Ask) -> tuple[str, tuple[str, ...]]:
        """Whose server an ask names: what the world then takes for its site."""
        harmless = {baseline.name: baseline.addresses for baseline in BASELINES}
        name = ask.sni or next((name for name in self.zone if f"//{name}" in (ask.url or "")), self.name)
        return name, harmless.get(name, self.zone.get(name, ()))

    def _handshake(self, ask: Ask, here: bool, now: float, said: object) -> Handshake:
        found = super()._handshake(ask, here, now, said)
        side = Side.HERE if here else Side.HELPER
        chain = (Certificate(sha256="00", subject="CN=x", issuer=self.issuer(ask, side)),)
        return found if found.failure else msgspec.structs.replace(found, chain=chain)

    def _lookup(self, ask: Ask, side: Side, blocked: Failure | None) -> tuple[object, ...]:
        self.name, self.addresses = ask.name or "", self.zone.get(ask.name or "", ())
        harmless = {baseline.name: baseline.addresses for baseline in BASELINES}
        self.addresses = self.addresses or harmless.get(ask.name or "", ())
        return super()._lookup(ask, side, blocked)


def endpoint(answers: Live, name: str | None = None, **more: object) -> Endpoint:
    """An endpoint of group `door`, at its protocol's usual port."""
    ports = {
        Live.TCP: 5222,
        Live.STUN: 3478,
        Live.WIREGUARD: 51820,
        Live.DNS: 53,
        Live.TOR_DIRECTORY: 80,
        Live.HTTP: 80,
    }
    udp = answers in {Live.STUN, Live.WIREGUARD, Live.DNS}
    usual = {
        "group": "door", "port": ports.get(answers, 443), "transport": Transport.UDP if udp else Transport.TCP
    }  # fmt: skip
    return Endpoint(answers=answers, name=name, **{**usual, **more})


def target(*endpoints: Endpoint, **every: bool) -> Target:
    """A service of these endpoints; `every` says of which groups all are needed."""
    groups = dict.fromkeys(each.group for each in endpoints)
    service = Service(
        name="chat", title="Chat", category="COMT", endpoints=endpoints,
        groups=tuple(Group(name=name, every=every.get(name, False)) for name in groups),
    )  # fmt: skip
    return Target(experiment="service", text="chat", category="COMT", service=service)
