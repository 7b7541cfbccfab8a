"""Ports of our own echo, once calibration has found them to be servers of their own.

Until then an address takes one attempt at a time and rests as a whole after a hit. Then each port has its own turn
and its own rest in the lane, in what is left of that calibration too, and a question about words goes to whichever is
free first: any port says the same.
"""

from collections.abc import Callable, Mapping

from hushmap.experiments import movable
from hushmap.model import Attempt, Calibration, place_key
from hushmap.runner.book import Book
from hushmap.runner.desk import Desk
from hushmap.runner.schedule import Lane, target_of


class Easing:
    """What is known of our own ports in one run."""

    def __init__(self, book: Book, lane: Lane, now: Callable[[], float]) -> None:
        self._book, self._lane, self._now = book, lane, now
        self._seen: Mapping[str, Calibration] = {}
        self._ports: dict[str, tuple[int, ...]] = {}
        """By the place and writing that they were tried for."""
        self._early: set[str] = set()
        """Calibrations that found the ports to be apart before they were through."""

    def look(self, desk: Desk) -> None:
        """Know what calibration has found since the last look."""
        for echo in desk.planting:
            if echo.apart and echo.key not in self._early:
                self._early.add(echo.key)
                self._lane.separate(echo.address, echo.ports)
        if desk.conditions.calibrations is self._seen:
            return
        self._seen = desk.conditions.calibrations
        for echo in self._book.know(desk):
            if echo.apart:
                self._lane.separate(echo.address, echo.ports)
                self._ports[echo.key] = echo.ports

    def eased(self, desk: Desk, attempt: Attempt) -> Attempt:
        """A question about words toward that of our ports which is free first; anything else as it is."""
        index = target_of(attempt.id)
        if index is None or not self._ports or not movable(attempt):
            return attempt
        target = desk.target(index)
        ports = self._ports.get(place_key(target.place, target.encoding))
        return attempt if ports is None else self._lane.eased(attempt, ports, self._now())
