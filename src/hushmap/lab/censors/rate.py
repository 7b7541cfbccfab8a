"""Slows flows down, or lets them stop: policing, shaping, and the freeze after so many bytes.

None of it touches a packet's contents, so a reachable site is merely useless. What is slowed is an address, or a flow
whose hello or Host names a listed site; each direction has its own allowance.
"""

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass

from hushmap.lab.censors.flow import Flow, Table
from hushmap.lab.censors.http_triggers import Host
from hushmap.lab.censors.ip import ByAddress
from hushmap.lab.censors.parameters import Censor, fields
from hushmap.lab.censors.rule import SETTLED, Action, Answer, Listed
from hushmap.lab.censors.stream import Found, StreamRule
from hushmap.lab.censors.tls import Sni
from hushmap.lab.packet import Packet

_KILO = 1000
"""Rates and volumes are of the SI, as the reports have them."""


@dataclass(slots=True)
class Bucket:
    """Tokens in bytes: a packet passes if they suffice for it."""

    rate: float
    """Bytes a second."""
    depth: float
    tokens: float
    last: float

    def take(self, size: int, now: float) -> bool:
        """Whether a packet of this size passes."""
        self.tokens = min(self.depth, self.tokens + (now - self.last) * self.rate)
        self.last = now
        if self.tokens < size:
            return False
        self.tokens -= size
        return True


@dataclass(slots=True)
class Queue:
    """A line that sends at a rate, with so much room before it."""

    rate: float
    room: float
    free: float = 0.0
    """When what waits will have been sent."""

    def take(self, size: int, now: float) -> float | None:
        """Seconds until a packet of this size has been sent; `None` if there is no room for it."""
        waits = max(0.0, self.free - now)
        if waits * self.rate > self.room:
            return None
        self.free = now + waits + size / self.rate
        return self.free - now


class _Named(StreamRule):
    """Concerned with flows whose first bytes name a listed site, from then on."""

    in_path = True
    lasting = False

    def inspect(self, packet: Packet, flow: Flow, now: float) -> Answer:
        """Look until the name is there; then slow what follows."""
        what: str | None = flow.kept.get(self)
        if what is not None:
            return self.slow(what, packet, flow, now)
        found: Found = self._watch.look(packet, flow)
        if not isinstance(found, str):
            return found
        flow.kept[self] = found
        return None

    def act(self, found: str, packet: Packet) -> Action:
        """Nothing is done at once: the name itself passes."""
        raise NotImplementedError

    @abstractmethod
    def slow(self, what: str, packet: Packet, flow: Flow, now: float) -> Answer:
        """What becomes of a packet of a flow that is concerned."""


class _Addressed(ByAddress):
    """Concerned with all that goes to or comes from listed addresses."""

    in_path = True

    def inspect(self, packet: Packet, flow: Flow, now: float) -> Answer:
        """Slow a packet of a listed address."""
        what = self.addresses.get(flow.server)
        return SETTLED if what is None else self.slow(what, packet, flow, now)

    @abstractmethod
    def slow(self, what: str, packet: Packet, flow: Flow, now: float) -> Answer:
        """What becomes of a packet of an address that is concerned."""


class _Policing(Listed):
    """Discards what exceeds a rate. Source: refs/BEYOND 2.9 (130 to 150 kbit/s both ways, by loss, not by delay)."""

    takes = fields("rate_kbit", "burst_kb")
    per_flow = True
    """Each flow has its allowance; else all flows of an address share one."""

    def __init__(self, censor: Censor, seed: int = 1) -> None:
        super().__init__(censor, seed)
        self._rate = censor.rate_kbit * _KILO / 8
        self._depth = censor.burst_kb * _KILO
        self._buckets: Table[tuple[object, bool], Bucket] = Table()

    def slow(self, what: str, packet: Packet, flow: Flow, now: float) -> Answer:
        """Pass or discard."""
        whose = (flow.protocol, flow.client, flow.cport, flow.server, flow.sport) if self.per_flow else what
        bucket = self._buckets.get((whose, packet.outward), now)
        if bucket is None:
            bucket = Bucket(self._rate, self._depth, self._depth, now)
            self._buckets.put((whose, packet.outward), bucket, now)
        return None if bucket.take(len(packet.raw), now) else Action(self.sighting(what), drop=True)


class SniThrottle(_Policing, _Named):
    """Polices flows whose hello names a listed host.

    Source: refs/BEYOND 2.9 (Twitter in Russia, 2021: by SNI, 130 to 150 kbit/s, both directions, packets lost).
    """

    kind = "sni-throttle"
    mechanism = "throttle.sni"
    trigger = Sni


class HostThrottle(_Policing, _Named):
    """Polices flows whose request names a listed host. Source: refs/BEYOND 2.9; METHOD 2 (`throttle.host`)."""

    kind = "host-throttle"
    mechanism = "throttle.host"
    trigger = Host


class AddressThrottle(_Policing, _Addressed):
    """Polices all that goes to or comes from an address, its flows together.

    Source: refs/BEYOND 2.9 (per-IP shaping, to be told by a control host on the same path).
    """

    kind = "address-throttle"
    mechanism = "throttle.ip"
    per_flow = False


class _Shaping(Listed):
    """Lets packets wait. Source: refs/BEYOND 2.9 (other modes than loss; figures are own knowledge, unchecked)."""

    takes = fields("rate_kbit", "queue_kb", "delay_s")
    mechanism = "throttle.delay"

    def __init__(self, censor: Censor, seed: int = 1) -> None:
        super().__init__(censor, seed)
        self._rate = censor.rate_kbit * _KILO / 8
        self._room = censor.queue_kb * _KILO
        self._delay = censor.delay_s
        self._queues: Table[tuple[object, bool], Queue] = Table()

    def slow(self, what: str, packet: Packet, flow: Flow, now: float) -> Answer:
        """Let it wait, or discard it if too much waits already."""
        whose = (flow.protocol, flow.client, flow.cport, flow.server, flow.sport)
        queue = self._queues.get((whose, packet.outward), now)
        if queue is None:
            queue = Queue(self._rate, self._room)
            self._queues.put((whose, packet.outward), queue, now)
        waits = queue.take(len(packet.raw), now)
        if waits is None:
            return Action(self.sighting(what), drop=True)
        return Action(self.sighting(what), hold=waits + self._delay)


class SniDelay(_Shaping, _Named):
    """Shapes flows whose hello names a listed host: they wait in a queue instead of being lost.

    Source: refs/BEYOND 2.9 (SNI-triggered throttling; shaping beside policing); METHOD 2 (`throttle.delay`).
    """

    kind = "sni-delay"
    trigger = Sni


class AddressDelay(_Shaping, _Addressed):
    """Shapes all flows of an address. Source: refs/BEYOND 2.9 (per-IP shaping); METHOD 2 (`throttle.delay`)."""

    kind = "address-delay"


class _Freezing(Listed):
    """Lets a flow stop for good once the server has sent so much.

    Source: refs/BEYOND 2.9 (Russia 2025: connections stall after 16 to 20 kB from certain hosters).
    """

    mechanism = "tcp.freeze"
    takes = fields("after_kb")

    def __init__(self, censor: Censor, seed: int = 1) -> None:
        super().__init__(censor, seed)
        self._low, self._high = (kilobytes * _KILO for kilobytes in censor.after_kb)

    @classmethod
    def faults(cls, censor: Censor) -> Iterator[str]:
        """From less to more."""
        if censor.after_kb[0] > censor.after_kb[1]:
            yield "after_kb must go from less to more"

    def slow(self, what: str, packet: Packet, flow: Flow, now: float) -> Answer:
        """Count what the server sends; at the flow's own limit it is silenced both ways."""
        del now
        if packet.outward:
            return None
        so_far = flow.kept.get((self, "bytes"), 0) + len(packet.payload)
        flow.kept[self, "bytes"] = so_far
        if so_far <= self._low + (self._high - self._low) * flow.fate(self.seed, "freeze"):
            return None
        return Action(self.sighting(what), drop=True, silence=True)


class SniFreeze(_Freezing, _Named):
    """Freezes flows whose hello names a listed host. Source: refs/BEYOND 2.9 (stalls after 16 to 20 kB)."""

    kind = "sni-freeze"
    trigger = Sni


class AddressFreeze(_Freezing, _Addressed):
    """Freezes flows to an address. Source: refs/BEYOND 2.9 (stalls after 16 to 20 kB from certain hosters)."""

    kind = "address-freeze"
