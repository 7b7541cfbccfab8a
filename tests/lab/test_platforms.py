"""Platforms by real packets: what is hidden and removed there is found, and nothing beside it on one that hides nothing."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from hushmap.catalog import read_platform
from hushmap.experiments.watch import extraction
from hushmap.lab import platform as lab_platform
from hushmap.lab.platform.contents import contents
from hushmap.lab.platform.network import NAME, network
from hushmap.lab.platform.serving import state
from hushmap.lab.pure import act
from hushmap.lab.pure.wires import EPOCH
from hushmap.lab.scenario_platform import PlatformSettings
from hushmap.model import Ask, Layer
from hushmap.net import Outcome

HERE = Path(__file__).parent
MANIFEST = Path(lab_platform.__file__).with_name("driftwood.toml")
PLATFORM = read_platform(MANIFEST)
DAY = timedelta(days=1)
SETTINGS = PlatformSettings(site=NAME, latest_s=20 * DAY.total_seconds(), a_minute=1000)

SIGNS = {"author": "author_removed", "account": "account_gone", "private": "hidden"}
"""By which sign a state is known, where it has another name."""


def at(days, now):
    """A network with a platform that began so many days ago."""
    return network(msgspec.structs.replace(SETTINGS, began=now - days * DAY), scale=20.0)


def visits(scenario, now):
    """An ask for each post, and the sign of what is true of it then and for some minutes."""
    page = PLATFORM.post
    (site,) = [site for site in scenario.site if site.name == NAME]
    (settings,) = scenario.platform
    since = (now - settings.began).total_seconds()
    for post in contents(settings).posts:
        ask = Ask(
            layer=Layer.HTTP, address=site.addresses[0], port=443, sni=NAME, url=page.url.replace("{id}", post.id),
            extract=extraction(PLATFORM, PLATFORM.post),
        )  # fmt: skip
        true = {state(post, since + later) for later in (0.0, 600.0)}
        if len(true) == 1:
            yield ask, SIGNS.get(*true, *true)


@pytest.mark.parametrize("days", [0.5, 30])
def test_pages_are_the_same_by_packets_and_as_a_function(lab_of, days):
    """Each post bears the sign of what is true of it, on both ways; the lab keeps the truth in a file."""
    now = datetime.now(UTC)
    scenario = at(days, now)
    asked = list(visits(scenario, now))
    with lab_of(scenario) as lab:
        asker = [sys.executable, str(HERE / "net_asker.py")]
        process = lab.client(asker, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        said, _ = process.communicate(msgspec.json.encode([ask for ask, _ in asked]), timeout=120)
        assert process.returncode == 0
        truth = json.loads((lab.folder / f"{NAME}.json").read_bytes())
    signs = [(sign,) for _, sign in asked]
    assert [one.steps[-1].page.signs for one in msgspec.json.decode(said, type=list[Outcome])] == signs
    pure = act(at(days, EPOCH), [ask for ask, _ in visits(at(days, EPOCH), EPOCH)])
    assert [one.steps[-1].page.signs for one in pure.outcomes] == signs
    assert [post["id"] for post in truth["posts"]] == [post.id for post in contents(scenario.platform[0]).posts]
