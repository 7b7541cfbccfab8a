"""Two ends that talk through a lab's path without a kernel: stacks as strict as the RFCs about what they believe.

A forged packet is worth what the attacked stack makes of it. These stacks accept a reset, data or an end only where
RFC 9293 and RFC 5961 do, and write down what they thought of every packet that a censor sent.
"""

import heapq
import itertools
from dataclasses import dataclass, field

from hushmap.lab import packet as p
from hushmap.lab.building import build_path

WINDOW = 65535
_OUT = -1


class Truth:
    """Takes down what the network did."""

    def __init__(self):
        self.events = []

    def write(self, **event):
        self.events.append(event)


@dataclass
class Seen:
    """A packet that a censor sent, as it arrived."""

    raw: bytes
    at_client: bool
    by: tuple
    verdict: str = ""
    """`accepted`, `window` (in it, not at its edge), `late` (all is over), `refused`, `nobody`."""


@dataclass
class Connection:
    """One end of a TCP connection."""

    ours: tuple
    theirs: tuple
    to_say: bytes
    answers: bool
    """It speaks once it was spoken to; else at once."""
    state: str = "syn-sent"
    next_out: int = 1000
    next_in: int = 0
    heard: bytes = b""
    spoken: bool = False
    judged: list = field(default_factory=list)

    def segment(self, flags, payload=b"", **more):
        """A segment from here, and the sequence number goes on."""
        ack = self.next_in if flags & p.ACK else 0
        made = p.tcp(self.ours, self.theirs, seq=self.next_out, ack=ack, flags=flags, payload=payload, **more)
        self.next_out += len(payload) + bool(flags & p.SYN) + bool(flags & p.FIN)
        return made

    def take(self, said):
        """(what is thought of a segment, what is sent because of it)."""
        if self.state in {"reset", "ended"}:
            return "late", []
        if self.state == "syn-sent":
            return self._opening(said)
        ahead = (said.seq - self.next_in) % 2**32
        if said.flags & p.RST:
            if ahead == 0:
                self.state = "reset"
                return "accepted", []
            return ("window", [self.segment(p.ACK)]) if ahead < WINDOW else ("refused", [])
        if ahead or not said.flags & p.ACK or (self.next_out - said.ack) % 2**32 > WINDOW:
            return ("window" if 0 < ahead < WINDOW else "refused"), []
        self.heard += said.payload
        self.next_in = (self.next_in + len(said.payload) + bool(said.flags & p.FIN)) % 2**32
        if said.flags & p.FIN:
            self.state = "ended"
        sent = [self.segment(p.ACK)] if said.payload or said.flags & p.FIN else []
        if self.answers and said.payload and self.state == "open":
            sent += self._say()
        return "accepted", sent

    def _opening(self, said):
        if said.flags & p.ACK and said.ack != self.next_out:
            return "refused", []
        if said.flags & p.RST:
            believed = bool(said.flags & p.ACK)
            self.state = "reset" if believed else self.state
            return ("accepted" if believed else "refused"), []
        if not (said.flags & p.SYN and said.flags & p.ACK):
            return "refused", []
        self.state, self.next_in = "open", (said.seq + 1) % 2**32
        return "accepted", [self.segment(p.ACK), *self._say()]

    def _say(self):
        if self.spoken:
            return []
        self.spoken = True
        return [self.segment(p.PSH | p.ACK, self.to_say[at : at + 1000]) for at in range(0, len(self.to_say), 1000)]


class Talk:
    """Client, path, internet, in a time of their own."""

    def __init__(self, scenario, *, answers, resolve, seed=1):
        self.truth = Truth()
        self.path = build_path(scenario, seed, self.truth)
        self.answers, self.resolve = answers, resolve
        self.seen = []
        self.arrived = {True: [], False: []}
        self.sent = {}
        self.connections = {}
        self.sockets = set()
        self.queue = []
        self.count = itertools.count()

    def connect(self, at, client, server, to_say):
        """The client opens a connection and speaks."""
        mine = Connection(client, server, to_say, answers=False)
        self.connections[True, client, server] = mine
        self.at(at, mine.segment(p.SYN), from_client=True)
        return mine

    def datagram(self, at, client, server, payload):
        """The client sends a datagram from a socket that stays open."""
        self.sockets.add((client, server))
        self.at(at, p.udp(client, server, payload), from_client=True)

    def at(self, at, raw, *, from_client):
        """A packet leaves an end at a time."""
        heapq.heappush(self.queue, (at, next(self.count), raw, from_client, None))

    def run(self):
        """Until nothing is on its way."""
        while self.queue:
            now, _, raw, from_client, due = heapq.heappop(self.queue)
            if due is None:
                self.sent[p.with_ttl(raw, 1)] = raw
                dues = self.path.receive(raw, now, outward=from_client)
            elif getattr(due, "step", _OUT) != _OUT:
                dues = self.path.goes_on(due)
            else:
                dues = []
                if self.path.survives(due, now):
                    self.deliver(due, now)
            for each in dues:
                heapq.heappush(self.queue, (each.at, next(self.count), each.raw, each.outward, each))
        return self

    def deliver(self, due, now):
        """A packet arrives at its end."""
        at_client = not due.outward
        said = p.parse(due.raw, outward=due.outward)
        self.arrived[at_client].append(due.raw)
        seen = Seen(due.raw, at_client, due.by)
        ours, theirs = (said.target, said.dport), (said.source, said.sport)
        replies = []
        if said.protocol == p.TCP:
            connection = self.connections.get((at_client, ours, theirs))
            if connection is None and not at_client and said.flags & p.SYN:
                first = int.from_bytes(ours[0][-2:], "big") * 2 * WINDOW % 2**32  # no two servers begin alike
                connection = Connection(ours, theirs, self.answers(ours), answers=True, state="open", next_out=first)
                connection.next_in = (said.seq + 1) % 2**32
                self.connections[False, ours, theirs] = connection
                seen.verdict, replies = "accepted", [connection.segment(p.SYN | p.ACK)]
            elif connection is None:
                seen.verdict = "nobody"
            else:
                seen.verdict, replies = connection.take(said)
        elif said.protocol == p.UDP:
            seen.verdict = "accepted" if not at_client or (ours, theirs) in self.sockets else "nobody"
            answer = None if at_client else self.resolve(said.payload, said.dport)
            replies = [p.udp(ours, theirs, answer)] if answer is not None else []
        if due.by is not None:
            self.seen.append(seen)
        for reply in replies:
            self.at(now, reply, from_client=at_client)
