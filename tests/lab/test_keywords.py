"""Words by real packets: each place against the quick oracle.

What a whole run finds of words that were sown is measured by tests/bench/keywords_lab.py, on a machine without other work.
"""

import subprocess
import sys
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
PLACED = load_scenario("censors-places").quiet()
GIVEN = conditions(echo_http=ECHO_HTTP, echo_tls=ECHO_TLS, echo_tcp=ECHO_TCP, echo_quic=ECHO_QUIC, scale=PLACED.scale)


def ended(steps):
    """By which step and how."""
    return type(steps[-1]).__name__, steps[-1].failure


@pytest.fixture(scope="module")
def seen(lab_of):
    """What came of every word of the scenario, by real packets, and what the network did."""
    asks = [ask_for(row.target, row.place, row.encoding, GIVEN) for row in PLACED.expect]
    with lab_of(PLACED, helper=True) as lab:
        asker = [sys.executable, str(HERE / "net_asker.py")]
        process = lab.client(asker, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        said, _ = process.communicate(msgspec.json.encode(asks), timeout=120)
        assert process.returncode == 0
        did = {(event.mechanism, event.what) for event in lab.truth()}
    return asks, msgspec.json.decode(said, type=list[Outcome]), did


@pytest.mark.parametrize("place", Place)
def test_a_place_is_censored_as_the_oracle_says(seen, place):
    """The word, its canary and the harmless one end alike between two kernels and as a function."""
    world = Worded(censors=PLACED.censor)
    asks, outcomes, did = seen
    rows = [number for number, row in enumerate(PLACED.expect) if row.place is place]
    assert len(rows) >= 3
    for number in rows:
        before = len(world.acts.events)
        assert ended(outcomes[number].steps) == ended(world.steps(asks[number], Side.HERE)), PLACED.expect[number]
        for event in world.acts.events[before:]:
            assert (event["mechanism"], event["what"]) in did
