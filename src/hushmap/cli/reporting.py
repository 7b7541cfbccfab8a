"""What a run says while it runs: a bar at a terminal, a line now and then elsewhere, or JSON Lines for a program.

Events of the runner come in, text goes out; nothing is decided here. Each sealed record is judged once for the
counters; the verdicts that stay are made from the finished folder, in which a record may have been amended.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from hushmap.cli import screen
from hushmap.cli.run_text import progress_line
from hushmap.judge import Judged
from hushmap.model import Record
from hushmap.runner import Ended, Event, Notice, Started, TargetDone
from hushmap.runner import Progress as HowFar

EVERY = 10.0
"""Seconds between lines where there is no bar (UX 1)."""


class Reporter(Protocol):
    """Takes the events of a run."""

    def __call__(self, event: Event) -> None:
        """Tell it."""
        ...

    def close(self) -> None:
        """Leave the terminal as it was."""
        ...


class Told:
    """What every reporter needs: the run's words and the counters so far."""

    def __init__(
        self,
        *,
        name: str,
        ready: str,
        clock: Callable[[float], str],
        judge: Callable[[Record], Judged],
        words: int = 0,
        longest: float = 0.0,
    ) -> None:
        """Begin to count.

        Args:
            name: what the run is called on its line.
            ready: the line for when the network was seen to work.
            clock: the time of day of a run time.
            judge: what a sealed record shows.
            words: how many words the run is about, where it is about nothing else.
            longest: seconds that it takes at most.
        """
        self.name, self.ready, self.clock, self.judge = name, ready, clock, judge
        self.words, self.longest = words, longest
        self.groups: Counter[str] = Counter()
        self.begun, self.before = 0.0, 0

    def start(self, event: Started) -> None:
        """Know from when on, and from how many sealed targets, the pace is counted."""
        self.begun, self.before = event.t, event.sealed

    def line(self, event: HowFar) -> str:
        """How far the run has come."""
        rest = progress_line(event, self.groups, self.begun, self.before, self.longest)
        if self.words:
            return f"{self.groups.total()}/{self.words} words   {event.trials} tests   {rest}"
        return f"{event.sealed}/{event.targets}   {rest}"

    def count(self, event: TargetDone) -> Judged:
        """Judge a sealed record, for the counters."""
        found = self.judge(event.record)
        self.groups.update(found.counts)
        return found

    def count_all(self, earlier: Iterable[Judged]) -> None:
        """Count what earlier processes of the run sealed."""
        for found in earlier:
            self.groups.update(found.counts)


class JsonLines:
    """One JSON object an event: `{"event": "start" | "target" | "notice" | "end", ...}` (UX 5)."""

    def __init__(self, told: Told) -> None:
        self.told = told

    def __call__(self, event: Event) -> None:
        """Print it."""
        if isinstance(event, TargetDone):
            screen.out_json({"event": "target", "index": event.index, **self.told.count(event).object})
        elif not isinstance(event, HowFar):
            screen.out_json(event)

    def close(self) -> None:
        """Nothing to leave."""


class Lines:
    """Lines on stderr: notices at once, how far it is every ten seconds."""

    def __init__(self, told: Told, *, quiet: bool = False, verbose: bool = False) -> None:
        self.told, self.quiet, self.verbose = told, quiet, verbose
        self.last = float("-inf")

    def __call__(self, event: Event) -> None:
        """Say it, if it is to be said."""
        told = self.told
        if isinstance(event, Started):
            told.start(event)
            self.say(told.ready)
        elif isinstance(event, Notice):
            self.say(notice_line(event, told.clock))
        elif isinstance(event, TargetDone):
            found = told.count(event)
            if self.verbose:
                self.say(target_line(found))
        elif isinstance(event, HowFar) and event.t - self.last >= EVERY:
            self.last = event.t
            self.say(f"{told.name}  {told.line(event)}")

    def say(self, text: str) -> None:
        """A line, unless quiet."""
        if not self.quiet:
            screen.note(text)

    def close(self) -> None:
        """Nothing to leave."""


class Bar:
    """A bar at a terminal, notices above it."""

    def __init__(self, told: Told, *, verbose: bool = False, console: Console | None = None) -> None:
        self.told, self.verbose = told, verbose
        self.console = console or Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
        columns = (TextColumn("{task.description}"), BarColumn(bar_width=20), TextColumn("{task.fields[info]}"))
        self.progress = Progress(*columns, console=self.console, transient=True)
        self.task = self.progress.add_task(told.name, total=None, info="")

    def __call__(self, event: Event) -> None:
        """Draw it."""
        told = self.told
        if isinstance(event, Started):
            told.start(event)
            self.say(told.ready)
            self.progress.update(self.task, total=event.targets, completed=event.sealed)
            self.progress.start()
        elif isinstance(event, Notice):
            self.say(notice_line(event, told.clock))
        elif isinstance(event, TargetDone):
            found = told.count(event)
            if self.verbose:
                self.say(target_line(found))
        elif isinstance(event, HowFar):
            self.progress.update(self.task, completed=event.sealed, info=told.line(event))
        elif isinstance(event, Ended):
            self.close()

    def say(self, text: str) -> None:
        """A line above the bar."""
        self.console.print(screen.printable(text))

    def close(self) -> None:
        """Take the bar away."""
        self.progress.stop()


def notice_line(notice: Notice, clock: Callable[[float], str]) -> str:
    """`22:34:10  what happened`."""
    return f"  {clock(notice.t)}  {notice.text}"


def target_line(found: Judged) -> str:
    """One target and its label."""
    return f"  {found.saying.label:24}{found.record.target}"


def reporter(told: Told, *, as_json: bool, quiet: bool, verbose: bool) -> Reporter:
    """The reporter that fits: JSON if it was asked for, a bar where a person looks, else lines."""
    if as_json:
        return JsonLines(told)
    if not quiet and screen.lively():
        return Bar(told, verbose=verbose)
    return Lines(told, quiet=quiet, verbose=verbose)
