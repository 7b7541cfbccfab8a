"""Exchanges with an echo of ours, and a world whose line may change what it carries."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass

from hushmap.model import Ask, Connect, Exchange, Failure, Layer, Side
from worlds import World

HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\n"
    b"Cache-Control: no-store\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
)
HTTP, TCP = 8080, 7
"""Ports of the echoes."""


def said(read: bytes) -> bytes:
    """What the HTTP echo answers to what it read (servers/echo)."""
    body = base64.b64encode(read)
    return HEAD % len(body) + body


@dataclass
class Echoes(World):
    """A world with two echoes: `changes` is what a box does to a request, `answers` what one says in their place."""

    changes: Callable[[bytes], bytes] = lambda data: data
    answers: Callable[[bytes], bytes | None] = lambda _data: None
    breaks: Callable[[bytes, int], Failure | None] = lambda _data, _count: None
    """How an exchange fails, by payload and number."""
    loses: int = 0
    """Bytes of an answer that do not come."""
    asked: int = 0

    def steps(self, ask: Ask, side: Side) -> tuple[object, ...]:
        """What comes of an ask."""
        if ask.layer is not Layer.RAW:
            return super().steps(ask, side)
        sent = ask.payload or b""
        self.asked += 1
        failure = self.breaks(sent, self.asked)
        read = self.changes(sent)
        received = self.answers(sent) or (said(read) if ask.port == HTTP else read)
        received = b"" if failure else received[: len(received) - self.loses]
        now = self.now
        connect = Connect(t0=now, t=now + 0.05, address=ask.address, port=ask.port)
        exchange = Exchange(
            t0=now, t=now + 0.1, address=ask.address, port=ask.port, failure=failure, received=received
        )
        return (connect, exchange)
