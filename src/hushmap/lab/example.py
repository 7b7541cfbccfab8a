"""The plan of the example data: invented networks, what happens in each and when, and what must be said of it.

The scenarios say what a network does; the plan says from when to when, so that a month of runs has beginnings and
ends whose truth is known. It is one TOML file a person can read; a date or a name in it that fits nothing is refused.
"""

import functools
import hashlib
import tomllib
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import msgspec

from hushmap.lab.scenario import Censor, Expectation, Outage, Scenario, ScenarioError, load_scenario
from hushmap.lab.score import addresses_of
from hushmap.model import Outcome

PLAN = Path(__file__).with_name("example.toml")
DAY = timedelta(days=1)
_FOREVER = 1e9
"""Seconds: longer than any run."""


class Window(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename={"start": "from"}):
    """From when to when, the end not included; open where nothing is said."""

    start: datetime | None = None
    to: datetime | None = None
    hours: tuple[int, int] | None = None
    """Only in these hours of each day (UTC), the second not included."""

    def holds(self, at: datetime) -> bool:
        """Whether this moment lies within."""
        if (self.start is not None and at < self.start) or (self.to is not None and at >= self.to):
            return False
        return self.hours is None or self.hours[0] <= at.hour < self.hours[1]


class Down(Window, frozen=True, forbid_unknown_fields=True, kw_only=True, rename={"start": "from"}):
    """A site is down for everyone: a trouble, and no censor's."""

    site: str


class Act(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """When the network's censors act on one name, word or address; without an act they always do."""

    what: str
    windows: tuple[Window, ...] = ()

    def acts(self, at: datetime) -> bool:
        """Whether they do at this moment."""
        return any(window.holds(at) for window in self.windows)


class Network(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, dict=True):
    """One invented network."""

    name: str
    asn: int
    kind: str
    delay_ms: float | None = None
    loss: float | None = None
    act: tuple[Act, ...] = ()
    down: tuple[Down, ...] = ()
    dead: tuple[Window, ...] = ()
    """The line is dead: runs begin, and find nothing out."""
    absent: tuple[Window, ...] = ()
    """The computer is off: no run begins."""


class Country(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, dict=True):
    """One invented country: a scenario as three networks, and the deck of all of them."""

    code: str
    scenario: str
    targets: tuple[str, ...]
    network: tuple[Network, ...]

    @cached_property
    def base(self) -> Scenario:
        """The scenario with the deck's targets and no others."""
        whole = load_scenario(self.scenario)
        expect = tuple(one for one in whole.expect if one.target in self.targets)
        return msgspec.structs.replace(whole, expect=expect)


Whole = Annotated[int, msgspec.Meta(ge=1)]


class Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The whole plan."""

    start: datetime
    days: Whole
    every_h: Whole
    spread_s: Whole
    """A cycle begins up to so late, by a lot of its own."""
    country: tuple[Country, ...]

    @property
    def places(self) -> tuple["Place", ...]:
        """Every network with its country."""
        return tuple(Place(country=country, network=one) for country in self.country for one in country.network)

    def place(self, name: str) -> "Place":
        """One network by its name; KeyError."""
        return {one.network.name: one for one in self.places}[name]


class Place(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A network in its country."""

    country: Country
    network: Network

    @cached_property
    def base(self) -> Scenario:
        """The network without anything that changes; a seed draws once, for a network keeps its boxes."""
        line = {name: value for name in ("delay_ms", "loss") if (value := getattr(self.network, name)) is not None}
        drawn = self.country.base.drawn(self.network.asn)
        return msgspec.structs.replace(drawn, path=msgspec.structs.replace(drawn.path, **line))

    def at(self, moment: datetime) -> Scenario:
        """The network as it is at a moment."""
        network, base = self.network, self.base
        idle = frozenset(act.what for act in network.act if not act.acts(moment))
        down = frozenset(one.site for one in network.down if one.holds(moment))
        sites = tuple(
            msgspec.structs.replace(site, dead=tuple(sorted(site.every_address))) if site.name in down else site
            for site in base.site
        )
        dead = any(window.holds(moment) for window in network.dead)
        return msgspec.structs.replace(
            base,
            censor=tuple(left for censor in base.censor if (left := _without(censor, idle)) is not None),
            site=sites,
            outage=(Outage(start=0.0, to=_FOREVER),) if dead else (),
            expect=tuple(self.expected(expect, moment) for expect in base.expect),
        )

    def expected(self, expect: Expectation, moment: datetime) -> Expectation:
        """What is right to say of a target at a moment."""
        network = self.network
        if any(window.holds(moment) for window in network.dead):
            return msgspec.structs.replace(expect, outcomes=(Outcome.INSUFFICIENT,), mechanisms=(), unsaid=True)
        if any(one.holds(moment) and one.site == _host(expect) for one in network.down):
            return msgspec.structs.replace(expect, outcomes=DOWN, mechanisms=(), scope=None)
        acts = self.acts_on(expect)
        if acts and not any(act.acts(moment) for act in acts):
            return msgspec.structs.replace(expect, outcomes=(Outcome.OK,), mechanisms=(), scope=None)
        return expect

    def misses(self, expect: Expectation) -> bool:
        """Whether a censor of this target overlooks some hits: a run that met none of it says ok, and rightly."""
        return any(censor.misses and self._about(expect, _triggers(censor)) for censor in self.base.censor)

    def acts_on(self, expect: Expectation) -> tuple[Act, ...]:
        """The acts of the plan that are about a target."""
        return tuple(one for one in self.network.act if self._about(expect, (one.what,)))

    def _about(self, expect: Expectation, triggers: Collection[str]) -> bool:
        """Whether one of these names, words or addresses is met when a target is asked for."""
        words = {word for censor in self.base.censor for word in censor.words if word in expect.target}
        return not words.union(addresses_of(expect, self.base), (_host(expect),)).isdisjoint(triggers)


DOWN = (Outcome.DOWN, Outcome.INSUFFICIENT)
"""What may be said of a site that is down for everyone; it takes more than one point elsewhere to say so."""


class Cycle(msgspec.Struct, frozen=True, kw_only=True):
    """One run of a network's deck."""

    network: str
    number: int
    began: datetime

    @property
    def run(self) -> str:
        """Its id, as runs are called."""
        lot = hashlib.sha256(f"{self.network} {self.number}".encode()).hexdigest()[:4]
        return f"{self.began:%Y%m%dT%H%MZ}-{lot}"


def cycles(example: Example, network: Network) -> Iterator[Cycle]:
    """Every run of a network; those that its computer missed are left out."""
    for number in range(planned(example)):
        lot = int.from_bytes(hashlib.sha256(f"{network.name} {number} late".encode()).digest()[:4], "big")
        late = timedelta(seconds=lot % example.spread_s)
        began = example.start + number * timedelta(hours=example.every_h) + late
        if not any(window.holds(began) for window in network.absent):
            yield Cycle(network=network.name, number=number, began=began)


def planned(example: Example) -> int:
    """How many runs each network is to have."""
    return example.days * 24 // example.every_h


@functools.cache
def load_example(path: Path = PLAN) -> Example:
    """Read the plan.

    Raises:
        ScenarioError: It cannot be read, or says something that fits nothing, in one line.
    """
    try:
        example = msgspec.convert(tomllib.loads(path.read_text("utf-8")), Example)
    except (OSError, ValueError) as error:
        raise ScenarioError(f"{path.name}: {error}") from error
    for fault in _faults(example):
        raise ScenarioError(f"{path.name}: {fault}")
    return example


def _faults(example: Example) -> Iterator[str]:
    """What the types cannot say; the first is reported."""
    places = example.places
    told = [(f"name {one.network.name}", f"asn {one.network.asn}") for one in places]
    yield from (f"{what}: stands twice" for what, times in Counter(chain(*told)).items() if times > 1)
    for country in example.country:
        left = set(country.targets) - {one.target for one in country.base.expect}
        yield from (f"{country.code}: {target} is no target of {country.scenario}" for target in sorted(left))
    for one in places:
        known = {text for censor in one.base.censor for text in _triggers(censor)}
        names = {site.name for site in one.base.site}
        acts = [act.what for act in one.network.act]
        yield from (f"{one.network.name}: no censor acts on {what}" for what in acts if what not in known)
        yield from (f"{one.network.name}: {what} stands twice" for what in set(acts) if acts.count(what) > 1)
        yield from (f"{one.network.name}: no site {down.site}" for down in one.network.down if down.site not in names)


def _triggers(censor: Censor) -> tuple[str, ...]:
    """On what a censor acts; addresses only where it forges none."""
    return (*censor.names, *censor.words, *(censor.addresses if censor.kind.startswith("address-") else ()))


def _without(censor: Censor, idle: frozenset[str]) -> Censor | None:
    """A censor that leaves these alone; `None` if nothing is left for it to do."""
    if not idle.intersection(_triggers(censor)):
        return censor
    names, words = (tuple(one for one in told if one not in idle) for told in (censor.names, censor.words))
    addresses = censor.addresses
    if censor.kind.startswith("address-"):
        addresses = tuple(one for one in addresses if one not in idle)
    less = msgspec.structs.replace(censor, names=names, words=words, addresses=addresses)
    return less if _triggers(less) else None


def _host(expect: Expectation) -> str:
    return urlsplit(expect.target).hostname or expect.target
