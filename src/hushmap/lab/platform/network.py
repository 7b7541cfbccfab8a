"""A network without a censor in which the platform stands: whatever is hidden there, the platform itself hides it."""

from hushmap.lab.scenario import Scenario
from hushmap.lab.scenario_path import PathSettings
from hushmap.lab.scenario_platform import PlatformSettings
from hushmap.lab.scenario_sites import Site

NAME = "driftwood.test"
OTHER = "saltmarsh.test"
"""The same software and contents under another name, for a control where nothing is filtered or removed."""
BASELINES = ("www.baseline-a.example", "www.baseline-b.example")


def network(*platforms: PlatformSettings, scale: float = 1.0) -> Scenario:
    """A scenario of platforms, each at an address of its own, and two harmless sites."""
    names = (*BASELINES, *(one.site for one in platforms))
    return Scenario(
        name="platforms",
        title="Platforms that hide and remove",
        scale=scale,
        baselines=BASELINES,
        path=PathSettings(hops=4, delay_ms=5.0),
        site=tuple(Site(name=name, addresses=(f"203.0.113.{100 + at}",)) for at, name in enumerate(names)),
        platform=platforms,
    )
