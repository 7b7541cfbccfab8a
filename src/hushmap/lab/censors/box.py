"""A censor as it stands between two hops: an ordered list of rules, its flow table, and its log.

On-path (a tap) it sees a copy: it can inject and never discard, which is kept here, in one place, and not left to the
rules. Flows that every rule has settled are passed by a look at the table alone; idle ones are forgotten.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from hushmap.lab.censors.flow import Flow
from hushmap.lab.censors.forge import Injection
from hushmap.lab.censors.fragments import Fragments
from hushmap.lab.censors.residual import Burns, Residual
from hushmap.lab.censors.rule import SETTLED, Action, Rule, Sighting
from hushmap.lab.packet import ACK, SYN, TCP, UDP, Packet, parse, past_extensions, ttl_of, with_ttl

IDLE_S = 60.0
"""A flow without packets is forgotten after this; longer than any exchange in the lab. A flow tracker of the field
keeps a 4-tuple for as long (refs/BEYOND 2.7)."""
SWEEP_S = 5.0
FLOWS_MAX = 65536
"""A table this large is beyond any lab run; further flows replace the oldest."""


Act = tuple[str, Sighting | None]
"""(the rule, what it did; `None`: it goes on with what it began), as a capture says beside a packet."""


@dataclass(slots=True, frozen=True)
class Passage:
    """What became of a packet at a box."""

    forward: bool
    inject: tuple[Injection, ...] = ()
    by: Act | None = None
    """Whose the injections are."""
    instead: bytes | None = None
    """What goes on in its place, to the boxes behind this one too."""
    hold: float = 0.0
    """Seconds after which it goes on."""


DECIDED = Passage(forward=True)
"""It passes, and so will every further packet of its flow until that begins anew."""
_PASS = Passage(forward=True)
_GONE = Passage(forward=False)
Log = Callable[[str, Sighting, Packet], None]


class Box:
    """One censor at one place."""

    def __init__(
        self,
        rules: Sequence[Rule],
        *,
        at: int,
        on_path: bool,
        log: Log,
        hops: int | None = None,
        seed: int = 1,
        fragments: bool = False,
    ) -> None:
        self.at = at
        """It stands after this many hops from the client."""
        self._beyond = (at if hops is None else hops) - at
        self._rules = tuple(rules)
        self._residual = Residual()
        self._on_path = on_path
        self._log = log
        self._flows: dict[bytes, Flow] = {}
        self._burns = Burns(seed)
        self._fragments = Fragments() if fragments else None
        self._swept = 0.0

    def see(self, raw: bytes, now: float, *, outward: bool) -> Passage:
        """Look at one packet on its way."""
        known = _flow_key(raw, outward=outward)
        if known is None:
            return self._portless(raw, now, outward=outward)
        key, opens = known
        flow = self._flows.get(key)
        if flow is not None and not opens:
            flow.last = now
            if flow.settled:
                return DECIDED
            if flow.silenced:
                return _GONE
        packet = parse(raw, outward=outward)
        if flow is None or (opens and outward and not packet.flags & ACK):
            flow = self._open(packet, key, now, flow)
        return self._inspect(packet, flow, now)

    def _portless(self, raw: bytes, now: float, *, outward: bool) -> Passage:
        """ICMP, fragments, and what is cut off: the last is for the receiving kernel to refuse.

        What becomes of a datagram in fragments becomes of the last one; rewritten it is not.
        """
        whole = None if self._fragments is None else self._fragments.take(raw, now)
        if whole is not None:
            return replace(self.see(whole, now, outward=outward), instead=None)
        try:
            packet = parse(raw, outward=outward)
        except ValueError:
            return _PASS
        ends = (packet.source, packet.target) if outward else (packet.target, packet.source)
        return self._inspect(packet, Flow(*ends, 0, 0, now, protocol=packet.protocol), now)

    def _open(self, packet: Packet, key: bytes, now: float, old: Flow | None) -> Flow:
        """A new flow; a repeated SYN is the same flow as before."""
        if old is not None and not old.begun:
            old.burned = self._burns.of(old, now)
            return old
        if now - self._swept > SWEEP_S:
            self._sweep(now)
        if len(self._flows) >= FLOWS_MAX:
            del self._flows[next(iter(self._flows))]
        ends = ((packet.source, packet.sport), (packet.target, packet.dport))
        (client, cport), (server, sport) = ends if packet.outward else ends[::-1]
        flow = self._flows[key] = Flow(client, server, cport, sport, now, now, protocol=packet.protocol)
        flow.burned = self._burns.of(flow, now)
        return flow

    def _sweep(self, now: float) -> None:
        self._swept = now
        self._flows = {key: flow for key, flow in self._flows.items() if now - flow.last < IDLE_S}
        self._burns.sweep(now)

    def _inspect(self, packet: Packet, flow: Flow, now: float) -> Passage:
        """Ask residual blocking, then each rule in turn; the first that does more than hold or change decides."""
        flow.take(packet)
        rule: Rule = self._residual
        try:
            answer = rule.inspect(packet, flow, now)
            if isinstance(answer, Action):
                self._renew(packet, flow, now)
                return self._apply(rule, answer, packet, flow, now)
            settled = answer is SETTLED
            passage = _PASS
            for rule in self._rules:
                answer = rule.inspect(packet, flow, now)
                if not isinstance(answer, Action):
                    settled = settled and answer is SETTLED
                    continue
                if answer.drop or answer.inject or answer.silence:
                    return self._apply(rule, answer, packet, flow, now, passage)
                self._record(rule, answer, packet, flow, now)
                settled, passage = False, self._changed(rule, answer, passage)
        except Exception as error:
            error.add_note(f"in the censor {rule.kind}, {self.at} hops from the client")
            raise
        flow.settled = settled
        if settled:
            flow.forget()
        return passage

    def _changed(self, rule: Rule, action: Action, so_far: Passage) -> Passage:
        """What one rule lets wait or changes, beside what those before it did."""
        if self._on_path:
            return so_far
        return Passage(
            forward=True,
            by=(rule.kind, action.sighting),
            instead=action.replace or so_far.instead,
            hold=so_far.hold + action.hold,
        )

    def _renew(self, packet: Packet, flow: Flow, now: float) -> None:
        """A trigger on a blocked tuple starts its time anew, where that is the custom."""
        burned = flow.burned
        if burned is None or burned.burn.renewed != "by-triggers":
            return
        answers = [rule.inspect(packet, flow, now) for rule in self._rules]
        if any(isinstance(answer, Action) and answer.burn is not None for answer in answers):
            self._burns.add(flow, burned.burn, now, burned.cause)

    def _apply(
        self, rule: Rule, action: Action, packet: Packet, flow: Flow, now: float, so_far: Passage = _PASS
    ) -> Passage:
        self._record(rule, action, packet, flow, now)
        inject = tuple(self._mirrored(each, packet) if each.mirror else each for each in action.inject)
        by = (rule.kind, action.sighting)
        if self._on_path:
            return Passage(forward=True, inject=inject, by=by)
        flow.silenced = flow.silenced or action.silence
        return replace(so_far, forward=not action.drop, inject=inject, by=by)

    def _record(self, rule: Rule, action: Action, packet: Packet, flow: Flow, now: float) -> None:
        """Write the act down, and begin the residual blocking that follows it."""
        if action.sighting is not None and not flow.logged:
            self._log(rule.kind, action.sighting, packet)
            flow.logged = packet.protocol == TCP  # every datagram is a question of its own
        if action.burn is not None:
            cause = rule.kind if action.sighting is None else action.sighting.mechanism
            burned = self._burns.add(flow, action.burn, now, cause)
            if flow.protocol == UDP:  # its datagrams go on without a new beginning
                flow.burned = burned

    def _mirrored(self, injection: Injection, packet: Packet) -> Injection:
        """With the TTL that the packet it answers has left at this place (refs/BEYOND 2.5)."""
        left = ttl_of(packet.raw) - (self.at if packet.outward else self._beyond)
        return replace(injection, raw=with_ttl(injection.raw, max(1, left)))


def _flow_key(raw: bytes, *, outward: bool) -> tuple[bytes, bool] | None:
    """(protocol, addresses and ports, the same in both directions; whether it has SYN); `None` without ports."""
    if raw[0] >> 4 == 4:
        if (raw[6] & 0x3F) or raw[7]:  # a fragment
            return None
        start, protocol, source, target = (raw[0] & 15) * 4, raw[9], raw[12:16], raw[16:20]
    else:
        start, protocol, source, target = 40, raw[6], raw[8:24], raw[24:40]
        if protocol not in {TCP, UDP}:
            protocol, start = past_extensions(raw)
    if protocol not in {TCP, UDP} or len(raw) < start + (20 if protocol == TCP else 8):
        return None
    sport, dport = raw[start : start + 2], raw[start + 2 : start + 4]
    opens = protocol == TCP and bool(raw[start + 13] & SYN)
    if outward:
        return b"%c%b%b%b%b" % (protocol, source, sport, target, dport), opens
    return b"%c%b%b%b%b" % (protocol, target, dport, source, sport), opens
