"""A censor as it stands between two hops: an ordered list of rules, its flow table, and its log.

On-path (a tap) it sees a copy: it can inject and never discard, which is kept here, in one place, and not left to the
rules. Flows that every rule has settled are passed by a look at the table alone; idle ones are forgotten.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hushmap.lab.censors.residual import Residual
from hushmap.lab.censors.rule import SETTLED, Action, Flow, Injection, Rule, Sighting
from hushmap.lab.packet import ACK, SYN, TCP, UDP, Packet, parse

IDLE_S = 60.0
"""A flow without packets is forgotten after this; longer than any exchange in the lab."""
SWEEP_S = 5.0
FLOWS_MAX = 65536
"""A table this large is beyond any lab run; further flows replace the oldest."""


@dataclass(slots=True, frozen=True)
class Passage:
    """What became of a packet at a box."""

    forward: bool
    inject: tuple[Injection, ...] = ()


_PASS = Passage(forward=True)
_GONE = Passage(forward=False)
Log = Callable[[str, Sighting, Packet], None]


class Box:
    """One censor at one place."""

    def __init__(self, rules: Sequence[Rule], *, at: int, on_path: bool, log: Log) -> None:
        self.at = at
        """It stands after this many hops from the client."""
        self._rules = (Residual(), *rules)
        self._on_path = on_path
        self._log = log
        self._flows: dict[bytes, Flow] = {}
        self._burned: dict[tuple[bytes, bytes, int], float] = {}
        self._swept = 0.0

    def see(self, raw: bytes, now: float, *, outward: bool) -> Passage:
        """Look at one packet on its way."""
        key = _flow_key(raw, outward=outward)
        if key is None:
            return self._portless(raw, now, outward=outward)
        flow = self._flows.get(key)
        if flow is not None and not _opens(raw):
            flow.last = now
            if flow.settled:
                return _PASS
            if flow.silenced:
                return _GONE
        packet = parse(raw, outward=outward)
        if flow is None or (_opens(raw) and outward and not packet.flags & ACK):
            flow = self._open(packet, key, now, flow)
        return self._inspect(packet, flow, now)

    def _portless(self, raw: bytes, now: float, *, outward: bool) -> Passage:
        """ICMP, fragments, and what is cut off: the last is for the receiving kernel to refuse."""
        try:
            packet = parse(raw, outward=outward)
        except ValueError:
            return _PASS
        ends = (packet.source, packet.target) if outward else (packet.target, packet.source)
        return self._inspect(packet, Flow(*ends, 0, 0, now), now)

    def _open(self, packet: Packet, key: bytes, now: float, old: Flow | None) -> Flow:
        """A new flow; a repeated SYN is the same flow as before."""
        ends = ((packet.source, packet.sport), (packet.target, packet.dport))
        (client, cport), (server, sport) = ends if packet.outward else ends[::-1]
        burned = self._burned.get((client, server, sport), 0.0)
        if old is not None and not old.sent:
            old.burned = burned
            return old
        if now - self._swept > SWEEP_S:
            self._sweep(now)
        if len(self._flows) >= FLOWS_MAX:
            del self._flows[next(iter(self._flows))]
        flow = self._flows[key] = Flow(client, server, cport, sport, now, now, burned=burned)
        return flow

    def _sweep(self, now: float) -> None:
        self._swept = now
        self._flows = {key: flow for key, flow in self._flows.items() if now - flow.last < IDLE_S}
        self._burned = {key: until for key, until in self._burned.items() if until > now}

    def _inspect(self, packet: Packet, flow: Flow, now: float) -> Passage:
        if packet.outward and packet.protocol == TCP:
            flow.feed(packet)
        settled = True
        for rule in self._rules:
            answer = rule.inspect(packet, flow, now)
            if isinstance(answer, Action):
                return self._apply(rule, answer, packet, flow, now)
            settled = settled and answer is SETTLED
        flow.settled = settled
        return _PASS

    def _apply(self, rule: Rule, action: Action, packet: Packet, flow: Flow, now: float) -> Passage:
        if not flow.logged:
            self._log(rule.kind, action.sighting, packet)
            flow.logged = packet.protocol == TCP  # every datagram is a question of its own
        if action.burn:
            self._burned[flow.client, flow.server, flow.sport] = now + action.burn
        if self._on_path:
            return Passage(forward=True, inject=action.inject)
        flow.silenced = flow.silenced or action.silence
        return Passage(forward=not action.drop, inject=action.inject)


def _opens(raw: bytes) -> bool:
    """Whether it is a TCP segment with SYN."""
    if raw[0] >> 4 == 4:
        return raw[9] == TCP and bool(raw[(raw[0] & 15) * 4 + 13] & SYN)
    return raw[6] == TCP and bool(raw[53] & SYN)


def _flow_key(raw: bytes, *, outward: bool) -> bytes | None:
    """Protocol, addresses and ports as bytes, the same in both directions; `None` if there are no ports."""
    if raw[0] >> 4 == 4:
        start, protocol, source, target = (raw[0] & 15) * 4, raw[9], raw[12:16], raw[16:20]
        whole = not ((raw[6] & 0x3F) or raw[7])
    else:
        start, protocol, source, target, whole = 40, raw[6], raw[8:24], raw[24:40], True
    if not whole or protocol not in {TCP, UDP} or len(raw) < start + (20 if protocol == TCP else 8):
        return None
    sport, dport = raw[start : start + 2], raw[start + 2 : start + 4]
    if outward:
        return b"%c%b%b%b%b" % (protocol, source, sport, target, dport)
    return b"%c%b%b%b%b" % (protocol, target, dport, source, sport)
