"""Reads a scenario: the path, the censors, the sites, and what the tool must say about each.

A scenario is data plus an expectation (STYLE 4.14), one TOML file a person can read. Every mistake in it is one
line that names the file and the place, because a lab that ignores a misspelt censor stops censoring in silence
(STYLE 5.2).
"""

import difflib
import tomllib
from pathlib import Path

import msgspec

from hushmap.lab.censors import catalogue
from hushmap.lab.censors.catalogue import RESOLVER_KINDS, SERVER_KINDS
from hushmap.lab.censors.parameters import Censor
from hushmap.lab.scenario_client import Change, ClientSettings, HelperSettings, client_faults
from hushmap.lab.scenario_doors import Door, door_faults
from hushmap.lab.scenario_draw import Draw, filled, ranges
from hushmap.lab.scenario_path import PathSettings, path_faults
from hushmap.lab.scenario_platform import PlatformSettings, platform_faults
from hushmap.lab.scenario_sites import Site, site_faults
from hushmap.model import Encoding, Outcome, Place, Scope, mechanism_known
from hushmap.wire import carrying

__all__ = [
    "RESOLVER_KINDS",
    "SERVER_KINDS",
    "Censor",
    "Expectation",
    "Outage",
    "PathSettings",
    "Scenario",
    "ScenarioError",
    "load_scenario",
    "parse_scenario",
    "scenario_path",
    "shipped_scenarios",
]


class ScenarioError(ValueError):
    """A scenario that cannot be read, in one line with its file and place."""


class Outage(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename={"start": "from"}):
    """The client's line is dead, in seconds since its first packet."""

    start: float
    to: float


class Expectation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the tool must say of one target."""

    target: str
    place: Place | None = None
    """For words; a target without one is a site."""
    encoding: Encoding | None = None
    """How the word is written there; none: as is usual in that place."""
    outcomes: tuple[Outcome, ...]
    """Any of these is right."""
    mechanisms: tuple[str, ...] = ()
    """One of these must be among the verdict's; none given: not looked at."""
    scope: Scope | None = None
    """What of the target the verdict must say is affected; none given: not looked at."""
    experiment: str = "web"
    """By which experiment a target is measured; a word, unless it is said, by `keyword`."""
    needs: str = ""
    """The experiment that it takes and that is not built yet, or the extra that is missing: listed, not counted."""
    unsaid: bool = False
    """The run may end, or not begin, before anything is said of it: that is right too."""
    category: str = ""
    canary: bool = False
    reason: str = ""
    """What the case is."""

    @property
    def where(self) -> str | None:
        """A word's place and encoding, as records and reports name them."""
        return f"{self.place}/{self.encoding}" if self.encoding else self.place

    @property
    def asked_by(self) -> str:
        """The experiment that it is measured by."""
        return "keyword" if self.place is not None and self.experiment == "web" else self.experiment

    def accused_by(self, outcome: Outcome) -> bool:
        """Whether this outcome says more against the network than is true: a false alarm."""
        allowed = set(self.outcomes)
        if outcome is Outcome.BLOCKED:
            return Outcome.BLOCKED not in allowed
        return outcome is Outcome.UNREACHABLE and not {Outcome.BLOCKED, Outcome.UNREACHABLE} & allowed


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A simulated network with a known truth."""

    name: str
    title: str = ""
    scale: float = 5.0
    """Divides every waiting time of the tool (METHOD 3); printed with the result."""
    deck: str = ""
    """What `hushmap run` is given."""
    baselines: tuple[str, ...] = ()
    """Harmless names, the deck's own; by reaching them the helper knows that it is online."""
    helper: HelperSettings = HelperSettings()
    client: ClientSettings = ClientSettings()
    change: tuple[Change, ...] = ()
    path: PathSettings = PathSettings()
    outage: tuple[Outage, ...] = ()
    censor: tuple[Censor, ...] = ()
    site: tuple[Site, ...] = ()
    door: tuple[Door, ...] = ()
    """Ports that are no web servers."""
    platform: tuple[PlatformSettings, ...] = ()
    """Sites on which people search and write."""
    expect: tuple[Expectation, ...] = ()
    draws: tuple[Draw, ...] = ()
    """The values that were written as ranges; until `drawn` they have their middle."""

    def drawn(self, seed: int) -> "Scenario":
        """The same scenario with the values of this seed in the places of its ranges."""
        if not self.draws:
            return self
        values = [(draw, draw.value(self.name, seed)) for draw in self.draws]
        whole = msgspec.convert(filled(msgspec.to_builtins(self), values), Scenario)
        return msgspec.structs.replace(whole, draws=())

    def uncensored(self) -> "Scenario":
        """Its twin: the same network, sites and troubles without any censor."""
        return msgspec.structs.replace(
            self,
            censor=tuple(censor for censor in self.censor if censor.kind in SERVER_KINDS),
            draws=tuple(draw for draw in self.draws if draw.where[0] != "censor"),
        )

    def quiet(self) -> "Scenario":
        """The same network with neither loss nor outage, for tests of what it does rather than of luck."""
        return msgspec.structs.replace(self, path=msgspec.structs.replace(self.path, loss=0.0), outage=())


def scenario_path(name: str) -> Path:
    """The file of a shipped scenario, or `name` itself if it is a path."""
    if name.endswith(".toml"):
        return Path(name)
    return Path(__file__).with_name("scenarios") / f"{name}.toml"


def shipped_scenarios() -> dict[str, Path]:
    """The file of every shipped scenario, by name."""
    folder = scenario_path("demo").parent
    return {path.relative_to(folder).with_suffix("").as_posix(): path for path in sorted(folder.rglob("*.toml"))}


def load_scenario(name: str) -> Scenario:
    """Read a scenario by name or path; `ScenarioError`, one line, if it is wrong."""
    path = scenario_path(name)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ScenarioError(f"{path}: cannot be read: {error.strerror}; {_shipped(path)}") from error
    except UnicodeDecodeError as error:
        raise ScenarioError(f"{path}: is not UTF-8 at byte {error.start}; save it as UTF-8") from error
    return parse_scenario(text, str(path))


def _shipped(path: Path) -> str:
    """The shipped scenario that was perhaps meant, or all of them."""
    folder, names = scenario_path("demo").parent, shipped_scenarios()
    meant = path.relative_to(folder).with_suffix("").as_posix() if path.is_relative_to(folder) else path.stem
    near = difflib.get_close_matches(meant, names, n=1)
    return f"did you mean {near[0]}?" if near else f"shipped are: {', '.join(sorted(names))}"


def parse_scenario(text: str, where: str = "scenario") -> Scenario:
    """Read a scenario's text; `where` begins every message."""
    try:
        table = tomllib.loads(text)
        draws = ranges(table)
        scenario = msgspec.convert(filled(table, [(draw, draw.middle) for draw in draws]), Scenario)
        scenario = msgspec.structs.replace(scenario, draws=tuple(draws))
    except (ValueError, msgspec.ValidationError) as error:
        raise ScenarioError(f"{where}: {error}; see scenarios/demo.toml for a whole one") from error
    for fault in _faults(scenario):
        raise ScenarioError(f"{where}: {fault}")
    return scenario


def _faults(scenario: Scenario) -> list[str]:
    """What the types cannot say; the first is reported."""
    path = scenario.path
    faults = list(path_faults(path))
    if scenario.scale < 1:
        faults.append("scale: a lab may hurry, not dawdle; take 1 or more")
    faults += [
        f"[[outage]] {number}: `to` must lie after `from`"
        for number, outage in enumerate(scenario.outage, 1)
        if outage.to <= outage.start
    ]
    faults += site_faults(scenario.site) + client_faults(scenario.client, scenario.change)
    faults += door_faults(scenario.door)
    faults += platform_faults(scenario.platform, frozenset(site.name for site in scenario.site))
    for number, censor in enumerate(scenario.censor, 1):
        place = f"[[censor]] {number} ({censor.kind})"
        if not 0 <= censor.at <= path.hops:
            faults.append(f"{place}: at {censor.at} is not among the {path.hops} hops")
        faults += [f"{place}: {fault}" for fault in catalogue.faults(censor)]
    for expect in scenario.expect:
        place = f"[[expect]] {expect.target}"
        faults += [
            f"{place}: no mechanism is called {name}" for name in expect.mechanisms if not mechanism_known(name)
        ]
        if expect.encoding and not expect.place:
            faults.append(f"{place}: encoding means nothing without place")
        if expect.place and (unfit := carrying.unfit(expect.target, expect.place, expect.encoding)):
            faults.append(f"{place}: {unfit}")
        if not expect.outcomes:
            faults.append(f"{place}: needs outcomes")
    return faults
