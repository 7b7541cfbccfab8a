"""What other runs saw of the same target, and which of it may stand beside a record.

A naive comparison accuses innocents: a server that refuses one network or a whole country, a content network that
answers each country from another address, a volunteer whose own line is cut or whose clock is wrong, a site that was
down in between. So a view counts only if it is from a network known to be another one, whose own checks held, about
the very same question, and within the time that a rule asks for; an address speaks for no other address; and a place
where the target is itself blocked is no witness that it is down.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property

from hushmap.model import Layer, Outcome, PeerView, Record, Role, Side, Trial, Visit
from hushmap.sampling import F0_CEILING

FRESH = 600.0
"""Seconds within which a comparison point was asked (METHOD 1, `down`)."""
SAME_HOUR = 3600.0
"""Seconds within which another network reached the address (METHOD 1, address-level failures)."""
ROUNDING = 1.0
"""Seconds by which a time is cut when it is written."""
PRECISION = "time_precision"
"""The annotation of a reduced copy whose times were cut more coarsely."""
_COARSE = {"minute": 60.0, "hour": 3600.0, "day": 86400.0}
_NO_WITNESS = frozenset({Outcome.BLOCKED, Outcome.UNREACHABLE, Outcome.DEGRADED, Outcome.SERVER_SIDE})
"""Where a record says so its failures are about its place: it works elsewhere, or the server itself speaks."""


def zero_of(record: Record) -> tuple[float, float] | None:
    """The earliest and the latest UTC second that t = 0 of a record's steps may have been; `None`: not known."""
    try:
        began = datetime.strptime(record.run_started, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None
    precision = record.annotations.get(PRECISION)
    width = ROUNDING if precision is None else _COARSE.get(precision, _COARSE["day"])
    earliest = began + (record.context.clock_offset or 0.0)
    return earliest, earliest + width


def peer_view(record: Record, outcome: Outcome) -> PeerView | None:
    """What may be compared of another run's record, whose own outcome is known; `None` if its time is not."""
    zero = zero_of(record)
    if zero is None:
        return None
    context, vantage = record.context, record.vantage
    rounds, bad = context.sentinels
    return PeerView(
        record=record.id,
        run=record.run,
        experiment=record.experiment,
        target=record.target,
        country=vantage.country,
        asn=vantage.asn,
        network=vantage.network,
        outcome=outcome,
        sound=rounds > bad and not (context.portal or context.intercepted),
        noisy=context.f0 > F0_CEILING,
        clock=context.clock_offset is not None,
        scale=context.scale,
        began=record.run_started,
        width=zero[1] - zero[0],
        visits=tuple(_visit(trial, zero) for trial in record.counted if _is_visit(trial)),
    )


def _is_visit(trial: Trial) -> bool:
    ask = trial.ask
    load = ask.layer is Layer.HTTP and ask.url is not None and ask.address is not None and ask.hello is None
    return load and trial.side is Side.HERE and trial.role is not Role.BASELINE and trial.changed not in _CHANGED


_CHANGED = frozenset({"host", "path", "notice"})
"""Page loads that asked for something else than the page, or toward somewhere else."""


def _visit(trial: Trial, zero: tuple[float, float]) -> Visit:
    failed, shown, fetch = trial.failed, trial.handshake, trial.fetch
    return Visit(
        url=trial.ask.url or "",
        address=trial.ask.address or "",
        earliest=zero[0] + trial.t0,
        latest=zero[1] + trial.t,
        step=None if failed is None else step_of(failed),
        failure=None if failed is None else failed.failure,
        valid=None if shown is None else shown.valid,
        leaf=shown.chain[0].sha256 if shown is not None and shown.chain else None,
        page=fetch.page if failed is None and fetch is not None else None,
    )


def step_of(step: object) -> str:
    """A step's name: what failed there and here is compared by it."""
    return type(step).__name__.lower()


class Peers:
    """The views that may stand beside one record, on the record's own clock."""

    def __init__(self, record: Record | None = None, views: Iterable[PeerView] = ()) -> None:
        self._zero = None if record is None else zero_of(record)
        self._began = "" if record is None else record.run_started
        self._scale = 1.0 if record is None else record.context.scale
        self.country = None if record is None else record.vantage.country
        self.clock = record is not None and record.context.clock_offset is not None
        """Whether our own clock was compared with a helper's."""
        self.views: tuple[PeerView, ...] = ()
        if record is not None and self._zero is not None:
            self.views = tuple(view for view in views if why_not(record, view) is None)

    def apart(self, visit: Visit, trials: Iterable[Trial]) -> float:
        """The most seconds that may lie between a visit there and any of some trials here."""
        assert self._zero is not None, "without a time no view counts"
        early, late = self._zero
        spans = [(early + trial.t0, late + trial.t) for trial in trials]
        far = max(max(visit.latest - start, end - visit.earliest) for start, end in spans)
        return far * self._scale

    def meanwhile(self, visits: Iterable[Visit], trials: list[Trial]) -> bool:
        """Whether what failed here all along was surely seen working in between, or both before and after."""
        assert self._zero is not None, "without a time no view counts"
        early, late = self._zero
        first, last = min(trial.t for trial in trials), max(trial.t0 for trial in trials)
        before = after = False
        for visit in visits:
            if visit.earliest >= late + first and visit.latest <= early + last:
                return True
            before |= visit.latest <= early + first
            after |= visit.earliest >= late + last
        return before and after

    def visits(self, url: str, trials: Iterable[Trial], within: float = FRESH) -> list[tuple[PeerView, Visit]]:
        """The page loads of `url` by views that count, each near enough to all of some trials here.

        Where a reduced copy tells no more than the hour, the same hour is the one that it tells.
        """
        near = [*trials]
        return [
            (view, visit)
            for view in self.views
            for visit in view.visits
            if visit.url == url and near and self.apart(visit, near) <= within + self._told(view, within)
        ]

    def _told(self, view: PeerView, within: float) -> float:
        """Seconds by which times may be further apart than `within`, for being told by the hour."""
        assert self._zero is not None, "without a time no view counts"
        width = max(view.width, self._zero[1] - self._zero[0])
        same = view.began == self._began and within == SAME_HOUR
        return width * self._scale if same and width <= SAME_HOUR else 0.0

    @cached_property
    def abroad(self) -> frozenset[str]:
        """Records of views from a country known to be another one: not behind the same censor."""
        known = (view for view in self.views if view.country is not None and self.country is not None)
        return frozenset(view.record for view in known if view.country != self.country)

    @cached_property
    def at_home(self) -> frozenset[str]:
        """Records of views from the same country."""
        return frozenset(view.record for view in self.views if view.country and view.country == self.country)


ALONE = Peers()
"""No other run."""


class WhyNot(StrEnum):
    """Why another run's record is not compared with one at all."""

    QUESTION = "question"
    """It asked something else, or is of the same run."""
    SAME_NETWORK = "same_network"
    UNKNOWN_NETWORK = "unknown_network"
    """One of the two has no AS number, and what is not known to be another network is not taken for one."""
    NOT_SOUND = "not_sound"
    """Its own line was not seen to work, or somebody else answered there in the network's place."""
    NO_CLOCK = "no_clock"
    """No helper's clock was there to compare its own with."""
    SCALE = "scale"
    """One of them is a lab's whose seconds are others."""


def why_not(record: Record, view: PeerView) -> WhyNot | None:
    """Why a view may not be compared; `None`: it may, as far as its times allow."""
    if view.run == record.run or (view.experiment, view.target) != (record.experiment, record.target):
        return WhyNot.QUESTION
    if view.asn is None or record.vantage.asn is None:
        return WhyNot.UNKNOWN_NETWORK
    if view.asn == record.vantage.asn:
        return WhyNot.SAME_NETWORK
    if not view.sound:
        return WhyNot.NOT_SOUND
    if not view.clock:
        return WhyNot.NO_CLOCK
    return None if view.scale == record.context.scale else WhyNot.SCALE


def works(view: PeerView, visit: Visit) -> bool:
    """Whether the site itself answered there: a valid certificate, or in the clear what its own helper got too."""
    if visit.step is not None or visit.page is None:
        return False
    return visit.valid is True if visit.url.startswith("https:") else view.outcome is Outcome.OK


def witness(view: PeerView, visit: Visit) -> bool:
    """Whether a failure there may say that the site is down, and not that it is kept from that place too."""
    return visit.failure is not None and not view.noisy and view.outcome not in _NO_WITNESS
