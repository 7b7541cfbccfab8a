"""An event loop whose time is not waited for: where nothing is left to do, it goes on to the next thing that is due.

Hours of a run pass in seconds, and the same seed gives the same run: nothing outside can happen in between.
"""

import asyncio
import selectors
from collections.abc import Coroutine, Mapping
from typing import Any, TypeVar

Value = TypeVar("Value")


class StuckError(RuntimeError):
    """Everybody waits and nothing is due: a fault of the model or of what runs in it."""


class _Time(selectors.BaseSelector):
    """Waits for nothing: a pause is over when it begins."""

    def __init__(self) -> None:
        self.now = 0.0
        self._known: dict[Any, selectors.SelectorKey] = {}

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        """Know the loop's own pipe, by which other threads would wake it; none does."""
        key = self._known[fileobj] = selectors.SelectorKey(fileobj, 0, events, data)
        return key

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        """Forget it."""
        return self._known.pop(fileobj)

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        """What is known."""
        return self._known

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Let so much time pass.

        Raises:
            StuckError: Nothing will ever happen.
        """
        if timeout is None:
            raise StuckError("everybody waits, and nothing is due")
        self.now += max(0.0, timeout)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop of its own time, from zero."""

    def __init__(self) -> None:
        self._virtual = _Time()
        super().__init__(self._virtual)

    def time(self) -> float:
        """Seconds since it was made."""
        return self._virtual.now


def run(main: Coroutine[Any, Any, Value]) -> Value:
    """Run to the end, in no time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)
