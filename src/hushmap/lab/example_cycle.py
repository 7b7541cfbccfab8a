"""One run of the example data: the product's own runner on one of its networks, at an invented time."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec

from hushmap.lab.addresses import ISP_RESOLVER
from hushmap.lab.example import Cycle, Example, Place, cycles
from hushmap.lab.pure.running import PureRun, carried_out, plan_of, shipped
from hushmap.model import Vantage
from hushmap.runner import RunPlan

DECLARED = "declared"
SIMULATED = {"simulated": "yes"}
"""Stands in every record, so that none is ever taken for a measurement of a real network."""


def seed_of(place: Place, cycle: Cycle) -> int:
    """The chance of a run; no two runs share one."""
    return place.network.asn * 1000 + cycle.number


def measured(place: Place, cycle: Cycle) -> PureRun:
    """Carry a run out."""
    scenario, seed = place.at(cycle.began), seed_of(place, cycle)
    base = plan_of(scenario, seed, shipped())
    return carried_out(scenario, seed, began=cycle.began, plan=_told(base, place, cycle))


def _told(plan: RunPlan, place: Place, cycle: Cycle) -> RunPlan:
    """The plan of a run of a lab, as this network's own."""
    network = place.network
    facts: dict[str, Any] = {
        "country": place.country.code,
        "asn": network.asn,
        "network": network.name,
        "kind": network.kind,
        "resolver": ISP_RESOLVER,
        "resolver_asn": network.asn,
    }
    return msgspec.structs.replace(
        plan,
        run=cycle.run,
        deck=f"example-{place.country.base.name}",
        vantage=Vantage(**facts, known=dict.fromkeys(facts, DECLARED)),
        annotations=SIMULATED,
    )


def day_of(example: Example, name: str, day: int) -> Iterator[tuple[Cycle, PureRun]]:
    """The runs of one network on one day of the month, from 0."""
    place = example.place(name)
    since = example.start + timedelta(days=day)
    for cycle in cycles(example, place.network):
        if since <= cycle.began < since + timedelta(days=1):
            yield cycle, measured(place, cycle)
