"""What bounded downloads in turn show: how fast each ran, where it stopped, and how the two arms compare.

One alternation is a pair: the same download once for the subject and once for its harmless twin, in either order. A
stream counts if bytes of a whole answer were flowing; whatever ends one otherwise (a reset, a status that is not 200)
says nothing of rates, and its pair is dropped. So is one in which a server gave another page under another name.
Method: refs/BEYOND 2.9, refs/STATISTICS 0.
"""

import random
from collections.abc import Iterable, Sequence
from functools import cached_property
from statistics import fmean, median, pstdev

import msgspec

from hushmap.detect.sight import alike
from hushmap.model import Ask, Failure, Role, Side, Trial
from hushmap.sampling import LEAST_ALTERNATIONS, Plateau, Ratio, plateau, rate_ratio

ARRIVING = 4096
"""Bytes that are more than a header: a transfer that came so far has begun."""
HALF = 0.5
"""refs/BEYOND 2.9: slowed is what runs at less than half of its twin's rate, by the interval's upper end."""
STEADY = 0.3
"""refs/BEYOND 2.9: the coefficient of variation below which slow transfers ran at one rate."""
WINDOW = (14_000, 24_576)
"""refs/BEYOND 2.9: bytes of the connection at which a freeze was seen."""
FROZEN = 3
"""refs/BEYOND 2.9: stalls in the window, of five alternations."""
HELLO_BYTES = 4_000
"""What a server sends before its first answer: a TLS flight with two or three certificates. A curve begins behind it,
and the window is of the connection."""
QUIET = 0.5
"""Share of a timed-out transfer without a byte at its end from which it stopped rather than crawled."""
BLOCK_SECONDS = 60.0
"""Alternations that decide lie in at least two blocks this far apart (METHOD 3)."""
SLOW = 64_000.0
"""Bytes a second (512 kbit/s) above which a server may just be far away (detect.once_rate)."""
LEAST_SECONDS = 2.0
"""A transfer over sooner tells of round trips, not of a rate: 64 kB take 2 s at 256 kbit/s."""
BUCKET = 6_000.0
"""Bytes at once from which a bucket was there: less is four segments, which may come as one first arrival."""
_INSTANT = 1e-6
"""A clock's step: a record from elsewhere may say that no time passed."""
PAUSE = 0.08
"""Longest pause, as a share of the steady part, of a flow that waits in a queue; one that loses packets stands still
for a retransmission's time again and again (RFC 6298: 0.2 s and more)."""


class Stream(msgspec.Struct, frozen=True, kw_only=True):
    """One download as it came."""

    trial: Trial
    size: int
    """Bytes that came."""
    seconds: float
    """Until the last of them, or until the time ended."""
    stopped: int | None = None
    """Bytes of the connection at which it stopped for good; `None`: it did not."""

    @property
    def rate(self) -> float:
        """Bytes a second."""
        return self.size / self.seconds

    @property
    def plateau(self) -> Plateau | None:
        """Its steady part."""
        fetch = self.trial.fetch
        return plateau(fetch.curve) if fetch is not None else None


def stream_of(trial: Trial) -> Stream | None:
    """The download of one trial; `None` where it says nothing of a rate.

    Of one that stopped even the header may be unknown: it comes with the first record of TLS, of 16 kB.
    """
    fetch = trial.fetch
    if fetch is None or fetch.failure not in {None, Failure.TIMEOUT}:
        return None
    if fetch.page is not None and fetch.page.status != 200:
        return None
    size = fetch.curve[-1][1] if fetch.curve else 0
    if size < ARRIVING:
        return None
    came, lasted = fetch.curve[-1][0], max(fetch.t - fetch.t0, _INSTANT)
    if fetch.failure is None:
        return Stream(trial=trial, size=size, seconds=max(came, _INSTANT))
    hello = HELLO_BYTES if trial.handshake is not None else 0
    quiet = lasted - came >= QUIET * lasted
    return Stream(trial=trial, size=size, seconds=lasted, stopped=size + hello if quiet else None)


class Arm:
    """All alternations about one subject."""

    def __init__(self, subject: Ask, changed: str, trials: Iterable[Trial], scale: float) -> None:
        self.subject, self.changed, self.scale = subject, changed, scale
        groups: dict[int, list[Trial]] = {}
        for trial in trials:
            if trial.changed == changed and trial.pair is not None and trial.side is Side.HERE:
                groups.setdefault(trial.pair, []).append(trial)
        self.pairs = tuple(found for members in groups.values() if (found := _pair(subject, members)) is not None)

    @property
    def subjects(self) -> list[Stream]:
        """The streams about the target."""
        return [subject for subject, _ in self.pairs]

    @property
    def twins(self) -> list[Stream]:
        """Their harmless twins."""
        return [twin for _, twin in self.pairs]

    @property
    def proof(self) -> tuple[int, ...]:
        """Ids of all trials that counted."""
        return tuple(stream.trial.id for pair in self.pairs for stream in pair)

    @property
    def enough(self) -> bool:
        """Whether there are as many alternations as a word on rates needs."""
        return len(self.pairs) >= LEAST_ALTERNATIONS

    @cached_property
    def ratio(self) -> Ratio | None:
        """How the rates compare; `None` before there are enough alternations."""
        if not self.enough:
            return None
        return rate_ratio(_rates(self.subjects), _rates(self.twins), self._chance)

    @cached_property
    def rate(self) -> Ratio:
        """The subject's own rate in bytes a second, with its interval; only where there is a ratio."""
        return rate_ratio(_rates(self.subjects), [1.0] * len(self.pairs), self._chance)

    @property
    def _chance(self) -> random.Random:
        """The same for the same record: what is judged again comes out again."""
        return random.Random(len(self.pairs))  # noqa: S311  resampling hides nothing from anyone

    @property
    def slow(self) -> int:
        """Alternations in which the subject ran at less than half of its twin's rate."""
        return sum(subject.rate < HALF * twin.rate for subject, twin in self.pairs)

    @property
    def suspected(self) -> bool:
        """Whether most alternations so far speak against the line."""
        return 2 * max(self.slow, len(self.stops)) > len(self.pairs)

    @property
    def slowed(self) -> bool:
        """Surely less than half of the twin's rate, at one rate, in two blocks."""
        if self.ratio is None or self.ratio.high >= HALF or self.stops:
            return False
        return self.steady and self._spread(
            [subject for subject, twin in self.pairs if subject.rate < HALF * twin.rate]
        )

    @property
    def steady(self) -> bool:
        """Whether the subject's plateaus agree, stream by stream.

        Within one stream a policer's losses make the rate swing by the time-outs of TCP (refs/BEYOND 2.9: saw-tooth),
        while every stream comes to the same rate; a line that is merely bad has another one each time.
        """
        rates = [found.rate for stream in self.subjects if (found := stream.plateau) is not None]
        return len(rates) >= LEAST_ALTERNATIONS and pstdev(rates) < STEADY * fmean(rates)

    @property
    def stops(self) -> list[Stream]:
        """Subjects that stopped for good within the window, while their twin went on past it."""
        low, high = WINDOW
        return [
            subject
            for subject, twin in self.pairs
            if subject.stopped is not None and low <= subject.stopped <= high and twin.size > high
        ]

    @property
    def frozen(self) -> bool:
        """Three of five stopped in one window and their twins did not, in two blocks."""
        return (
            self.enough
            and len(self.stops) * LEAST_ALTERNATIONS >= FROZEN * len(self.pairs)
            and self._spread(self.stops)
        )

    @property
    def alike(self) -> bool:
        """Surely more than half of the twin's rate."""
        return self.ratio is not None and self.ratio.low > HALF

    @property
    def queued(self) -> bool:
        """Whether slowed streams look held in a queue rather than cut by a policer: no bucket, no long pause.

        Both ways of slowing give one rate. A policer has a bucket that lets the first bytes through at once, and
        discards, so that the flow stands still for retransmissions; a queue does neither.
        """
        found = [steady for stream in self.subjects if (steady := stream.plateau) is not None]
        if not found:
            return False
        return median(one.burst for one in found) < BUCKET and median(one.pause for one in found) < PAUSE

    @property
    def decided(self) -> bool:
        """Whether more alternations would not change what is said."""
        return self.frozen or self.slowed or self.alike

    def _spread(self, streams: Sequence[Stream]) -> bool:
        """Whether they lie in two blocks."""
        times = [stream.trial.t0 for stream in streams]
        return bool(times) and (max(times) - min(times)) * self.scale >= BLOCK_SECONDS


def _pair(subject: Ask, members: list[Trial]) -> tuple[Stream, Stream] | None:
    """The two streams of an alternation; `None` while one is missing, or where one says nothing of a rate."""
    ours = next((trial for trial in members if trial.ask == subject and trial.role is not Role.BASELINE), None)
    twin = next((trial for trial in members if trial.role is Role.BASELINE), None)
    if ours is None or twin is None:
        return None
    one, other = stream_of(ours), stream_of(twin)
    if one is None or other is None or other.stopped is not None or _another_page(ours, twin):
        return None
    return one, other


def _another_page(one: Trial, other: Trial) -> bool:
    """Whether one server gave two pages: a name that it does not host gets its default one, and no like transfer.

    Only the site itself is asked for one URL under both: our echo's downloads name each their own host, and have the
    same bytes whatever part of them came.
    """
    if (one.ask.address, one.ask.url) != (other.ask.address, other.ask.url):
        return False
    mine, theirs = (trial.fetch.page if trial.fetch is not None else None for trial in (one, other))
    if mine is None or theirs is None or not mine.body_sha256 or not theirs.body_sha256:
        return False
    return not alike(mine, theirs)


def _rates(streams: Iterable[Stream]) -> list[float]:
    return [stream.rate for stream in streams]
