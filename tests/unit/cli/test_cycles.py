"""A series' cycles, one after the other, and each gap among them with its reason."""

import json
from pathlib import Path

import pytest

from hushmap.cli.fault import Exit
from hushmap.runs import all_runs, all_series
from unit.cli.scene import HELPER, HOST, NETWORK, changed

HOUR = 3600.0
RUN = ("run", "-f", "sites.csv", *NETWORK, "--helper", HELPER, "-q", "--seed", 3)
DAY = ("--every", "6h", "--for", "1d")


@pytest.fixture
def agreed(hushmap, hours):
    """A consent for this network is on record."""
    assert hushmap("consent", "give", 1, "--i-have-read", 1, *NETWORK).exit_code == 0


def _series():
    (found,) = all_series(Path("results/runs"))
    return found


def _became():
    return [(one.state, one.why) for one in _series().cycles]


def test_every_cycle_is_a_run_that_names_its_series(hushmap, hours, agreed):
    """Four cycles in a day: each an ordinary run, begun in its jitter after its hour, with its number."""
    done = hushmap(*RUN, *DAY)
    assert done.exit_code == 0, done.output
    manifests = [info.manifest for info in all_runs(Path("results/runs"))]
    series = _series()
    assert [(one.series, one.cycle) for one in manifests] == [(series.plan.series, n) for n in (1, 2, 3, 4)]
    assert [one.started for one in manifests] == [one.began for one in series.cycles]
    for n, manifest in enumerate(manifests, 1):
        late = series.plan.due(n) - (n - 1) * 6 * HOUR
        assert 0 <= late <= series.plan.jitter == 600.0
    assert len({manifest.seed for manifest in manifests}) == 4
    assert _became() == [("done", "")] * 4
    assert series.gaps() == ()
    assert done.stdout.splitlines()[-1].endswith("4 runs planned: 4 done")
