"""Words by real packets: each place against the quick oracle.

What a whole run finds of words that were sown is measured by tests/bench/keywords_lab.py, on a machine without other work.
"""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from hushmap.experiments.carriers import ask_for
from hushmap.lab import load_scenario
from hushmap.lab.addresses import ECHO_HTTP, ECHO_QUIC, ECHO_TCP, ECHO_TLS
from hushmap.model import Place, Side
from hushmap.net import Outcome
from worded import Worded
from worlds import conditions

HERE = Path(__file__).parent
PLACED = [load_scenario(name).quiet() for name in ("censors-places", "censors-http-places")]


def ended(steps):
    """By which step and how."""
    return type(steps[-1]).__name__, steps[-1].failure


@pytest.fixture(scope="module", params=PLACED, ids=lambda scenario: scenario.name)
def seen(request, lab_of):
    """A scenario, what came of each of its words by real packets, and what the network did."""
    placed = request.param
    given = conditions(
        echo_http=ECHO_HTTP, echo_tls=ECHO_TLS, echo_tcp=ECHO_TCP, echo_quic=ECHO_QUIC, scale=placed.scale
    )
    asks = [ask_for(row.target, row.place, row.encoding, given) for row in placed.expect]
    with lab_of(placed, helper=True) as lab:
        asker = [sys.executable, str(HERE / "net_asker.py")]
        process = lab.client(asker, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        said, _ = process.communicate(msgspec.json.encode(asks), timeout=120)
        assert process.returncode == 0
        did = {(event.mechanism, event.what) for event in lab.truth()}
    return placed, asks, msgspec.json.decode(said, type=list[Outcome]), did


def test_each_place_is_censored_as_the_oracle_says(seen):
    """Words, canaries and harmless ones end alike between two kernels and as a function."""
    placed, asks, outcomes, did = seen
    world = Worded(censors=placed.censor)
    for ask, outcome, row in zip(asks, outcomes, placed.expect, strict=True):
        before = len(world.acts.events)
        assert ended(outcome.steps) == ended(world.steps(ask, Side.HERE)), row
        for event in world.acts.events[before:]:
            assert (event["mechanism"], event["what"]) in did


def test_every_place_has_its_words():
    """At least a canary, a word and a harmless one."""
    count = Counter(row.place for placed in PLACED for row in placed.expect)
    assert set(count) == set(Place)
    assert min(count.values()) >= 3
