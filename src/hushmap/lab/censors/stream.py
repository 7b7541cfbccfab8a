"""The common frame of every rule on a TCP stream: wait for the bytes, find the trigger, act.

What is looked for (a server name, a Host, a word) and what is done about it (reset, silence, an end, an answer) are
independent, so each is written once: a `Trigger` finds, a `Watch` brings it the bytes as this censor sees them, with
or without reassembly, and a `StreamRule` acts on every packet with data from then on: the first forged packet may
have been lost, so a retransmission is acted on again.
"""

from abc import ABC, abstractmethod
from typing import ClassVar

from hushmap.lab.censors.flow import STREAM_LIMIT, Flow
from hushmap.lab.censors.forge import ending, resets
from hushmap.lab.censors.naming import Naming
from hushmap.lab.censors.parameters import Censor, fields
from hushmap.lab.censors.rule import RESIDUAL, SETTLED, STAMP, Action, Answer, Listed, Settled, burn_of, style_of
from hushmap.lab.censors.wording import Guess
from hushmap.lab.packet import TCP, Packet

PATIENCE = 2048
"""Packets of the client, or packets with data of the server, after which a flow without a trigger is let pass for
good: a long download is not read to its end, however few of its packets the client acknowledges. A ClientHello of
1.7 kB sent byte by byte is still read whole (refs/LAB 5 for its size)."""
Found = str | Settled | None
"""The entry that was found; settled: it is not there; `None`: more bytes may bring it."""
Finding = Found | Guess
"""What a trigger says of the bytes so far; whether a guess is acted on is the flow's own lot."""


class Trigger(ABC):
    """Something to be found in the bytes of one direction."""

    ports: ClassVar[tuple[int, ...]] = ()
    """The protocol's own; none: any."""
    outward: ClassVar[bool] = True
    """In what the opener sends; else in what the server answers."""
    takes: ClassVar[tuple[str, ...]] = Naming.takes
    needs: ClassVar[tuple[tuple[str, ...], ...]] = Naming.needs

    @abstractmethod
    def __init__(self, censor: Censor) -> None: ...

    @abstractmethod
    def find(self, data: bytes, *, alone: bool) -> Finding:
        """Look at a stream as far as it has come; `alone`: nothing is ever added to it."""


class Watch:
    """Brings a trigger the bytes that a censor of these parameters sees.

    Source: refs/BEYOND 2.6: the Great Firewall puts TCP segments together, not TLS records, and needs the client's
    SYN; Henan's does none of it and fires only if the TCP header has exactly 20 bytes.
    """

    takes = fields("ports", "every_port", "reassembly", "bare_header", "handshake")

    def __init__(self, trigger: Trigger, censor: Censor) -> None:
        self._trigger = trigger
        self._ports = frozenset(censor.ports or trigger.ports)
        self._every = censor.every_port or not self._ports
        self._alone = censor.reassembly == "none"
        self._bare = censor.bare_header
        self._handshake = censor.handshake

    def look(self, packet: Packet, flow: Flow) -> Found:
        """What this packet of the flow brings to light."""
        if packet.protocol != TCP or not (self._every or flow.sport in self._ports):
            return SETTLED
        stream = (flow.out if self._trigger.outward else flow.back).data
        long = len(stream) >= STREAM_LIMIT or max(flow.packets, flow.answers) >= PATIENCE
        undecided = SETTLED if long else None
        if packet.outward is not self._trigger.outward or not packet.payload:
            return undecided
        if self._handshake and not flow.shaken:
            return SETTLED
        if self._bare and packet.options:
            return undecided
        if self._alone:
            found = self._decided(self._trigger.find(packet.payload, alone=True), flow)
            return found if isinstance(found, str) else undecided  # the next segment is looked at for itself
        found = self._decided(self._trigger.find(stream, alone=False), flow)
        return undecided if found is None else found

    def _decided(self, found: Finding, flow: Flow) -> Found:
        """A guess drawn: by hash of the flow, so that a retransmission shares its lot."""
        if not isinstance(found, Guess):
            return found
        return found.what if flow.fate(0, "guess") < found.chance else None


class StreamRule(Listed):
    """A trigger on a TCP stream, and what is done about it."""

    trigger: ClassVar[type[Trigger]]

    def __init__(self, censor: Censor, seed: int = 1) -> None:
        super().__init__(censor, seed)
        self._watch = Watch(self.trigger_of(censor)(censor), censor)

    @classmethod
    def trigger_of(cls, censor: Censor) -> type[Trigger]:
        """The trigger of these parameters."""
        del censor
        return cls.trigger

    @classmethod
    def triggers(cls) -> tuple[type[Trigger], ...]:
        """Every trigger that it may have."""
        return (cls.trigger,)

    def inspect(self, packet: Packet, flow: Flow, now: float) -> Answer:
        """Look, and act if the trigger is there."""
        del now
        found = self._watch.look(packet, flow)
        return self.act(found, packet) if isinstance(found, str) else found

    @abstractmethod
    def act(self, found: str, packet: Packet) -> Action:
        """What is done about a packet with data once the trigger was found."""


class Resetting(StreamRule):
    """Forged resets. Source: refs/BEYOND 2.6 (to client and server, or the client alone), 2.7 (residual)."""

    takes = fields("sides", "resets", "advance", "bare_resets", "reset_payload", *STAMP, *RESIDUAL)

    def __init__(self, censor: Censor, seed: int = 1) -> None:
        super().__init__(censor, seed)
        self._style = style_of(censor)
        self._burn = burn_of(censor, "reset")

    def act(self, found: str, packet: Packet) -> Action:
        """Reset the connection."""
        return Action(self.sighting(found), resets(packet, self._style), drop=True, burn=self._burn)


class Dropping(StreamRule):
    """The packet and all that follows in its flow are lost. Source: refs/LAB 2 (drop: a time-out)."""

    in_path = True
    takes = RESIDUAL

    def __init__(self, censor: Censor, seed: int = 1) -> None:
        super().__init__(censor, seed)
        self._burn = burn_of(censor, "drop")

    def act(self, found: str, packet: Packet) -> Action:
        """Silence the connection."""
        del packet
        return Action(self.sighting(found), drop=True, silence=True, burn=self._burn)


class Closing(StreamRule):
    """A forged FIN: the server seems to have ended the connection. Source: refs/BEYOND 2.1 (FIN among replies)."""

    takes = fields("sides", *STAMP, *RESIDUAL)

    def __init__(self, censor: Censor, seed: int = 1) -> None:
        super().__init__(censor, seed)
        self._style = style_of(censor)
        self._burn = burn_of(censor, "reset")

    def act(self, found: str, packet: Packet) -> Action:
        """End the connection, with the last words if there are any."""
        return Action(self.sighting(found), ending(packet, self.words(), self._style), drop=True, burn=self._burn)

    def words(self) -> bytes:
        """What is said in the server's place before the end."""
        return b""
