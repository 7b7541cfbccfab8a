"""`hushmap series`: every planned cycle, whatever became of it."""

import json

from hushmap.cli.fault import Exit
from hushmap.runs import CycleOver, SeriesLog, SeriesPlan

PLAN = SeriesPlan(
    series="series-20261101T0000Z-0001", begun="2025-11-01T00:00:00Z", every=21600.0, lasting=43200.0, deck="own-list",
    count=2,
)  # fmt: skip


def test_no_series_is_no_fault(hushmap):
    """Where there is none, how one is made is said; a program is told nothing."""
    assert "Make one: hushmap run sites-global --every 6h --for 7d" in hushmap("series").stdout
    assert hushmap("series", "--json").stdout == ""


def test_every_cycle_is_shown_and_what_nobody_began_was_missed(hushmap, home):
    """By today's clock the series is long over: a cycle without a line is a gap."""
    log = SeriesLog.create(home / "results/runs", PLAN)
    log.add(CycleOver(cycle=1, t=9.0, state="done", run="20251101T0000Z-0002", sealed=2))
    log.close()
    shown = hushmap("series", PLAN.series).stdout.splitlines()
    assert shown[0].endswith("2 runs planned: 1 done · 1 missed (1 nobody ran it then)")
    assert shown[-1] == "     2  1 Nov 2025, 06:00 UTC    missed: nobody ran it then"
    told = json.loads(hushmap("series", "--json").stdout)
    assert [one["state"] for one in told["cycles"]] == ["done", "missed"]
    assert told["gaps"] == [
        {
            "series": PLAN.series,
            "since": "2025-11-01T00:00:09Z",
            "until": "2025-11-01T12:00:00Z",
            "cycles": [2],
            "why": ["not_running"],
        }
    ]


def test_a_name_that_is_none_is_one_line(hushmap):
    """With what to do."""
    done = hushmap("series", "series-other")
    assert (done.exit_code, len(done.stderr.splitlines())) == (Exit.USAGE, 1)
    assert done.stderr.endswith("see the series there are: hushmap series\n")
