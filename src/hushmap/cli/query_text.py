"""What `hushmap query` prints on a terminal: a table that a person can read."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from hushmap.cli.query_rows import Answer, cell

MOST = 40
"""Rows that are shown: more than one screen is read by no one."""
_WIDEST = 44
"""Characters of a column: a URL that is longer is known by its beginning."""
_SHARES = frozenset({"share", "low", "high"})


def lines(answer: Answer) -> Iterator[str]:
    """The first rows, under each other."""
    rows = iter(answer.rows)
    shown = [
        [_text(name, value) for name, value in zip(answer.columns, row, strict=True)] for row in islice(rows, MOST)
    ]
    if not shown:
        yield "No row: nothing that was opened is meant by these filters."
        return
    numeric = [all(_number(row[at]) for row in shown) for at in range(len(answer.columns))]
    widths = [max(len(row[at]) for row in [answer.columns, *shown]) for at in range(len(answer.columns))]
    for row in [answer.columns, *shown]:
        yield "  ".join(_padded(*one) for one in zip(row, widths, numeric, strict=True)).rstrip()
    more = sum(1 for _ in rows)
    if more:
        yield f"and {more:,} more rows: --csv > FILE, or --json"


def _padded(text: str, width: int, right: bool) -> str:
    return text.rjust(width) if right else text.ljust(width)


def _number(text: str) -> bool:
    return text in {"", "-"} or text.replace(",", "").replace(".", "").replace(" %", "").isdigit()


def _text(name: str, value: Any) -> str:
    if value is None:
        return "-"
    if name in _SHARES and isinstance(value, float):
        return f"{value:.1%}".replace("%", " %")
    shown = str(cell(value)) if not isinstance(value, float) else f"{value:.6g}"
    return shown if len(shown) <= _WIDEST else shown[: _WIDEST - 3] + "..."
