"""A small pure world for tests of its parts."""

import pytest

from hushmap.lab.pure.loop import run
from hushmap.lab.pure.running import World
from hushmap.lab.scenario import parse_scenario

SCENARIO = """
name = "small"
scale = 5.0
baselines = ["www.baseline-a.example", "www.baseline-b.example"]
[path]
delay_ms = 10.0
{more}
[[site]]
name = "www.baseline-a.example"
addresses = ["198.51.100.11"]
http = "page"
[[site]]
name = "www.baseline-b.example"
addresses = ["198.51.100.12"]
http = "page"
[[site]]
name = "news-one.example"
addresses = ["198.51.100.20", "2001:db8:2::20"]
[[site]]
name = "strict-one.example"
addresses = ["198.51.100.21"]
strict_sni = true
[[site]]
name = "alerting-one.example"
addresses = ["198.51.100.22"]
alert_sni = true
[[site]]
name = "cut-one.example"
addresses = ["198.51.100.23"]
cut = true
[[site]]
name = "slow-one.example"
addresses = ["198.51.100.24"]
drip_s = 1.0
[[site]]
name = "long-one.example"
addresses = ["198.51.100.25"]
page = "long"
http = "page"
{sites}
[[expect]]
target = "https://news-one.example/"
outcomes = ["ok"]
category = "NEWS"
"""


@pytest.fixture
def small():
    """A small scenario with more tables, of which those of `[path]` come first."""

    def made(more="", sites=""):
        return parse_scenario(SCENARIO.format(more=more, sites=sites))

    return made


@pytest.fixture
def in_world(small):
    """Runs a coroutine function in a fresh world, in no time."""

    def ran(work, more="", sites="", seed=1):
        async def main():
            return await work(World(small(more, sites), seed))

        return run(main())

    return ran
