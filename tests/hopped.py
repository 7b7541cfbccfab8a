"""Trials of packets with small TTLs, and whole ways made of them, by hand."""

from __future__ import annotations

from hushmap.model import (
    Answer,
    Ask,
    Connect,
    Context,
    Failure,
    Handshake,
    Hop,
    Layer,
    Record,
    Resolve,
    Role,
    Trial,
    trial_of,
)
from hushmap.model.trial import Attempt

SITE, NEAR, NAME = "198.51.100.7", "198.51.100.8", "cut.example"
HARMLESS = "www.baseline-a.example"
TOLD, SILENT, RESET, DATA = "told", "silent", "reset", "data"
"""What a packet met: a router's error, nothing, a reset or data in the target's place."""
BOTH = "both"
"""A router's error, and data beside it."""


def router(ttl: int) -> str:
    """The router of a hop."""
    return f"192.0.2.{ttl}"


def hop(ttl: int, what: str, *, layer: Layer, address: str, seconds: float = 0.1, name: str | None = None) -> Hop:
    """One packet and what it met; of a payload the kernel tells no router."""
    told = what in {TOLD, BOTH}
    payload = layer in {Layer.TLS, Layer.HTTP}
    failure = {SILENT: Failure.TIMEOUT, RESET: Failure.REFUSED if layer is Layer.TCP else Failure.RESET}.get(what)
    return Hop(
        t0=0.0, t=seconds, failure=failure, address=address, port=443, ttl=ttl,
        router=(name or router(ttl)) if told and not payload else None,
        icmp=((-1, -1) if payload else (11, 0)) if told else None, reached=what in {RESET, DATA, BOTH},
        received=b"\x16words" if what in {DATA, BOTH} else b"",
    )  # fmt: skip


class Made:
    """Trials in the making, with ids and times in their order."""

    def __init__(self, layer: Layer = Layer.TLS) -> None:
        self.layer, self.trials, self.pair = layer, [], 0

    def add(self, ask: Ask, steps: tuple, role: Role = Role.SUBJECT, **more: object) -> Trial:
        """One trial; 20 s lie between two."""
        number = len(self.trials) + 1
        attempt = Attempt(id=number, ask=ask, role=role, **more)
        self.trials.append(trial_of(attempt, steps, t0=20.0 * number, t=20.0 * number + 1))
        return self.trials[-1]

    def whole(self, failure: Failure | None, layer: Layer | None = None, changed: str = "sni") -> Trial:
        """A whole attempt of the subject."""
        kind = layer or self.layer
        if kind is Layer.DNS:
            answers = () if failure else (Answer(t=0.1, addresses=("203.0.113.66",)),)
            step = Resolve(t0=0, t=0.1, failure=failure, resolver=DARK, name=NAME, qtype="A", answers=answers)
            return self.add(Ask(layer=kind, name=NAME, resolver=DARK), (step,), changed="name")
        syn = Connect(t0=0, t=0.1, address=SITE, port=443, failure=failure if kind is Layer.TCP else None)
        hello = Handshake(t0=0, t=0.1, address=SITE, port=443, failure=failure)
        ask = Ask(layer=kind, address=SITE, port=443, sni=None if kind is Layer.TCP else NAME)
        return self.add(ask, (syn,) if kind is Layer.TCP else (syn, hello), changed=changed)

    def sweep(self, end: int, *, silent: tuple[int, ...] = (), name: str | None = None) -> None:
        """The way by harmless packets."""
        layer = Layer.DNS if self.layer is Layer.DNS else Layer.TCP
        address = NEAR if self.layer is Layer.TCP else SITE
        for ttl in range(1, end + 1):
            what = DATA if ttl == end else SILENT if ttl in silent else TOLD
            step = hop(ttl, what, layer=layer, address=address, name=name)
            self.add(Ask(layer=layer, address=address, port=443, ttl=ttl), (step,), Role.BASELINE)

    def probe(self, ttl: int, what: str, *, beside: bool | None = True, before: str = TOLD, **more: object) -> None:
        """A pair; `beside`: whether an ordinary visit elsewhere worked after a silence."""
        self.pair += 1
        kind = {"layer": self.layer, "port": 443, "ttl": ttl}
        other = NEAR if self.layer is Layer.TCP else SITE
        harmless = hop(ttl, before, layer=self.layer, address=other)
        self.add(Ask(address=other, sni=HARMLESS, **kind), (harmless,), Role.BASELINE, pair=self.pair)
        subject = hop(ttl, what, layer=self.layer, address=SITE, **more)
        self.add(Ask(address=SITE, sni=NAME, **kind), (subject,), pair=self.pair)
        if what == SILENT and beside is not None:
            step = Connect(t0=0, t=0.1, address=NEAR, port=443, failure=None if beside else Failure.TIMEOUT)
            self.add(
                Ask(layer=Layer.TCP, address=NEAR, port=443), (step,), Role.BASELINE, pair=self.pair, bystander=True
            )

    def record(self, target: str = f"https://{NAME}/", **context: object) -> Record:
        """The record of all."""
        return Record(
            id="r-1", run="r", experiment="hops", target=target, started="", ended="", run_started="",
            context=Context(dark=DARK, **context), trials=tuple(self.trials),
        )  # fmt: skip


DARK = "udp://203.0.113.10:53"
TABLE = (
    ("198.51.100.0/24", 64510), ("192.0.2.0/24", 64500), ("192.0.2.4/30", 64501), ("192.0.2.6/32", 64510),
    ("2001:db8::/32", 64502),
)  # fmt: skip
"""The target's network, its provider's, and one between them; hop 6 is in the target's own."""


def cut(what: str = SILENT, *, layer: Layer = Layer.TLS, end: int = 7, after: int = 3, votes: int = 6) -> Made:
    """A way that is cut behind a hop."""
    made = Made(layer)
    made.whole(
        Failure.TIMEOUT if what == SILENT else Failure.RESET, changed="address" if layer is Layer.TCP else "sni"
    )
    made.sweep(end)
    for _ in range(votes):
        made.probe(after, TOLD)
        made.probe(after + 1, what)
    return made
