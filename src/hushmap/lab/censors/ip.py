"""Discards whatever goes to or comes from a listed address."""

from collections.abc import Iterable
from ipaddress import ip_address

from hushmap.lab.censors.rule import SETTLED, Action, Answer, Flow, Sighting
from hushmap.lab.packet import SYN, TCP, Packet


class AddressDrop:
    """Null routing of an address: every packet is lost. Source: refs/LAB 2 (IP drop); own knowledge, unchecked."""

    kind = "address-drop"

    def __init__(self, addresses: Iterable[str]) -> None:
        self._addresses = {ip_address(address).packed: address for address in addresses}

    def inspect(self, packet: Packet, flow: Flow, now: float) -> Answer:
        """Discard a packet of a listed address."""
        del now
        address = self._addresses.get(flow.server)
        if address is None:
            return SETTLED
        del packet
        return Action(Sighting("ip.timeout", address), drop=True, silence=True)


class SynDrop:
    """A server, or the network in front of it, that ignores connections from this country.

    It is no censor of the client's network: the same packets are missing, and only the place differs. Source: METHOD
    1 (address-level failures); refs/OONI and own knowledge, unchecked, for how common it is.
    """

    kind = "geo-syn-drop"

    def __init__(self, addresses: Iterable[str]) -> None:
        self._addresses = {ip_address(address).packed: address for address in addresses}

    def inspect(self, packet: Packet, flow: Flow, now: float) -> Answer:
        """Discard a SYN to a listed address."""
        del now
        address = self._addresses.get(flow.server)
        if address is None or packet.protocol != TCP:
            return SETTLED
        if packet.flags & SYN and packet.outward:
            return Action(Sighting("server.geoblock", address), drop=True)
        return None
