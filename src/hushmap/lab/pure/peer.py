"""One end of a TCP connection, as far as its retransmissions and its belief in what it is told decide a measurement.

The same machine stands at both ends. It sends, acknowledges, repeats what is not acknowledged, puts segments in
order, and takes a reset only at the very sequence number that it expects (RFC 5961 3.2), which is what decides races
with forged packets. Congestion control is a plain one (RFC 5681, 6582); there are no delayed acknowledgements, as
Linux has none in the first exchanges of a connection. Times: RFC 6298 with Linux's least variance of 0.2 s.
"""

from collections import deque
from collections.abc import Callable
from typing import Protocol

from hushmap.lab.packet import ACK, FIN, PSH, RST, SYN, Packet, tcp

End = tuple[bytes, int]
STAMPS = b"\x01\x01\x08\x0a\x00\x00\x00\x01\x00\x00\x00\x01"
"""The timestamps option (RFC 7323 3.2), which Linux sends with every segment unless it is told not to."""
_SYN_OPTIONS = b"\x02\x04\x05\xb4\x04\x02\x08\x0a\x00\x00\x00\x01\x00\x00\x00\x00\x01\x03\x03\x07"
"""MSS 1460, SACK permitted, timestamps, window scale 7: what Linux offers on a link of 1500 bytes."""
_BARE_OPTIONS = b"\x02\x04\x05\xb4\x01\x01\x04\x02\x01\x03\x03\x07"
_MSS = 1460
_FIRST_RTO = 1.0
"""RFC 6298 2.1; so SYNs go out at 0, 1, 3 and 7 s."""
_LEAST_VARIANCE = 0.2
"""Linux, tcp_rto_min."""
_TRIES = 8
"""After so many repetitions an end gives up: longer than any time-out of the tool."""
_WINDOW = 10
"""Segments that may be under way at first (RFC 6928)."""
_DUPLICATES = 3
"""RFC 5681 3.2."""


class Timer(Protocol):
    """Something that may be called off."""

    def cancel(self) -> None:
        """Call it off."""
        ...


class Stack(Protocol):
    """The computer at which an end stands."""

    def send(self, raw: bytes) -> None:
        """Send a packet."""
        ...

    def now(self) -> float:
        """The time."""
        ...

    def later(self, seconds: float, call: Callable[[], None]) -> Timer:
        """Have something done later."""
        ...

    def forget(self, peer: "Peer") -> None:
        """The connection is over."""
        ...


class User(Protocol):
    """Who uses an end."""

    def opened(self) -> None:
        """The handshake is done."""
        ...

    def came(self, data: bytes) -> None:
        """Bytes came, in order."""
        ...

    def ended(self) -> None:
        """The other end will send nothing more."""
        ...

    def broke(self) -> None:
        """A reset came."""
        ...


class Peer:
    """One end of one connection."""

    __slots__ = (
        "_backoff", "_begun", "_dups", "_early", "_end", "_flight", "_heard", "_options", "_queue", "_recover",
        "_rtt", "_sent_at", "_size", "_stack", "_timer", "_tries", "_una", "_window", "_wrote", "expects", "local",
        "open", "over", "remote", "server", "shut", "ttl", "user",
    )  # fmt: skip

    def __init__(self, stack: Stack, local: End, remote: End, *, first: int, user: User, stamps: bool = True) -> None:
        self._stack, self.local, self.remote, self.user = stack, local, remote, user
        self._una = self._end = first
        self._begun = 0
        """What followed the other end's SYN."""
        self.expects = 0
        """The next sequence number of the other end."""
        self.open = self.over = self.shut = self.server = self._heard = False
        self.ttl = 64
        """Of what is sent from now on."""
        self._options = STAMPS if stamps else b""
        self._size = _MSS - len(self._options)
        self._flight: deque[tuple[int, bytes, int]] = deque()
        self._queue: deque[tuple[int, bytes, int]] = deque()
        self._early: dict[int, tuple[bytes, bool]] = {}
        self._timer: Timer | None = None
        self._tries = self._dups = 0
        self._window = float(_WINDOW)
        self._recover = -1
        self._rtt: float | None = None
        self._backoff = 1.0
        self._sent_at = 0.0
        self._wrote = False

    # What a user does

    def connect(self) -> None:
        """Open the connection."""
        self._sent_at = self._stack.now()
        self._put(b"", SYN)

    def accept(self, packet: Packet) -> None:
        """Answer a SYN."""
        self.server = True
        self.expects = self._begun = packet.after
        self._read_options(packet)
        self._sent_at = self._stack.now()
        self._put(b"", SYN | ACK)

    def write(self, data: bytes) -> None:
        """Send bytes."""
        for at in range(0, len(data), self._size):
            piece = data[at : at + self._size]
            self._put(piece, ACK | (PSH if at + self._size >= len(data) else 0))

    def close(self) -> None:
        """Send nothing more."""
        if not self.over and not self.shut:
            self.shut = True
            self._put(b"", FIN | ACK)

    def abort(self) -> None:
        """Reset the connection."""
        if not self.over:
            self._emit(self._end, b"", RST | ACK)
            self.finish()

    def unheard(self, seq: int) -> bool:
        """Whether a segment that began there is under way: an error about any other is an old one's."""
        return any(begun == seq for begun, _, _ in self._flight)

    def finish(self) -> None:
        """Be over: nothing is sent or believed from here on."""
        self.over = True
        if self._timer is not None:
            self._timer.cancel()
        self._stack.forget(self)

    # What comes

    def take(self, packet: Packet) -> None:
        """A segment of this connection came."""
        if packet.flags & RST:
            self._reset(packet)
        elif not self.open:
            self._shake(packet)
        elif packet.flags & SYN:
            if self.server and not packet.flags & ACK and packet.after == self._begun:  # our answer to it was lost
                self._again()
            else:
                self._emit(self._end, b"", ACK)
        else:
            self._take(packet)

    def _reset(self, packet: Packet) -> None:
        opening = not self.open and not self.server
        right = packet.flags & ACK and packet.ack == self._end if opening else packet.seq == self.expects
        if right:
            self.finish()
            self.user.broke()
        elif self.server and self.open and self.expects < packet.seq:  # RFC 5961 3.2: a challenge
            self._emit(self._end, b"", ACK)

    def _shake(self, packet: Packet) -> None:
        if self.server:
            if packet.flags & SYN:
                self._again()
                return
            if not packet.flags & ACK or packet.ack != self._end:
                return
        else:
            if packet.flags & ACK and packet.ack != self._end:  # RFC 9293 3.10.7.3: it is of an old connection
                self._stack.send(tcp(self.local, self.remote, seq=packet.ack, ack=0, flags=RST))
            if packet.flags & (SYN | ACK) != SYN | ACK or packet.ack != self._end:
                return
            self.expects = packet.after
            self._read_options(packet)
        self.open = True
        self._rtt = self._stack.now() - self._sent_at
        self._acknowledged(packet.ack)
        if self.server:
            self.user.opened()
            self._take(packet)
        else:
            self._emit(self._end, b"", ACK)
            self.user.opened()

    def _take(self, packet: Packet) -> None:
        if packet.flags & ACK:
            if self._una < packet.ack <= self._end:
                self._acknowledged(packet.ack)
            elif packet.ack == self._una and self._flight and not packet.payload and not packet.flags & FIN:
                self._duplicate()
        if not self.over and (packet.payload or packet.flags & FIN):
            self._hear(packet)

    def _hear(self, packet: Packet) -> None:
        if self._heard and packet.after > self.expects:
            self.finish()  # bytes behind an end: Linux forgets the connection, and its user knows the end
        elif self._heard:
            self._emit(self._end, b"", ACK)
        elif packet.seq > self.expects:
            self._early.setdefault(packet.seq, (packet.payload, bool(packet.flags & FIN)))
            self._emit(self._end, b"", ACK)
        else:
            self._read(packet)

    def _read(self, packet: Packet) -> None:
        """A segment that begins where we are, or before, and those that waited for it."""
        self._wrote = False
        self._in_order(packet.seq, packet.payload, end=bool(packet.flags & FIN))
        while self._early and not self.over and min(self._early) <= self.expects:
            seq = min(self._early)
            payload, end = self._early.pop(seq)
            self._in_order(seq, payload, end=end)
        if not self._wrote and not self.over:
            self._emit(self._end, b"", ACK)

    def _in_order(self, seq: int, payload: bytes, *, end: bool) -> None:
        new = payload[self.expects - seq :]
        whole = seq + len(payload) >= self.expects
        if new:
            self.expects += len(new)
            self.user.came(new)
        if end and whole and not self.over:
            self.expects += 1
            self._heard = True
            self.user.ended()
            if self.shut and not self._flight and not self._queue and not self.over:
                self._emit(self._end, b"", ACK)
                self.finish()

    # Sending

    def _put(self, payload: bytes, flags: int) -> None:
        self._queue.append((self._end, payload, flags))
        self._end += len(payload) + bool(flags & (SYN | FIN))
        self._push()

    def _push(self) -> None:
        while self._queue and len(self._flight) < self._window:
            segment = self._queue.popleft()
            self._flight.append(segment)
            self._emit(*segment)
        if self._flight and self._timer is None:
            self._wind()

    def _emit(self, seq: int, payload: bytes, flags: int) -> None:
        self._wrote = True
        options = self._options
        if flags & SYN:
            options = _SYN_OPTIONS if options else _BARE_OPTIONS
        ack = self.expects if flags & ACK else 0
        self._stack.send(
            tcp(
                self.local, self.remote, seq=seq, ack=ack, flags=flags, payload=payload, options=options, df=True,
                ttl=self.ttl,
            )
        )  # fmt: skip

    def _wind(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._stack.later(self._wait(), self._again) if self._flight else None

    def _wait(self) -> float:
        """RFC 6298 2.2: the first round trip, and twice it or the least variance more."""
        base = _FIRST_RTO if self._rtt is None else self._rtt + max(_LEAST_VARIANCE, 2 * self._rtt)
        return base * self._backoff

    def _again(self) -> None:
        """Nothing was acknowledged in time: the first segment again, and the rest when that is acknowledged."""
        if not self._flight:
            return
        self._tries += 1
        if self._tries > _TRIES:
            self.finish()
            return
        self._backoff *= 2
        self._queue.extendleft(reversed([*self._flight][1:]))
        first = self._flight[0]
        self._flight = deque([first])
        self._window, self._recover = 1.0, -1
        self._emit(*first)
        self._wind()

    def _acknowledged(self, ack: int) -> None:
        gone = 0
        for segments in (self._flight, self._queue):
            while segments and segments[0][0] + len(segments[0][1]) + bool(segments[0][2] & (SYN | FIN)) <= ack:
                segments.popleft()
                gone += 1
        self._una = ack
        self._tries, self._dups, self._backoff = 0, 0, 1.0
        if self._recover >= ack and self._flight:  # RFC 6582: another one of the same window was lost
            self._emit(*self._flight[0])
        else:
            self._window += gone
            self._recover = -1
        self._wind()
        self._push()
        if self.shut and not self._flight and not self._queue:
            if self._heard:
                self.finish()
            elif self.server:
                self._stack.later(_FIRST_RTO, self._linger)

    def _linger(self) -> None:
        """A closed server waits for the client's end no longer than this."""
        if not self.over:
            self.finish()

    def _duplicate(self) -> None:
        self._dups += 1
        if self._dups == _DUPLICATES and self._recover < 0:
            self._recover = self._end
            self._window = max(2.0, self._window / 2)
            self._emit(*self._flight[0])
            self._wind()

    def _read_options(self, packet: Packet) -> None:
        """What the other end's SYN allows: the size of segments, and timestamps."""
        options, at, size, stamps = packet.options, 0, 536, False
        while at < len(options) and options[at]:
            kind = options[at]
            if kind == 1:
                at += 1
                continue
            if at + 1 >= len(options) or options[at + 1] < 2:
                break
            if kind == 2:
                size = int.from_bytes(options[at + 2 : at + 4], "big")
            stamps = stamps or kind == 8
            at += options[at + 1]
        if not stamps:
            self._options = b""
        self._size = min(_MSS, size) - len(self._options)
