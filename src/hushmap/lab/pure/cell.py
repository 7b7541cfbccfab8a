"""One cell of the score, measured purely."""

import traceback

import msgspec

from hushmap.lab.pure.running import PureRun, carried_out
from hushmap.lab.score import Judged, compare, where_of
from hushmap.lab.scoring_cell import Measured, Result, row_of, unmeasured
from hushmap.lab.scoring_labels import Cell
from hushmap.lab.scoring_spent import spent


def pure_cell(cell: Cell) -> Result:
    """Measure a cell as `run_cell` does, without a lab."""
    try:
        done = carried_out(cell.scenario, cell.seed)
        rows = measured(done, cell)
    except Exception as fault:  # noqa: BLE001 (a fault of tool or model is an error row, never a verdict)
        last = traceback.extract_tb(fault.__traceback__)[-1]
        words = f"{type(fault).__name__}: {fault} ({last.name}, line {last.lineno})"
        return unmeasured(cell, " ".join(words.split()))
    return msgspec.structs.replace(unmeasured(cell), rows=rows, seconds=round(done.seconds, 3))


def measured(done: PureRun, cell: Cell) -> tuple[Measured, ...]:
    """The rows of a cell."""
    judged = [
        (
            Judged(
                record=record.id, target=record.target, outcome=verdict.outcome, mechanisms=verdict.mechanisms,
                scope=verdict.scope, reason=verdict.reason, rule=verdict.rule,
            ),
            where_of(record.layer, record.encoding),
        )
        for record, verdict in done.judged
    ]  # fmt: skip
    cost = {(record.target, where_of(record.layer, record.encoding)): spent(record) for record, _ in done.judged}
    return tuple(row_of(row, cell, cost) for row in compare(cell.scenario, judged, done.truth).rows)
