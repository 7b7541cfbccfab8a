"""Goes on blocking a 3-tuple for a while after a hit, whatever is sent there."""

from ipaddress import ip_address

from hushmap.lab.censors.rule import SETTLED, Action, Answer, Flow, Sighting, resets
from hushmap.lab.packet import RST, TCP, Packet


class Residual:
    """Resets every segment of a burned (client, server address, server port).

    Source: refs/BEYOND 2.7 (3-tuple; follow-up connections are hit with 50 to 75 %; here with all, the harder case
    for a detector that blames the name). A flow that had been let pass before the hit goes on.
    """

    kind = "residual"

    def inspect(self, packet: Packet, flow: Flow, now: float) -> Answer:
        """Reset a segment from the client on a burned tuple."""
        if packet.protocol != TCP or now >= flow.burned:
            return SETTLED
        if not packet.outward or packet.flags & RST:
            return None
        what = f"{ip_address(flow.server)}:{flow.sport}"
        return Action(Sighting("residual", what), resets(packet), drop=True)
