"""Tells how far a score is: what has ended, what is under way, about how long the rest takes."""

import threading
import time
from collections.abc import Callable, Sequence

import msgspec

from hushmap.lab.scoring_cell import Result
from hushmap.lab.scoring_labels import Cell

_TRUST_S = 600.0
"""The guesses are taken for true until about this much of labs has ended; then what those took counts more."""

_PURE = 0.03
"""Of a lab's time, what a cell takes without a kernel."""
_LATE = 0.25
"""A lab that is later than was guessed is guessed to need a quarter more of what it took."""


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far it is."""

    of: int
    """Labs in all."""
    done: int = 0
    kept: int = 0
    """Of these, results that an earlier command left."""
    strange: int = 0
    """Results in the state file that are of another program, and not used."""
    jobs: int = 1
    result: Result | None = None
    """What has ended just now; `None` before the first."""
    left_s: float = 0.0
    """About how long the rest takes."""
    under_way: tuple[str, ...] = ()
    """Labels, the oldest first."""


Tell = Callable[[Progress], None]


class Watch:
    """Counts the labs of one score; `began` and `ended` are called from the labs' threads."""

    def __init__(
        self, cells: Sequence[Cell], *, jobs: int, kept: int, strange: int, of: int, tell: Tell, pure: bool = False
    ) -> None:
        """`cells` are those that are still to be measured; `pure` ones wait for nothing."""
        self._start = Progress(of=of, done=kept, kept=kept, strange=strange, jobs=jobs)
        self._tell = tell
        self._lock = threading.Lock()
        self._waiting = {cell.label: cell.guess_s for cell in cells}
        self._running: dict[str, tuple[float, float]] = {}
        self._done = kept
        self._guessed = _TRUST_S
        self._took = _TRUST_S * (_PURE if pure else 1.0)
        tell(msgspec.structs.replace(self._start, left_s=self._left()))

    def began(self, cell: Cell) -> None:
        """A lab starts."""
        with self._lock:
            self._running[cell.label] = (time.monotonic(), self._waiting.pop(cell.label, cell.guess_s))

    def ended(self, cell: Cell, result: Result) -> None:
        """A lab has ended; it is said."""
        with self._lock:
            self._running.pop(cell.label, None)
            self._done += 1
            self._guessed += cell.guess_s
            self._took += result.seconds
            said = msgspec.structs.replace(
                self._start, done=self._done, result=result, left_s=self._left(), under_way=tuple(self._running)
            )
            self._tell(said)

    def _left(self) -> float:
        """All labs that are left, side by side, and no less than the longest of them."""
        now = time.monotonic()
        running = [(now - began, guess) for began, guess in self._running.values()]
        late = [(elapsed, guess) for elapsed, guess in running if elapsed > guess]
        ratio = (self._took + sum(elapsed for elapsed, _ in late)) / (self._guessed + sum(guess for _, guess in late))
        each = [guess * ratio for guess in self._waiting.values()]
        each += [max(guess * ratio - elapsed, elapsed * _LATE) for elapsed, guess in running]
        return max([sum(each) / self._start.jobs, *each]) if each else 0.0
