"""Refuses connections to a listed address with a forged reset."""

from collections.abc import Iterable
from ipaddress import ip_address

from hushmap.lab.censors.rule import SETTLED, Action, Answer, Flow, Sighting, resets
from hushmap.lab.packet import ACK, SYN, TCP, Packet


class SynReset:
    """A reset in answer to the SYN; the client's own kernel calls that "connection refused".

    Source: refs/LAB 2 (RST on SYN: ECONNREFUSED, faster than a true refusal).
    """

    kind = "syn-reset"

    def __init__(self, addresses: Iterable[str]) -> None:
        self._addresses = {ip_address(address).packed: address for address in addresses}

    def inspect(self, packet: Packet, flow: Flow, now: float) -> Answer:
        """Reset a SYN to a listed address."""
        del now
        address = self._addresses.get(flow.server)
        if address is None or packet.protocol != TCP:
            return SETTLED
        if packet.outward and packet.flags & SYN and not packet.flags & ACK:
            return Action(Sighting("tcp.refused", address), resets(packet), drop=True)
        return None
