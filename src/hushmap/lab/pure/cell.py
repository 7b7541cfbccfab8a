"""One cell of the score, measured purely."""

import traceback

from hushmap.lab.pure.running import PureRun, carried_out
from hushmap.lab.score import Judged, compare
from hushmap.lab.scoring_cell import Measured, Result, row_of
from hushmap.lab.scoring_labels import Cell
from hushmap.lab.scoring_spent import spent


def pure_cell(cell: Cell) -> Result:
    """Measure a cell as `run_cell` does, without a lab."""
    rows: tuple[Measured, ...] = ()
    error, seconds = "", 0.0
    try:
        done = carried_out(cell.scenario, cell.seed)
        rows, seconds = measured(done, cell), done.seconds
    except Exception as fault:  # noqa: BLE001 (a fault of tool or model is an error row, never a verdict)
        error = f"{type(fault).__name__}: {fault} ({_where(fault)})"
    return Result(
        label=cell.label, name=cell.name, noise=cell.noise, family=cell.family, twin=cell.twin, seed=cell.seed,
        scale=cell.scenario.scale, seconds=round(seconds, 3), rows=rows, error=error,
    )  # fmt: skip


def _where(fault: Exception) -> str:
    """The last place that it went through."""
    last = traceback.extract_tb(fault.__traceback__)[-1]
    return f"{last.name}, line {last.lineno}"


def measured(done: PureRun, cell: Cell) -> tuple[Measured, ...]:
    """The rows of a cell."""
    judged = [
        (
            Judged(
                record=record.id, target=record.target, outcome=verdict.outcome, mechanisms=verdict.mechanisms,
                scope=verdict.scope, reason=verdict.reason, rule=verdict.rule,
            ),
            record.layer,
        )
        for record, verdict in done.judged
    ]  # fmt: skip
    cost = {(record.target, record.layer): spent(record) for record, _ in done.judged}
    return tuple(row_of(row, cell, cost) for row in compare(cell.scenario, judged, done.truth).rows)
