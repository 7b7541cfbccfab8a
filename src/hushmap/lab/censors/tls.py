"""Acts on the server name of a ClientHello."""

from collections.abc import Iterable

from hushmap.lab.censors.rule import (
    SETTLED,
    Action,
    Answer,
    Flow,
    Settled,
    Sighting,
    match,
    on_stream,
    resets,
)
from hushmap.lab.packet import Packet
from hushmap.wire import tls

_PORT = 443


class _BySni:
    """Finds a listed name in the ClientHello, over however many segments and records it came."""

    def __init__(self, names: Iterable[str], words: Iterable[str]) -> None:
        self._names = frozenset(names)
        self._words = tuple(words)

    def find(self, stream: bytes) -> str | Settled | None:
        """The name if it is listed; settled once the hello was read and is not."""
        state, name = tls.client_hello_sni(stream)
        if state == "need":
            return None
        return name if name is not None and match(name, self._names, self._words) is not None else SETTLED


class SniReset(_BySni):
    """Resets to both ends, and residual blocking of the 3-tuple for a while.

    Source: refs/BEYOND 2.6 (resets to client and server) and 2.7 (residual: client address, server address, server
    port; 180 s for TLS in the field, seconds in the lab).
    """

    kind = "sni-reset"

    def __init__(self, names: Iterable[str], words: Iterable[str], *, residual: float = 0.0) -> None:
        super().__init__(names, words)
        self._residual = residual

    def inspect(self, packet: Packet, flow: Flow, now: float) -> Answer:
        """Reset a connection whose hello names a listed host."""
        del now
        return on_stream(
            packet,
            flow,
            _PORT,
            self.find,
            lambda name: Action(Sighting("tls.reset.sni", name), resets(packet), drop=True, burn=self._residual),
        )


class SniDrop(_BySni):
    """Discards the ClientHello and all that follows. Source: refs/LAB 2 (SNI drop: time-out in the handshake)."""

    kind = "sni-drop"

    def inspect(self, packet: Packet, flow: Flow, now: float) -> Answer:
        """Silence a connection whose hello names a listed host."""
        del now
        return on_stream(
            packet,
            flow,
            _PORT,
            self.find,
            lambda name: Action(Sighting("tls.timeout.sni", name), drop=True, silence=True),
        )
