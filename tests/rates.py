"""Fake networks in which transfers have a rate: who slows what, to how much, and who lets it stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from hushmap.model import Ask, Failure, Fetch, Page, Side
from hushmap.wire import bulk, url
from worlds import World

STEPS = 60
"""Arrivals of a transfer."""
LINE = 1_000_000.0
"""Bytes a second of the line."""
LIMIT = 20.0


@dataclass
class Flow:
    """How one transfer runs."""

    rate: float = LINE
    burst: int = 0
    stop: int | None = None
    """Bytes after which nothing comes."""
    lumps: float = 0.0
    """Share of the transfer's time that it stands still, at its middle."""


def curve_of(flow: Flow, size: int, limit: float = LIMIT) -> tuple[tuple[tuple[float, int], ...], float, bool]:
    """(points, seconds, whether it ended) of a transfer of so many bytes."""
    whole = size if flow.stop is None else min(size, flow.stop)
    rest = max(0, whole - flow.burst)
    points = [(0.03, min(whole, flow.burst))] if flow.burst else []
    for step in range(1, STEPS + 1):
        at = 0.03 + rest / flow.rate * step / STEPS
        at += flow.lumps * rest / flow.rate if step > STEPS // 2 else 0.0
        if at > limit:
            return tuple(points), limit, False
        points.append((round(at, 6), min(whole, flow.burst) + rest * step // STEPS))
    return tuple(points), (points[-1][0] if whole == size else limit), whole == size


@dataclass
class RateWorld(World):
    """A network with rates; `flows` says how a transfer runs that an ask gets on a side."""

    flows: Callable[[Ask, Side], Flow] = lambda _ask, _side: Flow()
    size: int = 64_000
    """Of the site's page."""
    status: int = 200
    side: Side = field(default=Side.HERE)

    def steps(self, ask: Ask, side: Side):
        """What the network does with `ask`."""
        self.side = side
        return super().steps(ask, side)

    def _fetch(self, ask: Ask, here: bool, now: float, said: object) -> Fetch:
        if isinstance(said, Failure):
            return Fetch(t0=now, t=now + 0.1, url=ask.url or "", failure=said)
        asked = bulk.size_of(url.parse(ask.url or "").path)
        size = min(asked or self.size, ask.most or self.size)
        points, seconds, ended = curve_of(self.flows(ask, self.side), size)
        status = 200 if asked else self.status
        return Fetch(
            t0=now, t=now + seconds, url=ask.url or "", failure=None if ended else Failure.TIMEOUT,
            page=Page(status=status, body_length=points[-1][1] if points else 0), curve=points,
        )  # fmt: skip
