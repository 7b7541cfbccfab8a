"""Acts on TCP connections by address, by port, or by a word in their raw bytes."""

from typing import ClassVar

from hushmap.lab.censors.flow import Flow
from hushmap.lab.censors.forge import resets
from hushmap.lab.censors.ip import ByAddress
from hushmap.lab.censors.parameters import Censor, fields, groups
from hushmap.lab.censors.rule import RESIDUAL, SETTLED, STAMP, Action, Answer, Listed, burn_of, style_of
from hushmap.lab.censors.stream import Dropping, Finding, Resetting, Trigger
from hushmap.lab.censors.wording import Wording
from hushmap.lab.packet import ACK, SYN, TCP, UDP, Packet


def _opening(packet: Packet) -> bool:
    """Whether a client opens a connection."""
    return packet.outward and bool(packet.flags & SYN) and not packet.flags & ACK


class _Connections(ByAddress):
    """Connections to listed addresses, on all ports or on some."""

    takes = fields("ports")

    def __init__(self, censor: Censor, seed: int = 1) -> None:
        super().__init__(censor, seed)
        self._ports = frozenset(censor.ports)

    def concerned(self, packet: Packet, flow: Flow) -> str | None:
        """The address, if the flow is one of these."""
        if packet.protocol != TCP or (self._ports and flow.sport not in self._ports):
            return None
        return self.addresses.get(flow.server)


class SynReset(_Connections):
    """A reset in answer to the SYN; the client's own kernel calls that "connection refused".

    Source: refs/LAB 2 (RST on SYN: ECONNREFUSED, faster than a true refusal).
    """

    kind = "syn-reset"
    mechanism = "tcp.refused"
    takes = STAMP

    def __init__(self, censor: Censor, seed: int = 1) -> None:
        super().__init__(censor, seed)
        self._style = style_of(censor)

    def inspect(self, packet: Packet, flow: Flow, now: float) -> Answer:
        """Reset a SYN to a listed address."""
        del now
        address = self.concerned(packet, flow)
        if address is None:
            return SETTLED
        return Action(self.sighting(address), resets(packet, self._style), drop=True) if _opening(packet) else None


class SynDrop(_Connections):
    """Connections to an address are never answered, on all ports or on some; its datagrams pass.

    Source: refs/BEYOND 2.1 (silent drop); METHOD 2 (`tcp.timeout`).
    """

    kind = "syn-drop"
    mechanism = "tcp.timeout"
    in_path = True

    def inspect(self, packet: Packet, flow: Flow, now: float) -> Answer:
        """Discard a SYN to a listed address."""
        del now
        address = self.concerned(packet, flow)
        if address is None:
            return SETTLED
        return Action(self.sighting(address), drop=True) if _opening(packet) else None


class AddressReset(_Connections):
    """A connection to an address is reset at the client's first data, whatever they say.

    Source: refs/BEYOND 2.14 (stages of tampering: after the handshake); METHOD 2 (`tcp.reset`).
    """

    kind = "address-reset"
    mechanism = "tcp.reset"
    takes = fields("sides", "resets", "advance", "bare_resets", "reset_payload", *STAMP, *RESIDUAL)

    def __init__(self, censor: Censor, seed: int = 1) -> None:
        super().__init__(censor, seed)
        self._style = style_of(censor)
        self._burn = burn_of(censor, "reset")

    def inspect(self, packet: Packet, flow: Flow, now: float) -> Answer:
        """Reset a connection at a packet with data."""
        del now
        address = self.concerned(packet, flow)
        if address is None:
            return SETTLED
        if not packet.outward or not packet.payload:
            return None
        return Action(self.sighting(address), resets(packet, self._style), drop=True, burn=self._burn)


class _Ports(Listed):
    """A rule about server ports of everyone."""

    mechanism = "tcp.port"
    takes = fields("ports")
    needs = groups(fields("ports"))
    lasting = False

    def __init__(self, censor: Censor, seed: int = 1) -> None:
        super().__init__(censor, seed)
        self._ports = frozenset(censor.ports)


class PortReset(_Ports):
    """Connections to a port are refused, to any address. Source: METHOD 2 (`tcp.port`); refs/LAB 2 (853 by RST)."""

    kind = "port-reset"
    takes = STAMP

    def __init__(self, censor: Censor, seed: int = 1) -> None:
        super().__init__(censor, seed)
        self._style = style_of(censor)

    def inspect(self, packet: Packet, flow: Flow, now: float) -> Answer:
        """Reset a SYN to a listed port."""
        del now
        if packet.protocol != TCP or flow.sport not in self._ports:
            return SETTLED
        if not _opening(packet):
            return None
        return Action(self.sighting(f"port {flow.sport}"), resets(packet, self._style), drop=True)


class PortDrop(_Ports):
    """Nothing passes to a port, of any address, by TCP or by datagram.

    Source: refs/BEYOND 2.7 (a protocol filter on ports 53, 80 and 443); METHOD 2 (`tcp.port`).
    """

    kind = "port-drop"
    in_path = True

    def inspect(self, packet: Packet, flow: Flow, now: float) -> Answer:
        """Discard what goes to a listed port."""
        del now
        if packet.protocol not in {TCP, UDP} or flow.sport not in self._ports:
            return SETTLED
        return Action(self.sighting(f"port {flow.sport}"), drop=True) if packet.outward else None


class Payload(Trigger):
    """A word in what the client sends first, on any port."""

    takes = Wording.takes
    needs = Wording.needs

    def __init__(self, censor: Censor) -> None:
        self._wording = Wording(censor)

    def find(self, data: bytes, *, alone: bool) -> Finding:
        """The word, as soon as all that it needs beside it has come too."""
        del alone
        return self._wording.within(data)


class Told(Payload):
    """A word in what the server says first, on any port."""

    outward: ClassVar = False


class PayloadReset(Resetting):
    """Resets a connection by a word in its raw bytes, whatever its protocol.

    Source: refs/BEYOND 2.11 (raw TCP payload as a channel), 2.5 (Turkmenistan: substrings on all ports).
    """

    kind = "payload-reset"
    mechanism = "tcp.reset.payload"
    trigger = Payload


class PayloadDrop(Dropping):
    """Silences a connection by a word in its raw bytes. Source: refs/BEYOND 2.11; METHOD 2 (`tcp.timeout`)."""

    kind = "payload-drop"
    mechanism = "tcp.timeout.payload"
    trigger = Payload


class AnswerReset(Resetting):
    """Resets a connection by a word in the raw bytes that a server sends, whatever the protocol.

    Source: refs/BEYOND 2.3 (response direction), 2.11 (raw TCP payload as a channel).
    """

    kind = "answer-reset"
    mechanism = "tcp.reset.answer"
    trigger = Told


class AnswerDrop(Dropping):
    """Silences a connection by a word in what a server sends. Source: refs/BEYOND 2.3, 2.11; METHOD 2."""

    kind = "answer-drop"
    mechanism = "tcp.timeout.answer"
    trigger = Told
