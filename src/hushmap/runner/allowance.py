"""What a run may still send: megabytes, contacts of a sensitive name a day, and never an excluded term.

METHOD 5 sets the limits and what counts: a contact is one trial from here whose packets carry a name that somebody on
the way may hold against the person who sent it. Baseline names are harmless, and words that go to a helper of one's
own have the plan's limit only. Exclusion is asked of every text of an ask, in whatever field it stands: this module
knows no field by name, so that a new one is covered from its first day.
"""

from collections import deque
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import msgspec

from hushmap.experiments import spoken
from hushmap.model import (
    Ask,
    Attempt,
    Connect,
    Exchange,
    Fetch,
    Handshake,
    Hop,
    Layer,
    Resolve,
    Role,
    Side,
    Step,
    Target,
    Trial,
)
from hushmap.net import parse_resolver

DAY = 86_400.0
MAX_BYTES = 250_000_000
"""METHOD 5: 250 MB a run."""
MAX_CONTACTS = 24
"""METHOD 5: contacts of one name a day."""

QUERY_BYTES = 250
"""One DNS query with its answer, on the wire."""
CONNECT_BYTES = 400
"""SYN to FIN, both ways, without data."""
HANDSHAKE_BYTES = 7_000
"""ClientHello, certificate chain, Finished."""
FETCH_BYTES = 1_500
"""Request and response header; the body is counted as it arrived."""
HELPER_BYTES = 3_000
"""One ask with its answer over the helper's own connection."""
TYPICAL_BYTES = 200_000
"""Assumed of every attempt in flight while there is little left to spend: one page of 128 kB with its connection."""


def texts(ask: Ask) -> Iterator[str]:
    """Every text of `ask`, decoded in every way in which bytes of it might be read."""
    for name in ask.__struct_fields__:
        yield from _texts(getattr(ask, name))
    yield from _texts(spoken(ask))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
        if "+" in value:
            yield value.replace("+", " ")
    elif isinstance(value, bytes):
        # UTF-16 only where it can be that: any bytes at all decode to some Chinese characters otherwise.
        for encoding in ("utf-8", "gb18030", *(("utf-16",) if b"\0" in value else ())):
            yield value.decode(encoding, "replace")
    elif isinstance(value, tuple):
        for part in value:
            yield from _texts(part)


def excluded(ask: Ask, hit: Callable[[str], bool]) -> bool:
    """Whether `ask` must never be sent: one of its texts is a hit."""
    return any(map(hit, texts(ask)))


def names(ask: Ask) -> frozenset[str]:
    """The host names that an ask's packets carry in the open."""
    try:
        host = urlsplit(ask.url).hostname if ask.url is not None else None
    except ValueError:
        host = None  # a URL that nothing can be sent to; net says `bad_ask`
    carried = (ask.name, ask.sni, ask.host, host, _shown_by(ask.resolver))
    return frozenset(name.lower().rstrip(".") for name in carried if name and not _address(name))


def _shown_by(resolver: str | None) -> str | None:
    """The name that a resolver's handshake carries: those that are asked inside TLS."""
    try:
        return parse_resolver(resolver).host if resolver is not None else None
    except ValueError:
        return None  # as above


def _address(name: str) -> bool:
    return ":" in name or name.replace(".", "").isdigit()


def bytes_of(steps: tuple[Step, ...], side: Side = Side.HERE) -> int:
    """About how many bytes a trial moved on this line; records hold facts of answers, not of packets."""
    if side is not Side.HERE:
        return HELPER_BYTES
    total = 0
    for step in steps:
        match step:
            case Resolve():
                total += QUERY_BYTES * max(1, step.sent)
            case Connect():
                total += CONNECT_BYTES
            case Handshake():
                total += HANDSHAKE_BYTES
            case Fetch():
                arrived = max((count for _, count in step.curve), default=0)
                total += FETCH_BYTES + max(arrived, step.page.body_length if step.page else 0)
            case Exchange():
                total += CONNECT_BYTES + len(step.received)
            case Hop():
                total += QUERY_BYTES + len(step.received)
    return total


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What the person agreed to."""

    max_bytes: int = MAX_BYTES
    contacts: int = MAX_CONTACTS


class Allowance:
    """What one run has spent, and whether it may go on."""

    def __init__(self, limits: Limits, *, harmless: frozenset[str], own: frozenset[str]) -> None:
        """`harmless` names are the baselines'; `own` are addresses and resolver URLs of a helper of one's own."""
        self.limits = limits
        self.bytes = 0
        self.trials = 0
        self._harmless = harmless
        self._own = own
        self._contacts: dict[str, deque[float]] = {}

    def spend(self, trial: Trial) -> None:
        """Count the bytes of a trial that has ended."""
        self.trials += 1
        self.bytes += bytes_of(trial.steps, trial.side)

    def broke(self, in_flight: int) -> bool:
        """Whether the next attempt, with those in flight, could go over the run's megabytes."""
        return self.bytes + min(TYPICAL_BYTES, self.limits.max_bytes // 20) * in_flight >= self.limits.max_bytes

    def contact(self, target: Target | None, attempt: Attempt, now: float) -> bool:
        """Count a contact before it is made; False, and nothing counted, if a name has had its number for the day."""
        sensitive = self._sensitive(target, attempt)
        for name in sensitive:
            made = self._contacts.setdefault(name, deque())
            while made and made[0] <= now - DAY:
                made.popleft()
            if len(made) >= self.limits.contacts:
                return False
        for name in sensitive:
            self._contacts[name].append(now)
        return True

    def give_back(self, target: Target | None, trial: Trial) -> None:
        """Take back the contact of a trial that was made and did not come to say the name."""
        if trial.undone is None and not trial.sent:
            for name in self._sensitive(target, trial):
                if made := self._contacts.get(name):
                    made.pop()

    def remember(self, target: Target | None, trial: Trial) -> None:
        """Count the contact of a trial that an earlier process of this run made."""
        if trial.sent:
            for name in self._sensitive(target, trial):
                self._contacts.setdefault(name, deque()).append(trial.t0)

    def _sensitive(self, target: Target | None, attempt: Attempt) -> frozenset[str]:
        ask = attempt.ask
        if attempt.side is not Side.HERE or target is None or ask.layer is Layer.TCP:
            return frozenset()
        if target.post is not None or target.platform is not None:
            return frozenset()  # a platform's name tells of no post and no word: the plan's limit holds
        if target.place is not None:
            # A word travels percent-encoded, as a label, in a header: that it travels is said by the role. To a
            # helper of one's own it has the plan's limit; a site's name is seen on the way there as anywhere.
            ours = ask.address in self._own or ask.resolver in self._own
            return frozenset() if ours or attempt.role is Role.BASELINE else frozenset({target.text})
        return names(ask) - self._harmless
