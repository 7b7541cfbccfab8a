"""Acts on unencrypted HTTP requests: their Host, their URL."""

from collections.abc import Iterable
from urllib.parse import unquote_to_bytes

from hushmap.lab.censors.rule import (
    SETTLED,
    Action,
    Answer,
    Flow,
    Settled,
    Sighting,
    forged_page,
    match,
    on_stream,
    resets,
)
from hushmap.lab.packet import Packet
from hushmap.wire import http

_PORT = 80


class _ByHost:
    """Finds a listed name in the Host header of the first request."""

    def __init__(self, names: Iterable[str], words: Iterable[str]) -> None:
        self._names = frozenset(names)
        self._words = tuple(words)

    def find(self, stream: bytes) -> str | Settled | None:
        """The Host if it is listed; settled once the header is complete and it is not."""
        request = http.parse_request(stream)
        if request is None or b"\r\n\r\n" not in stream:
            return None
        host = (request.host or "").partition(":")[0].lower()
        return host if match(host, self._names, self._words) is not None else SETTLED


class HostReset(_ByHost):
    """Resets a request by its Host. Source: refs/BEYOND 2.6; refs/KEYWORDS 1 (GFWeb: HTTP Host, RST)."""

    kind = "host-reset"

    def inspect(self, packet: Packet, flow: Flow, now: float) -> Answer:
        """Reset a request for a listed host."""
        del now
        return on_stream(
            packet,
            flow,
            _PORT,
            self.find,
            lambda host: Action(Sighting("http.reset.host", host), resets(packet), drop=True),
        )


class UrlReset:
    """Resets a request whose path or query holds a word. Source: refs/KEYWORDS 1 (ConceptDoppler; Rambert 2021)."""

    kind = "url-reset"

    def __init__(self, words: Iterable[str]) -> None:
        self._words = tuple(word.lower().encode() for word in words)

    def find(self, stream: bytes) -> str | Settled | None:
        """The word, percent-decoded as a server would read it."""
        line, end, _ = stream.partition(b"\r\n")
        if not end:
            return None
        target = unquote_to_bytes(line).lower()
        return next((word.decode() for word in self._words if word in target), SETTLED)

    def inspect(self, packet: Packet, flow: Flow, now: float) -> Answer:
        """Reset a request with a listed word in its target."""
        del now
        return on_stream(
            packet,
            flow,
            _PORT,
            self.find,
            lambda word: Action(Sighting("http.reset.url", word), resets(packet), drop=True),
        )


class BlockPage(_ByHost):
    """Answers in the server's place with a notice. Source: refs/BEYOND 2.12; refs/LAB 2 (block page spoofed 200)."""

    kind = "block-page"

    def __init__(self, names: Iterable[str], words: Iterable[str], *, page: bytes) -> None:
        super().__init__(names, words)
        self._page = http.response_bytes(
            403, [("Content-Type", "text/html; charset=utf-8"), ("Connection", "close")], page
        )

    def inspect(self, packet: Packet, flow: Flow, now: float) -> Answer:
        """Forge the response to a request for a listed host."""
        del now
        return on_stream(
            packet,
            flow,
            _PORT,
            self.find,
            lambda host: Action(Sighting("http.blockpage", host), forged_page(packet, self._page), drop=True),
        )
