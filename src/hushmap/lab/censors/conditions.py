"""When a censor acts at all: at some times of the day, on some flows, not on every hit.

Field censors miss: a quarter of hits at busy hours, whole groups of flows that another machine of the same kind
handles (refs/KEYWORDS 1; refs/BEYOND 2.7, 2.8). Chance here is a hash of the flow and a seed, so that a rule stays a
function of what it is given and a run can be repeated.
"""

from hushmap.lab.censors.flow import Flow
from hushmap.lab.censors.parameters import Censor
from hushmap.lab.censors.rule import SETTLED, Action, Answer, Listed, Rule
from hushmap.lab.packet import TCP, Packet


class Conditional:
    """A rule that sometimes looks away."""

    def __init__(self, rule: Listed, censor: Censor, seed: int) -> None:
        self.kind = rule.kind
        self._rule = rule
        self._seed = seed
        self._misses = censor.misses
        self._flows = censor.flows
        self._day = censor.day_s
        self._active = censor.active_s

    def inspect(self, packet: Packet, flow: Flow, now: float) -> Answer:
        """What the rule says, unless this flow, this hit or this hour is none of its."""
        if self._flows < 1 and flow.fate(self._seed, "machine") >= self._flows:
            return SETTLED
        answer = self._rule.inspect(packet, flow, now)
        if not isinstance(answer, Action):
            return answer
        if self._misses and self._fate(packet, flow) < self._misses:
            return None if self._rule.each_datagram and packet.protocol != TCP else SETTLED
        if not self._awake(now):
            return SETTLED if self._rule.lasting and packet.protocol == TCP else None
        return answer

    def _fate(self, packet: Packet, flow: Flow) -> float:
        """The lot of a hit: of the flow, so that a retransmission shares it, or of the question by datagram."""
        single = self._rule.each_datagram and packet.protocol != TCP
        return flow.fate(self._seed, self.kind, flow.packets if single else 0)

    def _awake(self, now: float) -> bool:
        """Whether this is an hour at which it acts; a time from late to early runs over midnight."""
        if not self._day:
            return True
        begin, end = self._active
        hour = now % self._day
        return begin <= hour < end if begin < end else hour >= begin or hour < end


def conditional(rule: Listed, censor: Censor, seed: int) -> Rule:
    """The rule, under conditions if the censor has any."""
    if censor.misses or censor.flows < 1 or censor.day_s:
        return Conditional(rule, censor, seed)
    return rule
