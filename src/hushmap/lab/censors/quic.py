"""Acts on QUIC: the server name in the client's Initial packets, or all of it."""

from hushmap.lab.censors import hello
from hushmap.lab.censors.flow import Flow
from hushmap.lab.censors.initial import V1, V2, Handshake
from hushmap.lab.censors.naming import Naming
from hushmap.lab.censors.parameters import Censor, fields
from hushmap.lab.censors.rule import RESIDUAL, SETTLED, Action, Answer, Listed, burn_of
from hushmap.lab.packet import UDP, Packet

PORT = 443
_VERSIONS = {1: V1, 2: V2}
_PATIENCE = 8
"""Datagrams of a client within which its hello must have come; two are what the longest need."""


class _Quic(Listed):
    """Datagrams to QUIC's port, or to the ports given."""

    takes = fields("ports", "every_port")
    in_path = True

    def __init__(self, censor: Censor, seed: int = 1) -> None:
        super().__init__(censor, seed)
        self._ports = frozenset(censor.ports or (PORT,))
        self._every = censor.every_port

    def concerned(self, packet: Packet, flow: Flow) -> bool:
        """Whether it is a datagram to such a port."""
        return packet.protocol == UDP and (self._every or flow.sport in self._ports)


class QuicDrop(_Quic):
    """No QUIC at all: datagrams to port 443 are lost, and browsers turn to TCP.

    Source: refs/LAB 2 (UDP/443 drop: QUIC fails, TLS works); refs/BEYOND 2.8 (all fail: UDP/443 or the protocol).
    """

    kind = "quic-drop"
    mechanism = "quic.all"
    lasting = False

    def inspect(self, packet: Packet, flow: Flow, now: float) -> Answer:
        """Discard a datagram to the port."""
        del now
        if not self.concerned(packet, flow):
            return SETTLED
        return Action(self.sighting(f"udp port {flow.sport}"), drop=True) if packet.outward else None


class QuicSniDrop(_Quic):
    """Silence after an Initial whose hello names a listed host.

    Source: refs/BEYOND 2.8 (version 1; 3-tuple for 180 s, client to server only; flows whose client port is above the
    server's; another datagram first exempts the 4-tuple; begins a median of 110 ms after the Initial, which itself
    arrives). Without residual blocking the flow is silenced both ways, the Initial included.
    """

    kind = "quic-sni-drop"
    mechanism = "quic.timeout.sni"
    takes = fields(*Naming.takes, "versions", "high_port", "first_only", "reassembly", "onset_s", *RESIDUAL)
    needs = Naming.needs

    def __init__(self, censor: Censor, seed: int = 1) -> None:
        super().__init__(censor, seed)
        self._naming = Naming(censor)
        self._versions = frozenset(_VERSIONS[version] for version in censor.versions)
        self._high = censor.high_port
        self._first = censor.first_only
        self._alone = censor.reassembly == "none"
        self._burn = burn_of(censor, "drop")
        self._onset = censor.onset_s

    def inspect(self, packet: Packet, flow: Flow, now: float) -> Answer:
        """Open the client's Initials until its hello is whole, and judge it."""
        del now
        if not self.concerned(packet, flow) or (self._high and flow.cport <= flow.sport):
            return SETTLED
        if not packet.outward:
            return None
        kept: Handshake | None = flow.kept.get(self)
        handshake = Handshake(self._versions) if kept is None or self._alone else kept
        flow.kept[self] = handshake
        so_far = handshake.initials
        handshake.feed(packet.payload)
        if handshake.initials == so_far:
            return SETTLED if (self._first and not so_far) or flow.packets >= _PATIENCE else None
        said = hello.read(handshake.data)
        if said is not None and not (said.whole or self._alone) and flow.packets < _PATIENCE:
            return None
        if said is None or said.name is None or self._naming.covers(said.name) is None:
            return None if self._alone and flow.packets < _PATIENCE else SETTLED
        sighting = self.sighting(said.name)
        if self._burn is None:
            return Action(sighting, drop=True, silence=True)
        return Action(sighting, drop=self._onset == 0, burn=self._burn)
