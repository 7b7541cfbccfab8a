"""What the person is told while a run goes on: facts and counts, never an opinion about a target."""

from collections.abc import Callable

from hushmap.runner.book import PORTAL, Book
from hushmap.runner.ports import Clock, Ended, Event, Notice, Progress, Started
from hushmap.runner.sentinel import Round

PROGRESS_SECONDS = 1.0
SILENT_TWICE = 2
"""Watches in a row without the helper before it is told: one may be lost."""

NO_HELPER = (
    "no helper: what fails here cannot be compared with elsewhere, so most failures will end as Not decided; "
    "down, and refused by the site or its host, cannot be told apart from blocking; words are not tested"
)


class Teller:
    """Turns what the loop does into events."""

    def __init__(self, on_event: Callable[[Event], None], book: Book, clock: Clock) -> None:
        self._tell, self._book, self._clock = on_event, book, clock
        self._last_progress = float("-inf")
        self._silent = 0
        self._lost = False

    def notice(self, code: str, text: str) -> None:
        """Tell something that the person should know now."""
        self._tell(Notice(t=self._clock.now(), code=code, text=text))

    def started(self) -> None:
        """The network is in order: the run begins, or goes on."""
        desk, plan = self._book.desk, self._book.plan
        assert desk is not None, "a good look at the network opens the desk"
        self._tell(
            Started(
                run=plan.run,
                t=self._clock.now(),
                targets=desk.targets,
                sealed=len(desk.sealed),
                helper=plan.helper is not None,
            )
        )
        if plan.helper is None:
            self.notice("no_helper", NO_HELPER)

    def network(self) -> None:
        """Tell that the network was lost, and that it is back; each once."""
        if self._book.lost is self._lost:
            return
        self._lost = self._book.lost
        if not self._lost:
            self.notice("network_back", f"network back; {self._voids} attempts do not count so far")
        elif self._book.sentinel.rounds[-1].portal:
            self.notice(PORTAL, "a sign-in page answers in place of the network: waiting for it to go")
        else:
            self.notice("network_lost", "network lost: waiting for it")

    def helper(self, done: Round) -> None:
        """Tell that the helper has fallen silent, and that it is back; each once."""
        if done.watch is None:
            return
        before, self._silent = self._silent, 0 if done.watch.reached else self._silent + 1
        if self._silent == SILENT_TWICE:
            self.notice("helper_silent", "helper silent twice: nothing is compared with elsewhere until it is back")
        elif before >= SILENT_TWICE and not self._silent:
            self.notice("helper_back", "helper answers again")

    def pace(self, flows: float, *, slower: bool) -> None:
        """Tell how many flows a second are begun from now on."""
        if slower:
            self.notice("slowed", f"more than 5 % of harmless attempts failed: slowed to {flows:.3g} a second")
        else:
            self.notice("faster", f"harmless attempts hardly fail any more: {flows:.3g} a second again")

    def progress(self, in_flight: int) -> None:
        """Tell how far the run has come, at most once a second."""
        desk, now = self._book.desk, self._clock.now()
        if desk is None or now - self._last_progress < PROGRESS_SECONDS:
            return
        self._last_progress = now
        self._tell(
            Progress(
                t=now,
                targets=desk.targets,
                sealed=len(desk.sealed),
                finished=len(desk.finished),
                repeating=desk.repeating,
                trials=self._book.allowance.trials,
                bytes=self._book.allowance.bytes,
                in_flight=in_flight,
            )
        )

    def ended(self, code: int, reason: str) -> Ended:
        """Tell how it ended."""
        desk = self._book.desk
        event = Ended(
            code=code,
            reason=reason,
            t=self._clock.now(),
            targets=len(self._book.plan.targets),
            sealed=len(desk.sealed) if desk is not None else 0,
            bytes=self._book.allowance.bytes,
            voids=self._voids,
            trials=self._book.allowance.trials,
        )
        self._tell(event)
        return event

    @property
    def _voids(self) -> int:
        return self._book.desk.voids if self._book.desk is not None else 0
