"""Which measurements are one tester's burst: the same line, and never more than ten minutes without one.

Whoever finds a site failing loads it again, and again; counted one by one, the most worried tester would be a
country. A line is an AS number, a resolver and a kind of network (`session` of the tables); where no AS number is
known a line is a run, since unknown networks are not equal. One expression, so that each engine says the same.
"""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

SESSION_GAP = 10 * 60
"""Seconds without a measurement that end a burst (refs/STATISTICS 3)."""
SESSION_MOST = 60 * 60
"""Seconds after which a burst that does not end is cut: on a busy network somebody measures every minute, and all
they say together would count once for ever. An hour is what METHOD takes for the same time."""

LINE, BURST, HOUR = "line", "burst", "burst_hour"
"""The line; the second in which the burst began; the hour of it."""
SESSION = (LINE, BURST, HOUR)
"""The columns that together name a burst, within the columns that it was sought in."""


def with_sessions(attempts: ir.Table, within: Sequence[str]) -> ir.Table:
    """The table with the columns `SESSION`; what differs in a column of `within` is never one burst."""
    table = attempts.mutate(
        **{LINE: ibis.coalesce(attempts["session"], attempts["run"]), "_at": attempts["started"].epoch_seconds()}
    )
    whole = [*within, LINE]
    at = table["_at"]
    before = at.lag().over(ibis.window(group_by=whole, order_by="_at"))
    fresh = before.isnull() | (at - before > SESSION_GAP)
    table = table.mutate(_opens=ibis.ifelse(fresh, at, ibis.null("int64")))
    # By value, not by row: measurements of one second are in one burst, whichever of them comes first.
    so_far = ibis.range_window(preceding=None, following=0, group_by=whole, order_by="_at")
    table = table.mutate(**{BURST: table["_opens"].max().over(so_far)})
    table = table.mutate(**{HOUR: ((table["_at"] - table[BURST]) / SESSION_MOST).floor().cast("int64")})
    return table.drop("_at", "_opens")
