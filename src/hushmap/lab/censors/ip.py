"""Acts on addresses: whatever goes to or comes from one."""

from hushmap.lab.addresses import hop
from hushmap.lab.censors.flow import Flow
from hushmap.lab.censors.forge import Injection, resets
from hushmap.lab.censors.parameters import Censor, fields, groups
from hushmap.lab.censors.rule import SETTLED, STAMP, Action, Answer, Listed, packed, style_of
from hushmap.lab.packet import ACK, ICMP, ICMP6, SYN, TCP, Packet, prohibited, ttl_of, unanswerable, with_ttl


class ByAddress(Listed):
    """A rule about listed addresses."""

    takes = fields("addresses")
    needs = groups(fields("addresses"))
    lasting = False

    def __init__(self, censor: Censor, seed: int = 1) -> None:
        super().__init__(censor, seed)
        self.addresses = packed(censor.addresses)


class AddressDrop(ByAddress):
    """Null routing of an address: every packet is lost. Source: refs/LAB 2 (IP drop); own knowledge, unchecked."""

    kind = "address-drop"
    mechanism = "ip.timeout"
    in_path = True

    def inspect(self, packet: Packet, flow: Flow, now: float) -> Answer:
        """Discard a packet of a listed address."""
        del now, packet
        address = self.addresses.get(flow.server)
        if address is None:
            return SETTLED
        return Action(self.sighting(address), drop=True, silence=True)


class AddressProhibited(ByAddress):
    """A router that refuses an address by ICMP. Source: refs/LAB 2 (admin-prohibited: EHOSTUNREACH after 9 ms).

    The error comes from the hop that it stands behind, and the packet goes no further.
    """

    kind = "address-prohibited"
    mechanism = "ip.prohibited"

    def __init__(self, censor: Censor, seed: int = 1) -> None:
        super().__init__(censor, seed)
        self._at = censor.at
        v4, v6 = packed(hop(max(censor.at, 1)))
        self._router = (v4, v6)

    def inspect(self, packet: Packet, flow: Flow, now: float) -> Answer:
        """Refuse a packet to a listed address; ICMP passes, and of later fragments nothing is said."""
        del now
        address = self.addresses.get(flow.server)
        if address is None:
            return SETTLED
        if not packet.outward or packet.protocol in {ICMP, ICMP6}:
            return None
        if unanswerable(packet.raw):
            return Action(self.sighting(address), drop=True)
        quote = with_ttl(packet.raw, max(1, ttl_of(packet.raw) - self._at))
        error = Injection(prohibited(self._router, quote), outward=False)
        return Action(self.sighting(address), (error,), drop=True)


class SynDrop(ByAddress):
    """A server, or the network in front of it, that ignores connections from this country.

    It is no censor of the client's network: the same packets are missing, and only the place differs. Source: METHOD
    1 (address-level failures); refs/OONI and own knowledge, unchecked, for how common it is.
    """

    kind = "geo-syn-drop"
    mechanism = "server.geoblock"
    in_path = True
    server = True

    def inspect(self, packet: Packet, flow: Flow, now: float) -> Answer:
        """Discard a SYN to a listed address."""
        del now
        address = self.addresses.get(flow.server)
        if address is None or packet.protocol != TCP:
            return SETTLED
        if packet.flags & SYN and packet.outward:
            return Action(self.sighting(address), drop=True)
        return None


class SynRefusal(ByAddress):
    """A server, or the network in front of it, that refuses connections from this country by reset.

    Source: METHOD 6 (geoblock by RST among the innocents).
    """

    kind = "geo-syn-reset"
    mechanism = "server.geoblock"
    takes = STAMP
    server = True

    def __init__(self, censor: Censor, seed: int = 1) -> None:
        super().__init__(censor, seed)
        self._style = style_of(censor)

    def inspect(self, packet: Packet, flow: Flow, now: float) -> Answer:
        """Refuse a SYN to a listed address."""
        del now
        address = self.addresses.get(flow.server)
        if address is None or packet.protocol != TCP:
            return SETTLED
        if packet.outward and packet.flags & SYN and not packet.flags & ACK:
            return Action(self.sighting(address), resets(packet, self._style), drop=True)
        return None
