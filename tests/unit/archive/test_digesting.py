"""One hash of what a table says."""

from datetime import UTC, date, datetime

import pyarrow as pa

from hushmap.archive import digest

ROWS = [
    {"day": date(2026, 11, 21), "at": datetime(2026, 11, 21, 22, 34, tzinfo=UTC), "n": 3, "share": 1 / 3, "of": ["a", "b"]},
    {"day": None, "at": None, "n": None, "share": float("nan"), "of": []},
]  # fmt: skip


def test_no_order_and_no_last_digit_matters():
    """Rows in another order, and sums that were added in another, are the same answer."""
    other = [ROWS[1], ROWS[0] | {"share": 1 / 3 + 1e-15}]
    assert digest(pa.Table.from_pylist(ROWS)) == digest(pa.Table.from_pylist(other))


def test_all_else_does():
    """A value, a column's name, a row more: another answer. Nothing is not zero."""
    found = {
        digest(pa.Table.from_pylist(rows))
        for rows in (
            ROWS,
            ROWS[:1],
            [ROWS[0] | {"n": 4}, ROWS[1]],
            [ROWS[0], ROWS[1] | {"n": 0}],
            [ROWS[0] | {"of": ["a b"]}, ROWS[1]],
            [{"m" if name == "n" else name: value for name, value in row.items()} for row in ROWS],
        )
    }
    assert len(found) == 6
