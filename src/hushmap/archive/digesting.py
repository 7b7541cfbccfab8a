"""A table -> one hash of what it says, whatever engine made it and in which order its rows came.

Two people who asked the same of the same archive compare sixteen characters in place of two files.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import pyarrow as pa

_DIGITS = 9
"""Significant digits of what is no whole number: engines add in another order, and part beyond the twelfth."""


def digest(table: pa.Table) -> str:
    """sha256 of the columns' names and of the rows as JSON, sorted."""
    rows = sorted(_line(row.values()) for row in table.to_pylist())
    return hashlib.sha256("\n".join([_line(table.column_names), *rows]).encode()).hexdigest()


def _line(cells: Iterable[Any]) -> str:
    return json.dumps([_plain(cell) for cell in cells], ensure_ascii=True, separators=(",", ":"))


def _plain(cell: Any) -> Any:
    if isinstance(cell, float):
        return "nan" if cell != cell else f"{cell:.{_DIGITS}g}"  # noqa: PLR0124 (what is no number is not itself)
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    if isinstance(cell, list):
        return [_plain(one) for one in cell]
    return cell
