"""How far judging has come: a bar where a person looks, elsewhere a line every ten seconds."""

from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from hushmap.cli import screen
from hushmap.cli.wording import about, count, duration

EVERY = 10.0
"""Seconds between lines where there is no bar (UX 1)."""
_QUICK = 1.0
"""Seconds in which what is done is not worth a bar."""


class _Clock(Protocol):
    def now(self) -> float:
        """Seconds."""
        ...


class HowFar:
    """Takes what was read and judged, and says it now and then."""

    def __init__(
        self, clock: _Clock, total: int | None, console: Console | None = None, *, verb: str = "judge"
    ) -> None:
        """`total` is how many bytes there are to read, if that is known."""
        self._verb = verb
        self.read = self.records = 0
        self._clock, self._total = clock, total
        self._begun = self._said = clock.now()
        self._console = console or (Console(stderr=True, highlight=False, markup=False) if screen.lively() else None)
        self._bar: Progress | None = None

    def step(self, read: int, records: int) -> None:
        """So many bytes and records more."""
        self.read += read
        self.records += records
        now = self._clock.now()
        if self._console is not None and now - self._begun >= _QUICK:
            self._draw(self._console)
        elif self._console is None and now - self._said >= EVERY:
            self._said = now
            screen.note(f"{self._verb}  {self._line(now)}")

    def _draw(self, console: Console) -> None:
        if self._bar is None:
            columns = (TextColumn(self._verb), BarColumn(bar_width=20), TextColumn("{task.description}"))
            self._bar = Progress(*columns, console=console, transient=True)
            self._bar.add_task("", total=self._total)
            self._bar.start()
        self._bar.update(self._bar.task_ids[0], completed=self.read, description=self._line(self._clock.now()))

    def _line(self, now: float) -> str:
        took = max(now - self._begun, 0.001)
        said = [count(self.records, "record"), f"{self.records / took:,.0f} a second"]
        if self._total and self.read:
            left = max(self._total - self.read, 0) * took / self.read
            said = [
                f"{100 * min(self.read / self._total, 1):.0f} %",
                *said,
                f"{duration(left) if left < 90 else about(left)} left",
            ]
        return " · ".join(said)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
