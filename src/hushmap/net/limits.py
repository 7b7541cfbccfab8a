"""How long each verb waits and how much it keeps.

One value, so that a lab can divide every time by its one scale factor. The numbers come from METHOD 3 to 5, issue 2
and STATISTICS 6 (false failures of a step by loss and time-out).
"""

from collections.abc import Iterable

import msgspec

from hushmap.model import Ask, Layer, Transport

_INSIDE_TLS = ("tls:", "https:", "quic:")
"""How the resolvers begin that are asked over a connection of their own."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Time-outs in seconds, sizes in bytes."""

    connect: float = 8.0
    """Covers SYNs at 0, 1, 3 and 7 s."""
    handshake: float = 10.0
    fetch: float = 20.0
    exchange: float = 10.0
    dwell: float = 1.0
    """How long after a QUIC Initial the peer must still answer (METHOD 3; in confirmation an ask says 5)."""
    hop: float = 3.0
    """A packet with a small TTL: what a far router may take to say that it ended there (CenTrace waits as long)."""
    dns: float = 5.0
    """A UDP query is sent at 0, 1, 2 and 4 s of it."""
    system: float = 10.0
    """glibc asks each resolver twice for 5 s."""
    late: float = 0.5
    """How long to go on listening after the first answer (METHOD 4), or three round trips if longer."""
    late_suspicious: float = 5.0
    """The same when the first answer is suspicious; also the most that three round trips may come to."""
    helper: float = 5.0
    """What a reply of the helper may take beyond the worst case of its asks."""
    body: int = 128 * 1024
    """Bytes of a body that are read and hashed."""
    received: int = 16 * 1024
    """Bytes of a raw exchange that are kept."""

    def scaled(self, factor: float) -> "Limits":
        """Every time divided by `factor`; sizes stay."""
        if factor <= 0:
            raise ValueError(f"a scale factor must be above 0, not {factor}")
        times = {
            name: value / factor for name, value in msgspec.structs.asdict(self).items() if isinstance(value, float)
        }
        return msgspec.structs.replace(self, **times)

    def of_reply(self, asks: Iterable[Ask]) -> float:
        """The longest that a helper's reply to these asks may take: it carries them out side by side."""
        return self.helper + max(map(self._worst, asks), default=0.0)

    def _worst(self, ask: Ask) -> float:
        """The longest that the steps of `ask` may take, a lookup before them included."""
        steps = {
            Layer.DNS: (self.dns + self.late_suspicious, self.system),
            Layer.TCP: (self.system, self.connect),
            Layer.TLS: (self.system, self.connect, self.handshake),
            Layer.HTTP: (self.system, self.connect, self.handshake, self.fetch),
            Layer.RAW: (self.system, self.connect, self.exchange),
        }[ask.layer]
        if ask.layer is Layer.DNS and (ask.resolver or "").startswith(_INSIDE_TLS):
            steps = (self.system, self.connect, self.handshake, self.exchange)
        if ask.transport is Transport.QUIC:
            steps = (*steps, ask.dwell or self.dwell)
        return float(sum(steps) if ask.timeout is None else sum(max(step, ask.timeout) for step in steps))
