"""A series: one question on one network, cycle after cycle, and what became of each cycle that was planned.

A cycle that did not take place is a gap in what is known and never a result, so whoever counts has to see it. The
plan is written first and the rest as it happens, one synced line each: a process that dies leaves a cycle that was
begun and did not end, and cycles after it that nobody began. The file lies beside the runs; each cycle is a run.
"""

import fcntl
import hashlib
import math
import os
import random
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from hushmap.runs.errors import RunBusyError, RunsError
from hushmap.runs.lines import LineFile, numbered, open_file, sync_folder
from hushmap.runs.xdg import data_dir, private_folder

SERIES = 1
"""Schema number of a series file. Old numbers are read for ever."""
PREFIX, SUFFIX = "series-", ".log"
"""Of the file's name: none of the endings by which files of records are known (paths.py)."""
JITTER_SHARE, JITTER_MOST = 0.05, 600.0
"""By how much a cycle begins after its time: a twentieth of the interval, ten minutes at most. Measurements at sharp
hours would meet whatever else happens at sharp hours. Own choice."""
NEARLY = 0.8
"""Where gaps double, a cycle this near to the end is left to the one at the end."""
LATE_SHARE = 0.25
"""A cycle that could not begin in the first quarter of its time is missed: begun later it would be cut short, and two
cycles would stand close together. Own choice."""

MOST_CYCLES = 20_000
"""Of a series: each is a row whenever its file is read. One that can be begun has 12,960 (ten minutes, 90 days)."""

Became = Literal["done", "cut_short", "missed"]
State = Became | Literal["open"]

Seconds = Annotated[float, msgspec.Meta(ge=0.0, le=1e8)]
"""Three years: what is beyond was not written by us."""

_ISO = "%Y-%m-%dT%H:%M:%SZ"
_UTC = r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$"


def jitter(every: float) -> float:
    """Seconds by which a cycle begins after its time, at most."""
    return min(JITTER_MOST, JITTER_SHARE * every)


class SeriesPlan(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, tag_field="line", tag="plan"):
    """The first line: what the series set out to do."""

    v: int = SERIES
    series: str
    """`series-20261121T2233Z-3f9c`."""
    begun: Annotated[str, msgspec.Meta(pattern=_UTC)]
    """UTC of the series' zero."""
    every: Annotated[float, msgspec.Meta(ge=60.0, le=1e8)]
    """Seconds from one cycle to the next."""
    doubling: bool = False
    """Each gap is twice as long as the one before, `every` the first: what is watched is bracketed within a factor of
    two, however long it lasts. The last cycle is at the end."""
    lasting: Seconds
    """Seconds of the whole."""
    jitter: Seconds = 0.0
    """Seconds by which a cycle begins after its time, at most."""
    seed: int = 0
    """Of the jitter, and of the order of targets in each cycle."""
    deck: str
    deck_sha256: str = ""
    targets: str = ""
    """Hash of all that is asked about: a series that is gone on with asks the same."""
    count: int = 0
    """How many targets a cycle has."""
    network: str | None = None
    """As the person calls it."""
    where: str = ""
    """The keyed fingerprint of the network; its key never leaves this computer."""
    interface: str | None = None
    """By which everything is sent, where that was said."""
    consent: str = ""
    told: dict[str, Any] = msgspec.field(default_factory=dict)
    """What was typed, to go on with; without what is secret or only of this computer."""

    @property
    def cycles(self) -> int:
        """How many cycles there are."""
        if not self.doubling:
            return max(1, int(self.lasting // self.every))
        return 2 + math.ceil(math.log2(max(1.0, NEARLY * self.lasting / self.every)))

    def _nominal(self, cycle: int) -> float:
        """When a cycle would begin if each began at its time."""
        if not self.doubling or cycle <= 1:
            return (cycle - 1) * self.every
        return self.lasting if cycle >= self.cycles else self.every * 2.0 ** (cycle - 2)

    def gap(self, cycle: int) -> float:
        """Seconds from a cycle's time to the next one's; of the last from the one before."""
        if not self.doubling:
            return self.every
        first = min(cycle, self.cycles - 1)
        return max(60.0, self._nominal(first + 1) - self._nominal(first))

    def due(self, cycle: int) -> float:
        """When cycle `cycle` (from 1) is to begin, in seconds since the series began; the first at once."""
        if cycle <= 1:
            return 0.0
        rng = random.Random(f"{self.seed}:{cycle}")  # noqa: S311  no secret: it must be known again
        return self._nominal(cycle) + rng.uniform(0.0, self.jitter)

    def over(self, cycle: int) -> float:
        """When a cycle's time is up: the next one is due, or the series ends."""
        return (
            self.due(cycle + 1) if cycle < self.cycles else max(self.lasting, self.due(cycle) + self.gap(cycle) / 2)
        )

    def latest(self, cycle: int) -> float:
        """Until when a cycle may still begin."""
        return self.due(cycle) + LATE_SHARE * self.gap(cycle)

    def seed_of(self, cycle: int) -> int:
        """The seed of one cycle's run."""
        return random.Random(f"{self.seed}/{cycle}").getrandbits(53)  # noqa: S311  no secret: it must be known again

    def at(self, t: float) -> str:
        """Seconds since the series began, as UTC."""
        return (datetime.fromisoformat(self.begun) + timedelta(seconds=t)).strftime(_ISO)

    def since(self, wall: datetime) -> float:
        """UTC as seconds since the series began."""
        return (wall - datetime.fromisoformat(self.begun)).total_seconds()


class CycleBegun(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, tag_field="line", tag="begun"):
    """A cycle's run began."""

    cycle: int
    t: Seconds
    """Seconds since the series began."""
    run: str


class CycleOver(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, tag_field="line", tag="over"):
    """A cycle ended, or was missed."""

    cycle: int
    t: Seconds
    state: Became
    why: str = ""
    """Of a cycle that is not done: `asleep`, `late`, `not_running`, `vpn`, `network_down`, `captive_portal`,
    `other_network`, `refused`, `no_consent`; `cut_short`, `clock_jumped`, `stopped`, `network_lost`,
    `network_changed`, `budget`, `killed`."""
    said: str = ""
    """In words, where a reason has more to say."""
    run: str = ""
    sealed: int = 0
    """Targets with a record."""


class ClockJump(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, tag_field="line", tag="jump"):
    """The clock on the wall went on by more (or less) than the one that only counts: asleep, or it was set."""

    t: Seconds
    seconds: float


Line = SeriesPlan | CycleBegun | CycleOver | ClockJump
_line: msgspec.json.Decoder[Line] = msgspec.json.Decoder(Line)


class Cycle(msgspec.Struct, frozen=True, kw_only=True):
    """One cycle as it stands: a row for whoever counts exposure."""

    series: str
    cycle: int
    due: str
    """UTC at which it was to begin."""
    until: str
    """UTC at which its time was up."""
    state: State
    why: str = ""
    run: str = ""
    """The run's id; empty of one that was missed."""
    began: str = ""
    ended: str = ""
    sealed: int = 0
    targets: int = 0
    told: bool = True
    """Whether the file says what became of it; else that follows from its silence."""


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """A time in which nothing was measured though it was planned; nothing is known of it."""

    series: str
    since: str
    """UTC at which the cycle before it ended."""
    until: str
    """UTC at which the cycle after it began, or was to."""
    cycles: tuple[int, ...]
    why: tuple[str, ...]


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a series."""

    path: Path
    plan: SeriesPlan
    cycles: tuple[Cycle, ...]
    """Every planned cycle, in order."""
    jumps: tuple[ClockJump, ...] = ()
    damaged: int = 0
    """Lines that could not be read; what they told is not known."""
    last: float = 0.0
    """Seconds since the series began at which something was last written."""
    now: float = 0.0
    """Seconds since the series began up to which it was looked at."""

    @property
    def over(self) -> bool:
        """Whether no cycle is left."""
        return all(cycle.state != "open" for cycle in self.cycles)

    def gaps(self) -> tuple[Gap, ...]:
        """Cycles that were missed, those in a row as one gap; a cycle cut short is none: it has its records."""
        found: list[Gap] = []
        row: list[Cycle] = []
        before = self.plan.begun
        for cycle in self.cycles:
            if cycle.state == "missed":
                row.append(cycle)
                continue
            if row:
                found.append(self._gap(before, cycle.began or cycle.due, row))
                row = []
            before = cycle.ended or cycle.began or before
        if row:
            found.append(self._gap(before, row[-1].until, row))
        return tuple(found)

    def _gap(self, since: str, until: str, row: Iterable[Cycle]) -> Gap:
        row = tuple(row)
        return Gap(
            series=self.plan.series,
            since=since,
            until=until,
            cycles=tuple(cycle.cycle for cycle in row),
            why=tuple(dict.fromkeys(cycle.why for cycle in row)),
        )


class SeriesLog:
    """The file of a series, open for writing by the one process that holds the series' lock (`hold`)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = LineFile(path)
        sync_folder(path.parent)

    @classmethod
    def create(cls, base: Path, plan: SeriesPlan) -> "SeriesLog":
        """Begin a series' file beneath `base`."""
        try:
            base.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RunsError(base, error.strerror or "cannot be made", "choose another folder with -o") from None
        path = base / f"{plan.series}{SUFFIX}"
        if path.exists():
            raise RunsError(path, "there is such a series already", "start again for another id")
        log = cls(path)
        log.add(plan)
        return log

    def add(self, line: Line) -> None:
        """Keep a line; on the disk when this returns."""
        self._file.append(msgspec.json.encode(line) + b"\n")

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        self._file.close()


def read_series(path: Path, now: datetime | None = None, *, at: float | None = None) -> Series:
    """What became of the series in the file at `path`.

    Args:
        path: the series' file.
        now: what could have begun by then and has no line was missed; by default the file's last word.
        at: the same in seconds since the series began.

    Raises:
        RunsError: There is none, or its plan cannot be read.
    """
    plan, damaged, last = None, 0, 0.0
    begun, over, jumps = dict[int, CycleBegun](), dict[int, CycleOver](), list[ClockJump]()
    for number, data in numbered(path):
        try:
            line = _line.decode(data)
            if isinstance(line, SeriesPlan):
                line.at(0.0)  # the 30th of February has the form of a day
        except (ValueError, RecursionError):
            damaged += number > 1
            continue
        if isinstance(line, SeriesPlan):
            plan = plan or line
            continue
        last = max(last, line.t)
        if isinstance(line, CycleBegun):
            begun[line.cycle] = line
        elif isinstance(line, CycleOver):
            over[line.cycle] = line
        else:
            jumps.append(line)
    if plan is None:
        what = "has no plan that can be read" if path.is_file() else "there is no such series"
        raise RunsError(path, what, "see the series there are: hushmap series")
    if plan.v > SERIES:
        raise RunsError(path, f"its schema number {plan.v} is newer than this Hushmap's {SERIES}", "use a newer one")
    if plan.cycles > MOST_CYCLES:
        what = f"plans {plan.cycles:,} cycles, and a series has {MOST_CYCLES:,} at most"
        raise RunsError(path, what, "see the series there are: hushmap series")
    here = max(last, plan.since(now) if now is not None else last if at is None else at)
    cycles = tuple(_seen(plan, n, begun.get(n), over.get(n), here) for n in range(1, plan.cycles + 1))
    return Series(path=path, plan=plan, cycles=cycles, jumps=tuple(jumps), damaged=damaged, last=last, now=here)


def _seen(plan: SeriesPlan, n: int, begun: CycleBegun | None, over: CycleOver | None, now: float) -> Cycle:
    """One cycle, from its lines or from their absence."""
    state: State
    if over is not None:
        state, why = over.state, over.why
    elif begun is not None:
        state, why = ("cut_short", "killed") if now > plan.over(n) else ("open", "")
    else:
        state, why = ("missed", "not_running") if now > plan.latest(n) else ("open", "")
    run = (over.run if over is not None else "") or (begun.run if begun is not None else "")
    return Cycle(
        series=plan.series,
        cycle=n,
        due=plan.at(plan.due(n)),
        until=plan.at(plan.over(n)),
        state=state,
        why=why,
        run="" if state == "missed" else run,
        began="" if begun is None or state == "missed" else plan.at(begun.t),
        ended="" if over is None or state == "missed" else plan.at(over.t),
        sealed=0 if over is None else over.sealed,
        targets=plan.count,
        told=over is not None,
    )


def all_series(base: Path, now: datetime | None = None) -> Iterator[Series]:
    """Every series beneath `base` that can be read, oldest first."""
    for path in sorted(base.glob(f"{PREFIX}*{SUFFIX}")):
        try:
            yield read_series(path, now)
        except RunsError:
            continue  # a file by that name that is none of ours


def find_series(base: Path, name: str) -> Path | None:
    """The file of the series that is meant: its path, its id or the end of it; `None` if it is no series."""
    path = Path(name)
    if path.name.startswith(PREFIX) and path.suffix == SUFFIX and path.is_file():
        return path
    if (base / f"{name}{SUFFIX}").is_file() and name.startswith(PREFIX):
        return base / f"{name}{SUFFIX}"
    return None


def hold(key: str, what: str, said: str) -> int:
    """Let no other process of this person measure the same; given back when the file is closed or the process ends.

    Args:
        key: what may be measured by one process only.
        what: the same for people.
        said: who we are, for the process that comes second.

    Raises:
        RunBusyError: Another process has it.
    """
    folder = data_dir() / "locks"
    private_folder(folder)
    file = open_file(folder / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.lock", os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        who = os.pread(file, 200, 0).decode("utf-8", "replace").strip() or "another hushmap"
        os.close(file)
        raise RunBusyError(what, f"{who} measures this already", "wait until it ends, or stop it there") from None
    os.ftruncate(file, 0)
    os.pwrite(file, f"{said} (process {os.getpid()})"[:200].encode("utf-8", "replace"), 0)
    return file
