"""Networks for the `hops` experiment: paths of drawn length with one censor between two hops, and innocent ones.

`CASES` is what the bench counts (tests/bench/hops.py), what the pure lab is asked in unit tests, and of which
tests/lab/test_hops.py takes a sample to real packets. Loss is 5 % of link time in bursts, as the bar has it.
"""

from __future__ import annotations

import functools
import random

import msgspec

from hushmap.catalog import fingerprints
from hushmap.detect import judge
from hushmap.lab.pure.folder import KeptRun
from hushmap.lab.pure.loop import run
from hushmap.lab.pure.running import World, plan_of
from hushmap.lab.scenario import Scenario, parse_scenario
from hushmap.model import Knowledge, Record, Target, Verdict
from hushmap.runner import carry_out

NAME, FOUR, SIX = "cut.example", "198.51.100.20", "2001:db8:2::20"
_NETWORK = """
name = "hops"
baselines = ["www.baseline-a.example", "www.baseline-b.example"]
scale = 5.0
[path]
hops = {hops}
delay_ms = {delay}
loss = {loss}
{path}
{censor}
[[site]]
name = "www.baseline-a.example"
addresses = ["198.51.100.11", "2001:db8:2::11"]
http = "page"
[[site]]
name = "www.baseline-b.example"
addresses = ["198.51.100.12", "2001:db8:2::12"]
http = "page"
[[site]]
name = "{name}"
addresses = ["{address}"]
http = "page"
{site}
[[expect]]
target = "{target}"
outcomes = ["ok"]
"""
_CENSOR = '[[censor]]\nkind = "{kind}"\nat = {at}\nnames = ["{name}"]\n{more}'
_FORGED = 'addresses = ["203.0.113.66"]\n'


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of network."""

    name: str
    kind: str = ""
    """Of its censor; none: innocent."""
    more: str = ""
    """Further lines of the censor."""
    path: str = ""
    """Lines of the path; `AT` and `NEXT` are the hops on both sides of the censor."""
    site: str = ""
    whole: str = ""
    """A censor's entry in full, that names an address."""
    scheme: str = "https"
    address: str = FOUR
    delay: float = 20.0
    wide: tuple[int, int] = (0, 1)
    """The right link begins so far from the censor's hop, and ends so far."""
    outcome: str = "blocked"
    link: bool = True
    """Whether a link must be said."""
    hard: bool = False
    """Contacts may be used up before it is decided; what is said must be right all the same."""


def silent(hop: str) -> str:
    """A router that never answers."""
    return f"[[path.router]]\nhop = {hop}\nsilent = true\n"


def limited(hop: str) -> str:
    """A router that tells of two expired packets in a second."""
    return f"[[path.router]]\nhop = {hop}\nicmp_per_s = 2.0\nicmp_burst = 1.0\n"


_TAP = "on_path = true\n"
_ADDRESS = f'addresses = ["{FOUR}"]\n'
CASES = (
    Case(name="SNI, dropped in the path", kind="sni-drop"),
    Case(name="SNI, dropped, IPv6", kind="sni-drop", address=SIX),
    Case(name="SNI, reset in the path", kind="sni-reset"),
    Case(name="SNI, reset beside it", kind="sni-reset", more=_TAP),
    Case(name="SNI, reset beside it, IPv6", kind="sni-reset", more=_TAP, address=SIX),
    Case(name="SNI, reset, remembered for 30 s", kind="sni-reset", more=_TAP + "residual_s = 6.0\n"),
    Case(name="SNI, closed", kind="sni-close", more=_TAP),
    Case(name="SNI, alert", kind="sni-alert"),
    Case(name="Host, reset", kind="host-reset", more=_TAP, scheme="http"),
    Case(name="Host, dropped", kind="host-drop", scheme="http"),
    Case(name="Host, block page", kind="block-page", scheme="http"),
    Case(name="DNS, injected", kind="dns-injection", more=_TAP + _FORGED),
    Case(name="a silent hop behind the drop", kind="sni-drop", path=silent("NEXT"), wide=(0, 2), hard=True),
    Case(name="a silent hop before the drop", kind="sni-drop", path=silent("AT"), wide=(-1, 1), hard=True),
    Case(name="a silent hop behind the reset", kind="sni-reset", path=silent("NEXT")),
    Case(name="limited errors behind the drop", kind="sni-drop", path=limited("NEXT"), hard=True),
    Case(name="DNS, injected with the packet's TTL", kind="dns-injection", more=_TAP + _FORGED + "mirror = 1\n",
         link=False),
    Case(name="innocent", outcome="ok"),
    Case(name="innocent, far", outcome="ok", delay=150.0),
    Case(name="innocent, IPv6", outcome="ok", address=SIX),
    Case(name="innocent, nobody but it is served", outcome="ok", site="strict_sni = true"),
    Case(name="its server resets this country", outcome="unreachable", site='geo = "reset"', link=False),
    Case(name="its server alerts this country", outcome="unreachable", site='geo = "alert"', link=False),
    Case(name="its server ignores this country", outcome="unreachable", link=False,
         whole=f'[[censor]]\nkind = "geo-syn-drop"\n{_ADDRESS}'),
    Case(name="its server refuses", outcome="insufficient", site='https = "refused"', link=False),
    Case(name="nobody is at home", outcome="insufficient", site=f'dead = ["{FOUR}"]', link=False),
    Case(name="address, dropped", outcome="unreachable",
         whole=f'[[censor]]\nkind = "address-drop"\nat = AT\n{_ADDRESS}'),
    Case(name="address, SYN reset", outcome="unreachable",
         whole=f'[[censor]]\nkind = "syn-reset"\nat = AT\n{_TAP}{_ADDRESS}'),
)  # fmt: skip


def drawn(case: Case, seed: int, *, loss: float = 0.05) -> tuple[Scenario, int, int]:
    """A network of this kind, after how many hops its censor stands, and how many hops there are."""
    chance = random.Random(f"{seed} way")
    hops = chance.randint(6, 14)
    at = chance.randint(2, hops - 3)
    censor = _CENSOR.format(kind=case.kind, at=at, name=NAME, more=case.more) if case.kind else case.whole
    text = _NETWORK.format(
        hops=hops, delay=case.delay, loss=loss, path=case.path, censor=censor, name=NAME, address=case.address,
        site=case.site, target=f"{case.scheme}://{NAME}/",
    )  # fmt: skip
    return parse_scenario(text.replace("NEXT", f"{at + 1}").replace("AT", f"{at}")), at, hops


class NoRecordError(RuntimeError):
    """A run ended without a record; its text is why."""


def traced(scenario: Scenario, seed: int, known: Knowledge) -> tuple[Record, Verdict]:
    """The target of a scenario, asked by `hops` in the pure lab, by the product's own runner.

    Raises:
        NoRecordError: The run ended before there was one.
    """

    async def measured() -> KeptRun:
        world, kept = World(scenario, seed), KeptRun()
        plan = plan_of(scenario, seed, known)
        targets = tuple(Target(experiment="hops", text=target.text, category="MISC") for target in plan.targets)
        ended = await carry_out(
            msgspec.structs.replace(plan, targets=targets), net=world.wires, clock=world.clock, folder=kept,
            on_event=lambda _: None, network=world.where, exclude=_Nothing(), has_fired=lambda _: False,
        )  # fmt: skip
        if not kept.sealed:
            raise NoRecordError(ended.reason)
        return kept

    (record,) = run(measured()).sealed
    return record, judge(record, known)


@functools.cache
def case_run(name: str, seed: int = 5) -> tuple[Record, Verdict, int]:
    """One seed of a case, measured once for all tests: record, verdict, and the censor's hop."""
    case = next(case for case in CASES if case.name == name)
    scenario, at, _ = drawn(case, seed)
    return *traced(scenario, seed, fingerprints([])), at


class _Nothing:
    """Excludes nothing."""

    def hit(self, _text: str) -> bool:
        """Whether a text holds an excluded term."""
        return False


def right(case: Case, verdict: Verdict, at: int) -> bool:
    """Whether the verdict is this case's own, with exactly the right link where one must be said."""
    if case.hard and verdict.outcome == "insufficient":
        return True
    if verdict.outcome != case.outcome:
        return False
    if case.outcome == "ok":
        return "hop_from" not in verdict.facts
    link = (verdict.facts.get("hop_from"), verdict.facts.get("hop_to"))
    if not case.link:  # at the target's own door, or nowhere
        return link[1] is None or link[1] == verdict.facts.get("hops")
    return link == (f"{at + case.wide[0]}", f"{at + case.wide[1]}")


def contacts(record: Record) -> int:
    """Attempts from here whose packets showed the name."""
    here = (trial for trial in record.trials if trial.side == "here")
    named = (trial for trial in here if trial.role != "baseline" and trial.ask.layer != "tcp" and trial.sent)
    return sum(1 for _ in named)
