"""Measures one cell: its own lab, a deck of its targets, the product in it, and its verdicts beside the truth.

A lab that breaks is an error and never a pass. Whatever happens, nothing of it stays: the product is ended in order
if it can be, then by force, and the lab takes down what is left.
"""

import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from hushmap.lab.lab import Lab, LabError
from hushmap.lab.listing import write_deck
from hushmap.lab.product import consent, measure, run_folders
from hushmap.lab.score import Row, compare, read_verdicts
from hushmap.lab.scoring_labels import Cell
from hushmap.lab.scoring_spent import Spent, read_spent
from hushmap.lab.scoring_variants import ACCUSING, is_censored
from hushmap.model import Outcome

_GRACE_S = 20.0
"""The product seals and judges what it has when it is told to end: a few seconds."""
_LOOK_S = 0.2
_GAVE_UP = {4, 5}
"""Exit codes of `hushmap run` (UX 5): nothing was measured; ended early."""
_WORDS = 400
"""Of a broken product's last words."""


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """One target in one lab: what was true, what was said, what was spent."""

    target: str
    place: str | None = None
    censored: bool = False
    """The network acts against it; else it is innocent."""
    expected: tuple[str, ...] = ()
    said: str | None = None
    """`None`: nothing."""
    unsaid: bool = False
    """Nothing is right too."""
    mechanisms: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()
    """Mechanisms of which one must be named."""
    scope: str | None = None
    wanted_scope: str | None = None
    reason: str | None = None
    rule: str = ""
    case: str = ""
    needs: str = ""
    acts: int = 0
    """How often the simulated network acted on it."""
    lossy: bool = False
    """The line loses packets."""
    trials: int = 0
    contacts: int = 0
    seconds: float = 0.0

    @property
    def mechanism_right(self) -> bool:
        """One of the right ones is named, or none is asked for."""
        return not self.wanted or bool(set(self.wanted) & set(self.mechanisms))

    @property
    def scope_right(self) -> bool:
        """As wanted, or not asked for."""
        return self.wanted_scope is None or self.scope == self.wanted_scope

    @property
    def exact(self) -> bool:
        """The outcome is one of those allowed, or rightly nothing is said."""
        return self.said in self.expected or (self.said is None and self.unsaid)

    @property
    def found(self) -> bool:
        """Blocked; or as much as can be shown of it, by the right mechanism."""
        if self.said == Outcome.BLOCKED:
            return True
        return self.said in self.expected and self.said in ACCUSING and self.mechanism_right

    @property
    def untrue_ok(self) -> bool:
        """Called ok and nothing else, although the network acted on it.

        With a mechanism it says "interfered with, yet reachable" (METHOD 1), which may be wrong of the outcome. What
        was forged may be lost on a line that loses packets: where ok is right too, nothing was to be seen.
        """
        return self.acted_ok and not self.named_ok and not self.unseen_ok

    @property
    def acted_ok(self) -> bool:
        """Called ok, with or without a mechanism, although the network acted on it."""
        return self.said == Outcome.OK and self.acts > 0

    @property
    def named_ok(self) -> bool:
        """Such a one that says what was done to it."""
        return self.acted_ok and bool(self.mechanisms)

    @property
    def unseen_ok(self) -> bool:
        """Such a one of which what was done may have been lost on the way."""
        return self.acted_ok and not self.mechanisms and self.lossy and Outcome.OK in self.expected

    @property
    def silent(self) -> bool:
        """A censored target on which the network did not act: there is nothing to find."""
        return self.censored and not self.acts

    @property
    def wrong(self) -> bool:
        """Whether a reader of the score must look at it."""
        right = self.exact and (self.said is None or (self.mechanism_right and self.scope_right))
        right = right or (self.silent and self.said == Outcome.OK)
        return not self.needs and (self.untrue_ok or not right)


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One cell and what became of it."""

    label: str
    name: str
    noise: str
    family: str
    twin: bool
    seed: int
    scale: float
    seconds: float = 0.0
    rows: tuple[Measured, ...] = ()
    error: str = ""
    """Why there are no rows; a lab that broke is no finding."""


def run_cell(cell: Cell, out: Path | None, stop: threading.Event, pcap: Path | None = None) -> Result:
    """Measure a cell; a fault of lab or product becomes an error row.

    `out` keeps the run, its words and its truth, `pcap` its packets.

    Raises:
        LabRefusedError: This system refuses the lab, and so it will the next.
    """
    began = time.monotonic()
    rows: tuple[Measured, ...] = ()
    error = ""
    try:
        rows = _measured(cell, out, stop, began, pcap)
    except (LabError, OSError, msgspec.MsgspecError, subprocess.SubprocessError) as fault:
        error = " ".join(str(fault).split()) or type(fault).__name__
    seconds = round(time.monotonic() - began, 1)
    return msgspec.structs.replace(unmeasured(cell, error), seconds=seconds, rows=rows)


def unmeasured(cell: Cell, error: str = "") -> Result:
    """A cell without rows, and why."""
    return Result(
        label=cell.label,
        name=cell.name,
        noise=cell.noise,
        family=cell.family,
        twin=cell.twin,
        seed=cell.seed,
        scale=cell.scenario.scale,
        error=error,
    )


def _measured(
    cell: Cell, out: Path | None, stop: threading.Event, began: float, pcap: Path | None
) -> tuple[Measured, ...]:
    capture = None
    if pcap is not None:
        pcap.mkdir(parents=True, exist_ok=True)
        capture = pcap / f"{cell.folder}.pcapng"
    with Lab(cell.scenario, cell.seed, helper=True, pcap=capture) as lab:
        folder = lab.folder / "score"
        folder.mkdir()
        runs = folder / "runs" if out is None else out / cell.folder
        runs.mkdir(parents=True, exist_ok=True)
        before = run_folders(runs)
        consent(lab, start_new_session=True)
        words = (folder if out is None else runs) / "words.txt"
        with words.open("wb") as said:
            product = measure(
                lab,
                str(write_deck(cell.scenario, folder)),
                runs,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,  # Ctrl-C is ours: it ends every lab in order
            )
            status = _ended(product, lambda: began + cell.timeout_s < time.monotonic(), stop)
        if stop.is_set():
            raise LabError("interrupted")
        made = max(run_folders(runs) - before, default=None)
        if not (status == 0 and made) and not (status in _GAVE_UP and _may_give_up(cell)):
            last = words.read_text("utf-8", "replace").strip()[-_WORDS:]
            raise LabError(f"hushmap run ended with {status}: {last}")
        judged = read_verdicts(made) if made and (made / "verdicts.jsonl").exists() else []
        truth = lab.truth()
        score = compare(cell.scenario, judged, truth)
        if out is not None:
            (runs / "truth.jsonl").write_bytes(b"".join(msgspec.json.encode(event) + b"\n" for event in truth))
        spent = read_spent(made) if made else {}
    return tuple(row_of(row, cell, spent) for row in score.rows)


def _may_give_up(cell: Cell) -> bool:
    """Whether the truth of a scenario is that nothing can be decided, as where the network is lost."""
    return any(expect.unsaid or Outcome.INSUFFICIENT in expect.outcomes for expect in cell.scenario.expect)


def _ended(product: Any, late: Callable[[], bool], stop: threading.Event) -> int | str:
    """The product's exit code; `late` or `stop` end it: first as Ctrl-C would, then by force."""
    while not stop.is_set() and not late():
        try:
            return int(product.wait(_LOOK_S))
        except subprocess.TimeoutExpired:
            continue
    product.terminate()
    try:
        product.wait(_GRACE_S)
    except subprocess.TimeoutExpired:
        product.kill()
        product.wait()
    return "no end in its time"


def row_of(row: Row, cell: Cell, spent: Mapping[tuple[str, str | None], Spent]) -> Measured:
    """Everything that is counted of one target; `spent` is by target and place."""
    expect, judged = row.expect, row.judged
    place = expect.where
    cost = spent.get((expect.target, place), Spent())
    return Measured(
        target=expect.target,
        place=place,
        censored=is_censored(expect, cell.scenario),
        expected=tuple(outcome.value for outcome in expect.outcomes),
        said=judged.outcome.value if judged else None,
        unsaid=expect.unsaid,
        mechanisms=judged.mechanisms if judged else (),
        wanted=expect.mechanisms,
        scope=judged.scope if judged else None,
        wanted_scope=expect.scope.value if expect.scope else None,
        reason=judged.reason if judged else None,
        rule=judged.rule if judged else "",
        case=expect.reason,
        needs=expect.needs,
        acts=row.acts,
        lossy=cell.scenario.path.loss > 0,
        trials=cost.trials,
        contacts=cost.contacts,
        seconds=cost.seconds,
    )
