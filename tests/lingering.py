"""Fake networks that go on blocking after a trigger, for the `residual` experiment: scope, seconds, what prolongs it."""

import random
from collections.abc import Callable

from hushmap.model import Ask, Failure
from worlds import HELPER, World

NAME = "lingering.example"


def lingering(
    scope: str = "3-tuple",
    seconds: float = 90.0,
    *,
    way: Failure = Failure.RESET,
    share: float = 1.0,
    renewed: tuple[str, ...] = (),
    fires: Callable[[], bool] = lambda: True,
    **more: object,
) -> World:
    """A network that cuts `NAME`, and for so many seconds a share of what comes after it.

    `renewed`: `trigger` and `flow` begin anew what is still going on. `fires`: whether it acts on a name just now.
    """
    world, rng = World(**more), random.Random(7)
    until: dict[tuple[object, ...], float] = {}

    def key(ask: Ask) -> tuple[object, ...]:
        whole = (ask.address, ask.port, ask.source_port)
        return whole[: {"2-tuple": 1, "3-tuple": 2, "4-tuple": 3}[scope]]

    def blocks(ask: Ask) -> Failure | None:
        named, there = ask.sni == NAME, key(ask)
        going = world.now < until.get(there, 0.0)
        if going and ("trigger" if named else "flow") in renewed:
            until[there] = world.now + seconds
        if going and rng.random() < share:
            return way
        if not named or not fires():
            return None
        until[there] = world.now + seconds
        return way

    world.blocks = blocks
    return world


def tired(flows: int, seconds: float) -> World:
    """A server that lets so many flows pass in so many seconds, whatever they name."""
    world = World()
    seen: list[float] = []

    def blocks(ask: Ask) -> Failure | None:
        if ask.address != HELPER:
            return None
        seen.append(world.now)
        return Failure.RESET if sum(world.now - then < seconds for then in seen) > flows else None

    world.blocks = blocks
    return world
