"""What is true of the example data: truth.json, from the plan and from what the simulated networks really did.

A verdict, a rate or an incident that is computed from the records is held against this; nothing that judges reads it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from hushmap.lab.example import Cycle, Down, Example, Place, Window, cycles, planned
from hushmap.lab.pure.running import PureRun
from hushmap.lab.scenario import Expectation
from hushmap.lab.score import concerns
from hushmap.lab.scoring_variants import ACCUSING
from hushmap.model import Outcome

SCHEMA = "hushmap.example-truth/1"


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one cycle."""

    cycle: Cycle
    records: int
    reason: str
    """Why the run ended."""
    acted: tuple[str, ...]
    """Targets on which the simulated network acted."""
    seconds: float
    """Of processor time."""


class Periods(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is right to say of one target, and when."""

    target: str
    within: tuple[Window, ...]
    """When the network acts on it; a window without ends is the whole month, and no window is never."""
    outcomes: tuple[Outcome, ...] = ()
    """Any of these is right within."""
    mechanisms: tuple[str, ...] = ()
    """One of these must be named with them."""
    misses: bool = False
    """The censor overlooks some hits: within, ok is right where it did, and unreachable where it did now and then."""
    otherwise: tuple[Outcome, ...] = (Outcome.OK,)
    """Any of these is right at all other times."""
    cycles: int = 0
    """In how many the simulated network acted on it, by its own log."""
    first: datetime | None = None
    """When the first of those began, and the last."""
    last: datetime | None = None


class NetworkTruth(msgspec.Struct, frozen=True, kw_only=True):
    """One network."""

    name: str
    scenario: str
    country: str
    asn: int
    kind: str
    planned: int
    began: int
    """Cycles that began; the others fall into `absent`."""
    absent: tuple[Window, ...]
    """The computer was off: nothing is known, and that is no zero."""
    dead: tuple[Window, ...]
    """The line was dead: no target can be decided."""
    down: tuple[Down, ...]
    """A site was down for everyone: no network did that."""
    targets: tuple[Periods, ...]


class Truth(msgspec.Struct, frozen=True, kw_only=True):
    """The whole file."""

    schema: str = SCHEMA
    simulated: bool = True
    start: datetime
    days: int
    every_h: int
    networks: tuple[NetworkTruth, ...]


def happened(place: Place, cycle: Cycle, run: PureRun) -> Happened:
    """What the simulated network did in one run."""
    scenario = place.at(cycle.began)
    acted = tuple(
        expect.target for expect in scenario.expect if any(concerns(event, expect, scenario) for event in run.truth)
    )
    return Happened(
        cycle=cycle, records=len(run.judged), reason=run.ended.reason, acted=acted, seconds=round(run.seconds, 3)
    )


def truth(example: Example, done: Iterable[Happened]) -> Truth:
    """The file."""
    known: dict[str, list[Happened]] = {}
    for one in done:
        known.setdefault(one.cycle.network, []).append(one)
    return Truth(
        start=example.start,
        days=example.days,
        every_h=example.every_h,
        networks=tuple(_network(example, place, known.get(place.network.name, [])) for place in example.places),
    )


def _network(example: Example, place: Place, done: Sequence[Happened]) -> NetworkTruth:
    network = place.network
    return NetworkTruth(
        name=network.name,
        scenario=place.country.base.name,
        country=place.country.code,
        asn=network.asn,
        kind=network.kind,
        planned=planned(example),
        began=sum(1 for _ in cycles(example, network)),
        absent=network.absent,
        dead=network.dead,
        down=network.down,
        targets=tuple(periods(place, expect, done) for expect in place.base.expect),
    )


def periods(place: Place, expect: Expectation, done: Sequence[Happened] = ()) -> Periods:
    """What is true of one target over the month."""
    at = [one.cycle.began for one in done if expect.target in one.acted]
    seen = Periods(
        target=expect.target, within=(), cycles=len(at), first=min(at, default=None), last=max(at, default=None)
    )
    if not ACCUSING.intersection(expect.outcomes):
        return msgspec.structs.replace(seen, otherwise=expect.outcomes)
    told = place.acts_on(expect)
    return msgspec.structs.replace(
        seen,
        within=tuple(window for act in told for window in act.windows) if told else (Window(),),
        outcomes=expect.outcomes,
        mechanisms=expect.mechanisms,
        misses=place.misses(expect),
    )
