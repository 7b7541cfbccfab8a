"""How often harmless attempts fail in this run: the false-failure rate f0, and whether the line must be spared.

A baseline asks for nothing that anyone blocks, so what fails there is the line's noise, and the sequential test
must expect as much of a subject (METHOD 3). Two things are no noise: a baseline that never reached the layer in
question (its pair is dropped, not counted), and a place at which no baseline ever passed, which is a dead server.
"""

from collections import Counter, deque

from hushmap.model import CERTIFICATE, Layer, Record, Role, Side, Trial

WINDOW = 40
"""Harmless attempts over which loss is watched."""
LOSSY = 5
"""So many failures among them show that more than 5 % fail (lower 95 % limit of 5 in 40: 5.1 %), the floor of f0:
then the pace is halved (UX 1)."""
CALM, FEW = 160, 3
"""So many harmless attempts of which so few fail show that the line has recovered, and the pace is doubled: where 5 %
fail, it seems so once in 24 times. One outage of a second must not slow a run of hours."""

CANARY_HITS = 3
"""Hits that make a canary one that fired."""


def passed(trial: Trial) -> bool | None:
    """Whether a harmless attempt got an authentic reaction; `None` where it never came to the layer it asks about."""
    if trial.undone is not None:
        return None
    if trial.ask.layer is Layer.DNS:
        return any(step.addresses for step in trial.resolves)
    connect, handshake, fetch, exchange = trial.connect, trial.handshake, trial.fetch, trial.exchange
    if trial.ask.layer is Layer.TCP:
        return None if connect is None else connect.failure is None
    if connect is None or connect.failure is not None:
        return None
    if trial.ask.layer is Layer.RAW:
        return exchange is not None and exchange.failure is None
    if handshake is not None and handshake.failure is not None:
        return handshake.spoke or handshake.failure in CERTIFICATE
    if trial.ask.layer is Layer.TLS:
        return handshake is not None
    return fetch is not None and (fetch.failure is None or fetch.page is not None)


class Tally:
    """Counts of one run's harmless attempts."""

    def __init__(self, dark: str | None = None) -> None:
        self._dark = dark
        self._counted: dict[int, tuple[str, bool]] = {}
        self._places: dict[str, Counter[bool]] = {}
        """Of those, how many passed and failed at each place: asked for at every turn of the run."""
        self._recent: deque[tuple[int, bool]] = deque(maxlen=CALM)

    def tell(self, trial: Trial) -> None:
        """Count a trial, if it is a harmless one from here."""
        if trial.side is not Side.HERE or trial.undone is not None or trial.cooling:
            return
        if self._dark is not None and trial.ask.resolver == self._dark:
            return  # nobody is there: silence is as it should be
        echo = trial.role is Role.SENTINEL and trial.ask.layer is Layer.HTTP
        good = passed(trial)
        if trial.role in {Role.SENTINEL, Role.BASELINE} and not echo:  # the echo's address may have to rest
            self._recent.append((trial.id, good is True))
        if trial.role is Role.BASELINE and trial.pair is not None and good is not None and trial.ask.ttl is None:
            place = trial.ask.resolver if trial.ask.layer is Layer.DNS else trial.ask.address
            self._counted[trial.id] = one = f"{trial.ask.layer} {place}", good
            self._count(one, 1)

    def void(self, trial_id: int) -> None:
        """Take back a trial that must not be counted."""
        if trial_id in self._counted:
            self._count(self._counted.pop(trial_id), -1)
        self._recent = deque((kept for kept in self._recent if kept[0] != trial_id), maxlen=CALM)

    @property
    def baselines(self) -> tuple[int, int]:
        """(failures, all) of bracketed baselines, at places where any baseline passed."""
        alive = [counts for counts in self._places.values() if counts[True]]
        failures = sum(counts[False] for counts in alive)
        return failures, failures + sum(counts[True] for counts in alive)

    def _count(self, one: tuple[str, bool], by: int) -> None:
        place, good = one
        self._places.setdefault(place, Counter())[good] += by

    @property
    def lossy(self) -> bool:
        """Whether the last harmless attempts failed too often."""
        last = list(self._recent)[-WINDOW:]
        return len(last) == WINDOW and sum(not good for _, good in last) >= LOSSY

    @property
    def calm(self) -> bool:
        """Whether hardly any harmless attempt failed for long."""
        return len(self._recent) == CALM and sum(not good for _, good in self._recent) <= FEW

    def begin_anew(self) -> None:
        """The pace has changed: what failed before says nothing about the line as it is used now."""
        self._recent.clear()


def cut_off(record: Record) -> bool:
    """Whether a canary was cut off, read from its pairs: the word of this room, where no judge's is at hand.

    Most subjects were hit whose baseline passed, and at least three of them, which is below what a verdict needs.
    """
    dark = record.context.dark
    baselines = [trial for trial in record.counted if trial.role is Role.BASELINE and not trial.bystander]
    before = {trial.pair for trial in baselines if passed(trial) is not _at(dark, trial)}
    subjects = [trial for trial in record.counted if trial.role is Role.CANARY and trial.pair in before]
    hits = sum(passed(trial) is _at(dark, trial) for trial in subjects)
    return hits >= CANARY_HITS and 2 * hits > len(subjects)


def _at(dark: str | None, trial: Trial) -> bool:
    """Whether an answer is the hit: nobody runs a resolver there."""
    return dark is not None and trial.ask.resolver == dark
