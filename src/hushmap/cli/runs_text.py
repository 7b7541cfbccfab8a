"""What `hushmap runs` prints: one run a line, the oldest first."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from hushmap.cli.options import RUNS
from hushmap.cli.wording import moment, network, run_words, shell
from hushmap.model import Vantage
from hushmap.runs import GivenOut


class RunLine(msgspec.Struct, frozen=True, kw_only=True):
    """One run of a list; also the object of `hushmap runs --json`."""

    id: str
    deck: str = ""
    network: Vantage = msgspec.field(default_factory=Vantage)
    started: str = ""
    targets: int = 0
    labels: dict[str, int] = msgspec.field(default_factory=dict)
    """Counts by label, of the verdicts as they were written."""
    published: tuple[GivenOut, ...] = ()
    """The copies of it that were written for others."""
    path: str
    error: str = ""
    """Why it cannot be read."""


def lines(runs: Iterable[RunLine]) -> Iterator[str]:
    """The list."""
    found = tuple(runs)
    for run in found:
        if run.error:
            yield f"{run.id}  {run.error}"
            continue
        where = network(run.network).partition(":")[0]
        done = sum(run.labels.values())
        said = " · ".join(f"{number} {label}" for label, number in run.labels.items()) or "no verdict"
        again = shell(run_words(Path(run.path), RUNS))
        early = "" if done >= run.targets else f" · {done} of {run.targets} finished: hushmap run --resume {again}"
        yield f"{run.id}  {run.deck} · {where} · {moment(run.started)}"
        yield f"    {said}{early}"
        for copy in run.published:
            yield f"    published {moment(copy.when)}: {copy.file}"
    if not found:
        yield "No run is here yet. Make one: hushmap plan sites-global, then hushmap run sites-global"
