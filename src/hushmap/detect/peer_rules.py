"""Rules about a page load that look at other volunteers' runs; without such a run none of them matches.

They add what METHOD 1 allows and nothing else: a second comparison point for `down`, another network of the same
country for an address, and a comparison where there was no helper. Where comparison points differ nothing is decided.
"""

import msgspec

from hushmap.detect.doubt import same_class, same_elsewhere
from hushmap.detect.failing import fails_here, newest_failures
from hushmap.detect.lookup import unknown_alike
from hushmap.detect.peers import FRESH, SAME_HOUR, step_of, witness, works
from hushmap.detect.ruling import Rule, Ruling
from hushmap.detect.sight import Leg
from hushmap.model import Evidence, Outcome, PeerView, Reason, Scope, Side, Trial, Visit, Where
from hushmap.sampling import Decision

ENOUGH = 2
"""Comparison points, in as many networks and countries, that make `down` firm where one alone may be refused too."""

AT_ONCE = 5.0
"""Seconds in which a server that goes down once a day does so 6 times in 100,000: far below the error budget of a
target (METHOD 3)."""


def _working(leg: Leg, trials: list[Trial], within: float = FRESH) -> list[tuple[PeerView, Visit]]:
    return [found for found in leg.peers.visits(leg.url, trials, within) if works(*found)]


def _differ(leg: Leg) -> Ruling | None:
    """The helper met the same failure, and another volunteer the site itself."""
    failures = newest_failures(leg)
    alike = [trial for trial in failures if same_elsewhere(leg, trial)]
    if not alike and not (not failures and unknown_alike(leg)):
        return None
    found = _working(leg, failures or leg.here)
    if not found or leg.helper_loads:
        return None
    return Ruling(
        outcome=Outcome.INSUFFICIENT,
        reason=Reason.POINTS_DIFFER,
        proof=tuple(trial.id for trial in alike),
        hits=(len(failures), len(failures)),
        views=_records(found),
    )


def _down(leg: Leg) -> Ruling | None:
    """METHOD 1: the same class of failure at every comparison point asked, two of them in two networks and countries.

    A volunteer of the same country may be behind the same censor, so it is no comparison point for this.
    """
    failures = newest_failures(leg)
    seen = leg.peers.visits(leg.url, failures)
    if not failures or leg.helper_loads or any(works(*found) for found in seen):
        return None
    agree = [
        (view, visit)
        for view, visit in seen
        if view.record in leg.peers.abroad and leg.peers.clock and witness(view, visit)
    ]
    alike = [(view, visit) for view, visit in agree if any(_same(visit, trial) for trial in failures)]
    asked = [trial for trial in failures if leg.last(trial.ask.address or "", Side.HELPER) is not None]
    if len(alike) < len(agree) or not all(same_elsewhere(leg, trial) for trial in asked):
        return None
    helper = 1 if asked and leg.helper_online else 0
    if helper + len({view.country for view, _ in alike}) < ENOUGH:
        return None
    return Ruling(
        outcome=Outcome.DOWN,
        evidence=Evidence.COMPARISON,
        where=Where.SERVER,
        proof=tuple(trial.id for trial in failures),
        facts={"points": f"{helper + len({view.asn for view, _ in alike})}"},
        hits=(len(failures), len(failures)),
        views=_records(alike),
    )


def _same(visit: Visit, trial: Trial) -> bool:
    """Whether the same step of a load from the same address failed in the same way."""
    failed = trial.failed
    here = failed is not None and visit.address == trial.ask.address and visit.step == step_of(failed)
    return here and failed is not None and same_class(visit.failure, failed.failure)


def _address(leg: Leg) -> Ruling | None:
    """METHOD 1: a peer on another network of the same country reaches the address in the same hour.

    The server may have been down in between: so the helper must have reached it in the same seconds in which it
    failed here, or that network while it failed here, or both before and after.
    """
    ruling = fails_here(leg) if leg.helper_loads and leg.peers.clock else None
    test = None if ruling is None else ruling.test
    if ruling is None or test is None or test.changed != "address" or test.decision is not Decision.INTERFERED:
        return None
    address, hits = test.subject.address or "", [*test.hit_trials]
    there = [
        (view, visit)
        for view, visit in _working(leg, hits, SAME_HOUR)
        if view.record in leg.peers.at_home and visit.address == address
    ]
    up = _up(leg, address) or leg.peers.meanwhile([visit for _, visit in there], hits)
    named = ruling.mechanisms and ruling.mechanisms[0].startswith(("ip.", "tcp."))
    if not there or not named or not up:
        return None
    return msgspec.structs.replace(
        ruling,
        outcome=Outcome.BLOCKED,
        evidence=Evidence.CONTROLLED,
        scope=None if len(leg.addresses) == 1 else Scope.SOME_ADDRESSES,
        facts=ruling.facts | {"addresses": f"1 of {len(leg.addresses)}"} | _named(there),
        views=_records(there),
    )


def _up(leg: Leg, address: str) -> bool:
    """Whether the helper reached the address in the same seconds in which a page load from here failed at it."""
    failed = [trial.t0 for trial in leg.attempts(address) if trial.failed is not None]
    looks = [trial.t0 for trial in leg.helper_loads if trial.ask.address == address]
    return any(abs(one - other) * leg.context.scale <= AT_ONCE for one in failed for other in looks)


def _unreachable(leg: Leg) -> Ruling | None:
    """Fails here, and the same address answered another volunteer in the same minutes; there was no helper to ask."""
    failures = newest_failures(leg)
    if leg.helper_loads or any(same_elsewhere(leg, trial) for trial in failures):
        return None
    ruling = fails_here(leg)
    mine = {trial.ask.address for trial in failures}
    there = [found for found in _working(leg, failures) if found[1].address in mine]
    if ruling is None or not there:
        return None
    return msgspec.structs.replace(ruling, facts=ruling.facts | _named(there), views=_records(there))


def _records(found: list[tuple[PeerView, Visit]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(view.record for view, _ in found))


def _named(found: list[tuple[PeerView, Visit]]) -> dict[str, str]:
    """The facts `peer`, one network by its name, or `peers`, how many there are."""
    networks = {view.asn: view.network for view, _ in found}
    if len(networks) > 1:
        return {"peers": f"{len(networks)}"}
    ((number, name),) = networks.items()
    return {"peer": f"{name} (AS{number})" if name else f"AS{number}"}


DIFFER = Rule(
    id="peers.differ",
    what="The helper met the same failure as here, and another volunteer reached the site in the same minutes.",
    applies=_differ,
)
DOWN = Rule(
    id="peers.down",
    what="The same class of failure at two comparison points or more, in two networks and countries.",
    applies=_down,
)
ADDRESS = Rule(
    id="peers.address",
    what="Its address fails here by pairs, and answered another network of the same country in the same hour.",
    applies=_address,
)
UNREACHABLE = Rule(
    id="peers.unreachable",
    what="It fails here, and the same address answered another volunteer in the same minutes.",
    applies=_unreachable,
)
