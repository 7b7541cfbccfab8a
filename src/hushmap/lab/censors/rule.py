"""What a censor's rule is given and what it may do: packet and flow in, action out.

A rule is pure: `inspect(packet, flow, now)` touches no socket, no clock and no chance, so each is tested as a
function (STYLE 4.14). What a rule does to the network is written down as a `Sighting` at the moment it does it: that
log is the truth against which verdicts are scored.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from typing import ClassVar, Literal, Protocol

from hushmap.lab.censors.flow import Burn, Flow
from hushmap.lab.censors.forge import Injection, Style
from hushmap.lab.censors.parameters import Censor, fields
from hushmap.lab.packet import Packet

__all__ = [
    "RESIDUAL",
    "SETTLED",
    "STAMP",
    "Action",
    "Answer",
    "Flow",
    "Injection",
    "Listed",
    "Rule",
    "Settled",
    "Sighting",
    "burn_of",
    "packed",
    "style_of",
]

STAMP = fields("ttl", "ident", "df")
"""Parameters of every kind that forges packets."""
RESIDUAL = fields("residual_s", "residual_scope", "residual_renewed", "follow_ups")
"""Parameters of every kind that a residual blocking may follow."""


@dataclass(slots=True, frozen=True)
class Sighting:
    """What a rule did, in METHOD 2's words."""

    mechanism: str
    what: str
    """The name, word or address that it acted on."""


@dataclass(slots=True, frozen=True)
class Action:
    """What one rule does about one packet."""

    sighting: Sighting | None
    """`None`: it belongs to an act that the log already has."""
    inject: tuple[Injection, ...] = ()
    drop: bool = False
    """Discard this packet; a censor on the path (not in it) cannot, and its box does not."""
    silence: bool = False
    """Discard all that follows in this flow; the same limit."""
    burn: Burn | None = None
    """Residual blocking of the flow's tuple from now on."""
    hold: float = 0.0
    """Seconds that the packet waits; the same limit. Other rules still see it."""
    replace: bytes | None = None
    """What goes on in its place; the same limit. Other rules see the packet as it came."""


class Settled:
    """A rule's answer: this flow cannot concern me any more."""


SETTLED = Settled()
Answer = Action | Settled | None
"""`None`: nothing to do about this packet, but keep showing me the flow."""


class Rule(Protocol):
    """One thing that a censor looks for."""

    @property
    def kind(self) -> str:
        """What it is called in scenarios and in the truth log."""
        ...

    def inspect(self, packet: Packet, flow: Flow, now: float) -> Answer:
        """What to do about a packet; `now` is in seconds since the path began."""
        ...


class Listed(ABC):
    """A rule of the catalogue: it is made from an entry of a scenario, and says at its class what it takes."""

    kind: ClassVar[str]
    mechanism: ClassVar[str]
    """METHOD 2's word for what it does; where parameters decide, the commonest."""
    takes: ClassVar[tuple[str, ...]] = ()
    """Parameters that mean something to it, beside those that every kind has."""
    needs: ClassVar[tuple[tuple[str, ...], ...]] = ()
    """Of each group at least one must be given."""
    in_path: ClassVar[bool] = False
    """It discards, holds or changes packets: a tap cannot do it."""
    server: ClassVar[bool] = False
    """It stands at the server's end: a site's own refusal."""
    each_datagram: ClassVar[bool] = False
    """Every datagram is a question of its own, to be hit or missed by itself."""
    lasting: ClassVar[bool] = True
    """What it let pass once it has let pass: a flow is judged at its trigger, not at every packet."""

    def __init__(self, censor: Censor, seed: int = 1) -> None:
        self.seed = seed
        self.mechanism_now = self.named(censor)

    @classmethod
    def named(cls, censor: Censor) -> str:
        """The mechanism of these parameters."""
        del censor
        return cls.mechanism

    @classmethod
    def faults(cls, censor: Censor) -> Iterator[str]:
        """What is wrong about these parameters beyond what is given or not."""
        del censor
        return iter(())

    @abstractmethod
    def inspect(self, packet: Packet, flow: Flow, now: float) -> Answer:
        """What to do about a packet."""

    def sighting(self, what: str) -> Sighting:
        """What the truth log says of an act on `what`."""
        return Sighting(self.mechanism_now, what)


def packed(addresses: tuple[str, ...]) -> dict[bytes, str]:
    """Addresses as they stand in packets, with their text."""
    return {ip_address(address).packed: address for address in addresses}


def style_of(censor: Censor) -> Style:
    """How this censor's forged TCP packets look."""
    return Style(
        sides=censor.sides,
        resets=censor.resets,
        advance=censor.advance,
        bare=censor.bare_resets,
        payload=bytes.fromhex(censor.reset_payload),
        ttl=censor.ttl,
        ident=censor.ident,
        df=censor.df,
    )


def burn_of(censor: Censor, way: Literal["reset", "drop"]) -> Burn | None:
    """The residual blocking that follows this censor's hits."""
    if censor.residual_s <= 0:
        return None
    return Burn(
        seconds=censor.residual_s,
        scope=censor.residual_scope,
        way=way,
        share=censor.follow_ups,
        renewed=censor.residual_renewed,
        onset=censor.onset_s,
        style=style_of(censor),
    )
