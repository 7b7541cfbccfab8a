"""Questions that every engine answers alike: which rows are meant, and how many there are of each kind.

One ibis expression has to give equal results on DuckDB and on Spark, so what is written here keeps to what both mean
alike. The rules, found by trying (refs/STORAGE_UI.md 2):

1. The session's time zone is UTC, and days are read from the column `day`, never cut out of a time.
2. A condition is counted as `ibis.ifelse(condition, 1, 0).sum()`: not every engine adds up truth values.
3. Every count is cast to int64: engines part on the width of a sum.
4. No element of a list is asked for by its place unless the list is known to be that long: Spark refuses.
5. Rows come in no order: whoever compares sorts first, and rounds what is no whole number (`digest`).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir
import msgspec

from hushmap.model import Outcome

MECHANISM = "mechanism"
"""The first of `mechanisms`, which names the verdict; a column that is asked for, and stored nowhere."""
_NO_SITE = ("calibrate",)
"""Experiments that are about the measurement itself: counted nowhere (UX 3)."""


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """Which rows are meant: each field that is not empty has to hold, and one of its values suffices."""

    country: tuple[str, ...] = ()
    asn: tuple[int, ...] = ()
    network: tuple[str, ...] = ()
    domain: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    experiment: tuple[str, ...] = ()
    outcome: tuple[str, ...] = ()
    mechanism: tuple[str, ...] = ()
    """By its whole name or the beginning of one, up to a dot: `tls` for every `tls.*`."""
    label: tuple[str, ...] = ()
    since: date | None = None
    """First UTC day."""
    until: date | None = None
    """Last UTC day."""

    @property
    def asked(self) -> dict[str, tuple[Any, ...]]:
        """The fields that have to hold, but for the days, which every table has."""
        found = {name: getattr(self, name) for name in self.__struct_fields__ if name not in {"since", "until"}}
        return {name: values for name, values in found.items() if values}


def narrowed(table: ir.Table, filters: Filters, others: Iterable[ir.Table] = ()) -> ir.Table:
    """The rows that are meant; what `table` does not tell of a record, the first of `others` that does tells."""
    table = _in_days(table, filters)
    rest: Mapping[str, tuple[Any, ...]] = filters.asked
    here = {name: values for name, values in rest.items() if _column(name) in table.columns}
    table = _where(table, here)
    rest = {name: values for name, values in rest.items() if name not in here}
    for other in others:
        told = {name: values for name, values in rest.items() if _column(name) in other.columns}
        if told:
            table = table.semi_join(_where(_in_days(other, filters), told), ["day", "record"])
            rest = {name: values for name, values in rest.items() if name not in told}
    assert not rest, rest
    return table


def with_mechanism(table: ir.Table) -> ir.Table:
    """The table with a column for the mechanism that names the verdict; empty where there is none."""
    every = table["mechanisms"]
    return table.mutate(**{MECHANISM: ibis.ifelse(every.length() > 0, every[0], ibis.literal(""))})


def counted(table: ir.Table, by: Sequence[str]) -> ir.Table:
    """How many rows there are of each kind, as `n`; of verdicts also how many of each outcome.

    Of verdicts, canaries and calibrations are left out: they are about the measurement. These are counts of what lies
    there, no shares of anything: a burst of one tester counts as often as it was measured.
    """
    counts = {"n": table.count().cast("int64")}
    if MECHANISM in by:
        table = with_mechanism(table)
    if "outcome" in table.columns:
        table = table.filter(~table["canary"], table["experiment"].notin(_NO_SITE))
        counts = {"n": table.count().cast("int64")} | {
            one.value: ibis.ifelse(table["outcome"] == one.value, 1, 0).sum().cast("int64")
            for one in Outcome
            if "outcome" not in by
        }
    return table.group_by(list(by)).aggregate(**counts).order_by(in_order(by))


def in_order(columns: Iterable[str]) -> list[Any]:
    """What to order by; rows without a value come first, on which engines part unless it is said."""
    return [ibis.asc(name, nulls_first=True) for name in columns]


def _column(name: str) -> str:
    return "mechanisms" if name == MECHANISM else name


def _in_days(table: ir.Table, filters: Filters) -> ir.Table:
    if filters.since is not None:
        table = table.filter(table["day"] >= ibis.literal(filters.since))
    if filters.until is not None:
        table = table.filter(table["day"] <= ibis.literal(filters.until))
    return table


def _where(table: ir.Table, asked: Mapping[str, tuple[Any, ...]]) -> ir.Table:
    for name, values in asked.items():
        table = table.filter(_of_family(table, values) if name == MECHANISM else table[name].isin(values))
    return table


def _of_family(table: ir.Table, names: Sequence[str]) -> ir.BooleanValue:
    """Whether any mechanism has one of these names, or begins with one and a dot."""
    every = ibis.literal(" ") + table["mechanisms"].join(". ") + ibis.literal(".")
    return ibis.or_(*(every.contains(f" {name.rstrip('.*')}.") for name in names))
