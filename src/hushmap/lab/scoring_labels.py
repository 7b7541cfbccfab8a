"""One lab of a score: a scenario as it is measured, and the words that name it.

A label says everything that a lab follows from (scenario, line, family, censors or none, seed), so that a wrong row
can be measured again by itself with nothing but what the score printed.
"""

import re
from pathlib import Path

import msgspec

from hushmap.lab.scenario import Scenario, ScenarioError
from hushmap.lab.scoring_variants import NOISES
from hushmap.model import Outcome

START_S = 8.0
"""A lab with its helper, the consent and the product's own start take about this long on two busy cores."""
FINE_S = 0.6
"""Guessed of a target that is fine; only order, time-outs and what is said to be left hang on it."""
ODD_S = 20.0
"""Guessed of one that is not, at full scale: pairs lie apart, and an address rests after a failure (METHOD 3)."""
LONG_S = {"residual": 1500.0}
"""Guessed of a target whose experiment waits by its nature, at full scale: after each trigger an address rests."""
TIMEOUT_S = 720.0
"""On top of thrice what was guessed: a lab that takes longer hangs. Words on a harsh line may take 900 s."""
GIVES_UP_S = 700.0
"""The product waits ten minutes for a network that is lost, at full scale (METHOD 3)."""
_SLOWER = {"clean": 1.0, "mild": 1.2, "harsh": 1.8}
"""How much longer a lab took on each line."""
_IPV6, _UNCENSORED = "ipv6", "uncensored"
_LABEL = re.compile(rf"(.+) ({'|'.join(NOISES)})( {_IPV6})?( {_UNCENSORED})? seed (\d+)", re.ASCII)


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One lab: a scenario as it is measured, with what was done to it."""

    name: str
    """The scenario's, as it was asked for."""
    scenario: Scenario
    noise: str = "clean"
    family: str = "own"
    """`own`: the scenario's addresses; `ipv6`: its IPv4-only sites moved."""
    twin: bool = False
    """Without its censors."""
    seed: int = 1

    @property
    def label(self) -> str:
        """In which lab, in words."""
        return str(Label(name=self.name, noise=self.noise, family=self.family, twin=self.twin, seed=self.seed))

    @property
    def folder(self) -> str:
        """The same as a file name."""
        return self.label.replace(" ", "-").replace("/", "-")

    @property
    def guess_s(self) -> float:
        """About how long it takes."""
        odd = sum(set(expect.outcomes) != {Outcome.OK} for expect in self.scenario.expect)
        waits = sum(outage.to - outage.start for outage in self.scenario.outage)
        lost = any(change.kind == "lost" for change in self.scenario.change)
        waits += (GIVES_UP_S if lost else odd * ODD_S) / self.scenario.scale
        waits += sum(LONG_S.get(expect.experiment, 0.0) for expect in self.scenario.expect) / self.scenario.scale
        return START_S + (len(self.scenario.expect) * FINE_S + waits) * _SLOWER[self.noise]

    @property
    def timeout_s(self) -> float:
        """After this it is an error."""
        return TIMEOUT_S + 3 * self.guess_s + GIVES_UP_S / self.scenario.scale


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """What a lab is called: `NAME LINE [ipv6] [uncensored] seed N`."""

    name: str
    noise: str
    family: str
    twin: bool
    seed: int

    def __str__(self) -> str:
        more = [word for word, said in ((_IPV6, self.family == _IPV6), (_UNCENSORED, self.twin)) if said]
        return " ".join([self.name, self.noise, *more, "seed", str(self.seed)])


def read_label(text: str) -> Label:
    """The label that was printed.

    Raises:
        ScenarioError: It is none.
    """
    found = _LABEL.fullmatch(text)
    if found is None:
        raise ScenarioError(f"{text!r} is no lab's name: NAME {'|'.join(NOISES)} [ipv6] [uncensored] seed N")
    name, noise, six, bare, seed = found.groups()
    return Label(name=name, noise=noise, family=_IPV6 if six else "own", twin=bare is not None, seed=int(seed))


def shown_name(name: str) -> str:
    """A shipped scenario's own name; of a file the last part, as a path of this machine says nothing elsewhere."""
    return Path(name).stem if name.endswith(".toml") else name
