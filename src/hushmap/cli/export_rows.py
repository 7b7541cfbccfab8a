"""Judged records as rows of a table that people open in a spreadsheet.

Targets, networks and what a page said come from files and from hostile networks, and a spreadsheet takes a cell that
begins like a formula for one (CWE-1236). So such a cell begins with an apostrophe, every text is quoted, since some
spreadsheets part cells at semicolons too, and nothing in a cell can end a line.
"""

import csv
import io
from collections.abc import Iterable

from hushmap.cli.screen import printable
from hushmap.judge import Judged
from hushmap.model import Counts

Cell = str | float | None

_PARTS = ("subject", "baseline", "helper")
COLUMNS = (
    *"record test place target category canary started ended country asn network".split(),
    *"outcome label mechanisms scope evidence reason".split(),
    *(f"{part}_{what}" for part in _PARTS for what in ("failures", "attempts")),
    *"error_bound rule rules knowledge sentence".split(),
)
"""Failures and attempts stand apart: a spreadsheet takes `8/8` for a day in August."""

_FORMULA = tuple("=+-@\uff0b\uff0d\uff1d\uff20")
"""How a formula begins, in the wide forms of East Asian keyboards too."""


def row(judged: Judged) -> tuple[Cell, ...]:
    """One record, in the order of `COLUMNS`."""
    record, verdict, saying = judged.record, judged.verdict, judged.saying
    return (
        record.id,
        record.experiment,
        record.layer,
        record.target,
        record.category,
        "yes" if record.canary else "no",
        record.started,
        record.ended,
        record.vantage.country,
        record.vantage.asn,
        record.vantage.network,
        verdict.outcome.value,
        saying.label,
        " ".join(verdict.mechanisms),
        verdict.scope,
        verdict.evidence.value,
        verdict.reason,
        *_counted(verdict.counts),
        verdict.error_bound,
        verdict.rule,
        verdict.rules,
        verdict.knowledge,
        saying.sentence,
    )


def _counted(counts: Counts) -> Iterable[int]:
    for part in _PARTS:
        yield from getattr(counts, part)


def line(cells: Iterable[Cell]) -> bytes:
    """Cells as one line of CSV (RFC 4180), newline included."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in cells])
    return text.getvalue().encode("utf-8", "backslashreplace")


def harmless(text: str) -> str:
    """`text` as a cell that is text to every spreadsheet, on one line."""
    shown = printable(text)
    return "'" + shown if shown.lstrip().startswith(_FORMULA) else shown
