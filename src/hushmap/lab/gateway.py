"""What the client's own access does to its packets, and is no censor's doing: a NAT out of ports, a lost helper.

These boxes stand at the first hop. They log as `line`, so that no verdict is measured against them as an act of
censorship, and yet the log tells why a packet was lost.
"""

from ipaddress import ip_address

from hushmap.lab.addresses import HELPER
from hushmap.lab.censors.box import Box
from hushmap.lab.censors.flow import Flow
from hushmap.lab.censors.rule import Action, Answer, Rule, Sighting
from hushmap.lab.packet import ACK, RST, SYN, TCP, Packet
from hushmap.lab.scenario import Scenario
from hushmap.lab.truth import TruthLog

_HELPER = ip_address(HELPER).packed


class Unreached:
    """Packets to the helper are lost near the client: its address fell out of a route, or was blocked."""

    kind = "helper-blocked"

    def inspect(self, packet: Packet, flow: Flow, now: float) -> Answer:
        """Discard what goes to or comes from it."""
        del packet, now
        return Action(Sighting("ip.timeout", HELPER), drop=True) if flow.server == _HELPER else None


class NoIPv6:
    """IPv6 that is announced and leads nowhere."""

    kind = "ipv6-broken"

    def inspect(self, packet: Packet, flow: Flow, now: float) -> Answer:
        """Discard whatever is IPv6."""
        del packet, now
        six = len(flow.server) == 16
        return Action(Sighting("ip.timeout", str(ip_address(flow.server))), drop=True) if six else None


class PortExhaustion:
    """A carrier-grade NAT with few ports for each subscriber (RFC 6888 REQ-3): connections beyond them get no answer.

    A port comes back when its connection has been reset, or has been idle; a FIN keeps it, as time-wait does.
    """

    kind = "cgnat"

    def __init__(self, ports: int, idle: float) -> None:
        self._ports = ports
        self._idle = idle
        self._used: dict[tuple[bytes, int, bytes, int], float] = {}

    def inspect(self, packet: Packet, flow: Flow, now: float) -> Answer:
        """Give a port to a new connection, or discard its SYN."""
        if packet.protocol != TCP:
            return None
        key = (flow.client, flow.cport, flow.server, flow.sport)
        if packet.flags & RST:
            self._used.pop(key, None)
        elif key in self._used:
            self._used[key] = now
        elif packet.outward and packet.flags & SYN and not packet.flags & ACK:
            self._used = {flow: last for flow, last in self._used.items() if now - last < self._idle}
            if len(self._used) >= self._ports:
                return Action(Sighting("tcp.timeout", str(ip_address(flow.server))), drop=True)
            self._used[key] = now
        return None


def gateway_boxes(scenario: Scenario, log: TruthLog) -> list[Box]:
    """The boxes of the client's own access, if its scenario has any."""
    rules: list[Rule] = []
    if scenario.helper.state == "blocked":
        rules.append(Unreached())
    if scenario.client.ipv6_broken:
        rules.append(NoIPv6())
    if scenario.client.cgnat_flows:
        rules.append(PortExhaustion(scenario.client.cgnat_flows, scenario.client.cgnat_idle_s / scenario.scale))

    def write(kind: str, sighting: Sighting | None, packet: Packet) -> None:
        if sighting is not None:
            server = ip_address(packet.server)
            log.write(by="line", kind=kind, mechanism=sighting.mechanism, what=sighting.what, to=str(server))

    return [Box(rules, at=1, on_path=False, log=write)] if rules else []
