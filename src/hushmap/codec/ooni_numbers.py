"""Ids for the trials of a foreign record: its own transaction ids where they serve, else counted."""

from itertools import count

FIRST = 60001
"""OONI's own ranges of transaction ids end below (refs/OONI 1.2), so a counted id is seen to be none of them."""


class Numbers:
    """The ids that one record has used."""

    __slots__ = ("_used", "fresh")

    def __init__(self) -> None:
        self._used: set[int] = set()
        self.fresh = count(FIRST).__next__
        """The next id that is no transaction's."""

    def take(self, wanted: int) -> int:
        """`wanted` if it is a transaction id of OONI's that no trial has yet, else a fresh one."""
        if not 0 < wanted < FIRST or wanted in self._used:
            return self.fresh()
        self._used.add(wanted)
        return wanted
