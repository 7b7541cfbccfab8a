"""What is said of a series, word by word."""

from pathlib import Path

import pytest

from hushmap.cli.cycle_text import STOPPED, WHY, cycle_lines, interval, over_line, series_lines
from hushmap.runs import CycleBegun, CycleOver, SeriesLog, SeriesPlan, read_series

PLAN = SeriesPlan(
    series="series-20261121T2233Z-0001", begun="2026-11-21T22:33:00Z", every=21600.0, lasting=86400.0, deck="own-list",
    count=2,
)  # fmt: skip


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (21600, "6 hours"),
        (3600, "1 hour"),
        (86400, "1 day"),
        (604800, "7 days"),
        (5400, "90 minutes"),
        (90, "2 minutes"),
    ],
)
def test_an_interval_is_said_in_its_unit(seconds, words):
    """The greatest in which it is a whole number."""
    assert interval(seconds) == words


def test_a_cycle_is_said_with_its_reason():
    """Done, cut short, missed; a reason of a newer version is shown as it is."""
    said = {"cycle": 2, "t": 1.0}
    assert over_line(PLAN, CycleOver(state="done", **said)) == "Cycle 2 of 4 done"
    assert over_line(PLAN, CycleOver(state="missed", why="vpn", **said)) == "Cycle 2 of 4 missed: a VPN was on"
    assert (
        over_line(PLAN, CycleOver(state="cut_short", why="new", said="so", **said))
        == "Cycle 2 of 4 cut short: new (so)"
    )


def test_all_of_a_series_is_told(tmp_path: Path):
    """A line for the whole with every reason counted, one for each cycle, and how to go on."""
    log = SeriesLog.create(tmp_path, PLAN)
    log.add(CycleBegun(cycle=1, t=0.0, run="r1"))
    log.add(CycleOver(cycle=1, t=9.0, state="cut_short", why="budget", run="r1", sealed=1))
    log.add(CycleOver(cycle=2, t=21600.0, state="missed", why="vpn"))
    log.add(CycleBegun(cycle=3, t=43200.0, run="r3"))
    log.close()
    with log.path.open("ab") as file:
        file.write(b"?\n")
    series = read_series(log.path)
    assert list(series_lines(series, ("series-x",), STOPPED)) == [
        (
            "series-20261121T2233Z-0001 · own-list · 4 runs planned: 0 done · 1 cut short (1 its data limit was reached) · "
            "1 missed (1 a VPN was on) · 2 still to come"
        ),
        "A missed run is a gap: nothing is known of that time.",
        "1 damaged line: what became of some cycles is not known",
        "Stopped by you. Go on: hushmap run --resume series-x",
    ]
    assert list(cycle_lines(series)) == [
        "     1  21 Nov 2026, 22:33 UTC   cut short: its data limit was reached · 1 of 2 · r1",
        "     2  22 Nov 2026, 04:33 UTC   missed: a VPN was on",
        "     3  22 Nov 2026, 10:33 UTC   under way (r3)",
        "     4  22 Nov 2026, 16:33 UTC   to come",
    ]


def test_no_reason_says_that_anybody_is_to_blame():
    """Each is a plain clause that fits after 'missed:'."""
    assert all(words == words.strip(". ") and words[0].islower() for words in WHY.values())
