"""Goes on blocking a tuple for a while after a hit, whatever is sent there."""

from ipaddress import ip_address

from hushmap.lab.censors.flow import Burn, Burned, Flow, Scope
from hushmap.lab.censors.forge import resets
from hushmap.lab.censors.rule import SETTLED, Action, Answer, Sighting
from hushmap.lab.packet import RST, TCP, Packet

TUPLES_MAX = 65536
"""A table this large is beyond any lab run; a further tuple replaces the oldest."""
_SCOPES: tuple[Scope, ...] = ("4-tuple", "3-tuple", "2-tuple")

TupleKey = tuple[int, bytes, bytes, int, int]
"""Protocol, client, server, the server's port and the client's; zero for what does not count."""


def tuple_key(flow: Flow, scope: Scope) -> TupleKey:
    """What a flow has in common with those that share its fate; two addresses share it by every protocol."""
    if scope == "2-tuple":
        return 0, flow.client, flow.server, 0, 0
    return flow.protocol, flow.client, flow.server, flow.sport, flow.cport if scope == "4-tuple" else 0


class Burns:
    """The tuples under residual blocking at one place: bounded, and over when their time is."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._tuples: dict[TupleKey, Burned] = {}

    def __len__(self) -> int:
        return len(self._tuples)

    def add(self, flow: Flow, burn: Burn, now: float, cause: str) -> Burned:
        """After a hit: begin, or begin anew if this kind does; then the first cause stands."""
        key = tuple_key(flow, burn.scope)
        known = self._tuples.get(key)
        if known is not None and known.until > now:
            if burn.renewed != "no":
                known.until = now + burn.onset + burn.seconds
            return known
        if len(self._tuples) >= TUPLES_MAX:
            del self._tuples[next(iter(self._tuples))]
        begun = self._tuples[key] = Burned(now + burn.onset, now + burn.onset + burn.seconds, burn, cause)
        return begun

    def of(self, flow: Flow, now: float) -> Burned | None:
        """What a new flow inherits; one that is spared by its hash inherits nothing."""
        if not self._tuples:
            return None
        for scope in _SCOPES:
            known = self._tuples.get(tuple_key(flow, scope))
            if known is not None and known.until > now and flow.fate(self._seed, "follow-up") < known.burn.share:
                return known
        return None

    def sweep(self, now: float) -> None:
        """Forget what is over."""
        self._tuples = {key: known for key, known in self._tuples.items() if known.until > now}


class Residual:
    """Resets every segment of a burned tuple, or drops what the client sends on it.

    Source: refs/BEYOND 2.7 (scopes of 4, 3 and 2; 90 and 180 s in the field; 50 to 75 % of follow-up connections are
    hit; all of them unless a share is given, the harder case for a detector that blames the name). A flow that had
    been let pass before the hit goes on.
    """

    kind = "residual"

    def inspect(self, packet: Packet, flow: Flow, now: float) -> Answer:
        """Act on a packet from the client on a burned tuple."""
        burned = flow.burned
        if burned is None or now >= burned.until:
            return SETTLED
        resetting = burned.burn.way == "reset"
        if resetting and packet.protocol != TCP:
            return SETTLED
        if not packet.outward or packet.flags & RST or now < burned.start:
            return None
        # The mechanism is that of the hit, for it is one censor; that it met who came next, the kind says.
        sighting = Sighting(burned.cause, f"{ip_address(flow.server)}:{flow.sport}")
        return Action(sighting, resets(packet, burned.burn.style) if resetting else (), drop=True)
