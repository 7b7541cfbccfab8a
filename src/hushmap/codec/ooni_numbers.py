"""Ids for the trials of a foreign record: its own transaction ids where they serve, else counted."""

FIRST = 60001
"""OONI's own ranges of transaction ids end below (refs/OONI 1.2), so a counted id is seen to be none of them."""


class Numbers:
    """The ids that one record has used."""

    __slots__ = ("_next", "_used")

    def __init__(self) -> None:
        self._used: set[int] = set()
        self._next = FIRST

    def take(self, wanted: int = 0) -> int:
        """`wanted` if it is a transaction id that no trial has yet, else the next of our own."""
        used = self._used
        if wanted > 0 and wanted not in used:
            used.add(wanted)
            return wanted
        number = self._next
        while number in used:
            number += 1
        used.add(number)
        self._next = number + 1
        return number
