"""The file of a series, from which every planned cycle is known to be done, cut short, missed or still to come."""

import itertools
import os
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.runs import (
    ClockJump,
    CycleBegun,
    CycleOver,
    RunBusyError,
    RunsError,
    SeriesLog,
    SeriesPlan,
    all_series,
    find_series,
    hold,
    jitter,
    read_series,
)

HOUR = 3600.0
BEGUN = datetime(2026, 11, 21, 22, 33, tzinfo=UTC)


def _plan(**more):
    facts = {
        "series": "series-20261121T2233Z-0001",
        "begun": "2026-11-21T22:33:00Z",
        "every": 6 * HOUR,
        "lasting": 24 * HOUR,
        "jitter": 600.0,
        "seed": 3,
        "deck": "own-list",
        "count": 2,
    }
    return SeriesPlan(**{**facts, **more})


def _log(base, *lines, plan=None):
    log = SeriesLog.create(base, plan or _plan())
    for line in lines:
        log.add(line)
    log.close()
    return log.path


@given(st.floats(600, 1e6), st.floats(1, 200), st.integers(0, 2**53 - 1))
def test_cycles_follow_each_other_within_their_bounds(every, many, seed):
    """Each is due after its hour by no more than the jitter, well before its last moment, and never at another's."""
    plan = _plan(every=every, lasting=every * many, jitter=jitter(every), seed=seed)
    assert plan.cycles == max(1, int(plan.lasting // every))
    assert plan.due(1) == 0.0
    for n in range(1, min(plan.cycles, 30) + 1):
        assert (n - 1) * every <= plan.due(n) <= (n - 1) * every + jitter(every) < plan.latest(n) < plan.over(n)
        assert plan.over(n) >= plan.due(n) + every / 2 or n < plan.cycles


def test_chance_is_written_down_and_known_again():
    """The same seed gives the same times and orders; another cycle or seed gives others."""
    plan = _plan()
    assert plan.due(3) == _plan().due(3) != _plan(seed=4).due(3)
    assert len({plan.seed_of(n) for n in range(1, 100)} | {_plan(seed=4).seed_of(1)}) == 100
    assert plan.at(HOUR) == "2026-11-21T23:33:00Z"
    assert plan.since(BEGUN + timedelta(hours=2)) == 2 * HOUR


def test_every_cycle_has_a_state_and_a_gap_is_no_result(tmp_path):
    """Lines tell what was done, cut short and missed; cycles missed in a row are one gap with its reasons."""
    path = _log(
        tmp_path,
        CycleBegun(cycle=1, t=0.0, run="20261121T2233Z-0002"),
        CycleOver(cycle=1, t=60.0, state="done", run="20261121T2233Z-0002", sealed=2),
        ClockJump(t=13 * HOUR, seconds=9 * HOUR),
        CycleOver(cycle=2, t=13 * HOUR, state="missed", why="asleep"),
        CycleOver(cycle=3, t=13 * HOUR, state="missed", why="vpn"),
    )
    series = read_series(path)
    assert [one.state for one in series.cycles] == ["done", "missed", "missed", "open"]
    first = series.cycles[0]
    assert (first.run, first.began, first.ended) == (
        "20261121T2233Z-0002",
        "2026-11-21T22:33:00Z",
        "2026-11-21T22:34:00Z",
    )
    assert (first.sealed, first.targets) == (2, 2)
    (gap,) = series.gaps()
    assert (gap.cycles, gap.why, gap.since) == ((2, 3), ("asleep", "vpn"), "2026-11-21T22:34:00Z")
    assert gap.until == series.cycles[3].due
    assert (series.jumps[0].seconds, series.over) == (9 * HOUR, False)


def test_silence_is_read_by_the_time_of_the_reader(tmp_path):
    """A cycle that could have begun and has no line was missed, one that never ended was killed; later ones are open."""
    path = _log(tmp_path, CycleBegun(cycle=1, t=0.0, run="20261121T2233Z-0002"))
    assert [one.state for one in read_series(path).cycles] == ["open"] * 4
    later = read_series(path, BEGUN + timedelta(hours=8))
    assert [(one.state, one.why, one.told) for one in later.cycles] == [
        ("cut_short", "killed", False), ("missed", "not_running", False), ("open", "", False), ("open", "", False),
    ]  # fmt: skip
    assert later.cycles == read_series(path, at=8 * HOUR).cycles
    ended = read_series(path, BEGUN + timedelta(days=30))
    assert ended.over
    assert ended.gaps()[0].until == "2026-11-22T22:33:00Z"


def test_a_torn_or_damaged_line_takes_no_other_with_it(tmp_path):
    """What cannot be read is counted; the torn end of a crash is cut by who writes next."""
    path = _log(tmp_path, CycleOver(cycle=1, t=60.0, state="done", run="20261121T2233Z-0002"))
    with path.open("ab") as file:
        file.write(b'{"line":"over","cycle":2,"sta\n{"line":"over","cyc')
    series = read_series(path)
    assert (series.damaged, [one.state for one in series.cycles]) == (1, ["done", "open", "open", "open"])
    log = SeriesLog(path)
    log.add(CycleOver(cycle=2, t=7 * HOUR, state="missed", why="vpn"))
    log.close()
    assert [one.state for one in read_series(path).cycles] == ["done", "missed", "open", "open"]


@pytest.mark.parametrize(
    "data", [b"", b"\n", b"[]\n", b'{"line":"over","cycle":1,"t":1,"state":"done"}\n', b"\xff\n"]
)
def test_a_file_without_a_plan_is_no_series(tmp_path, data):
    """One line with the file and what to do; a list of series leaves it out."""
    path = tmp_path / "series-x.log"
    path.write_bytes(data)
    with pytest.raises(RunsError, match=r"has no plan that can be read; see the series there are"):
        read_series(path)
    assert list(all_series(tmp_path)) == []


def test_what_is_not_there_and_what_is_newer_is_said(tmp_path):
    """A series that is missing, one of a later schema, one that is there already, a folder that cannot be made."""
    with pytest.raises(RunsError, match="there is no such series"):
        read_series(tmp_path / "series-x.log")
    path = _log(tmp_path, plan=_plan(v=2))
    with pytest.raises(RunsError, match="newer than this Hushmap's 1"):
        read_series(path)
    with pytest.raises(RunsError, match="there is such a series already"):
        SeriesLog.create(tmp_path, _plan())
    with pytest.raises(RunsError, match="choose another folder"):
        SeriesLog.create(path / "below", _plan())


def test_a_plan_of_more_cycles_than_can_be_begun_is_none(tmp_path):
    """A file that somebody damaged or made up cannot keep its reader busy: every cycle is a row."""
    path = _log(tmp_path, plan=_plan(every=60.0, lasting=1e8, jitter=0.0))
    with pytest.raises(RunsError, match="plans 1,666,666 cycles, and a series has"):
        read_series(path)
    assert list(all_series(tmp_path)) == []
    longest = _log(tmp_path, plan=_plan(series="series-20261121T2233Z-0002", every=3600.0, lasting=90 * 86400.0))
    assert len(read_series(longest).cycles) == 2160


def test_a_series_is_found_by_its_id_and_by_its_path(tmp_path):
    """Other names are no series: they may be runs."""
    path = _log(tmp_path)
    assert find_series(tmp_path, "series-20261121T2233Z-0001") == find_series(tmp_path, str(path)) == path
    assert [find_series(tmp_path, name) for name in ("", "0001", "series-other", "sites")] == [None] * 4
    assert [one.path for one in all_series(tmp_path)] == [path]


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(tmp_path_factory, data):
    """Whatever stands after the plan, every cycle has a state."""
    path = tmp_path_factory.getbasetemp() / "series-fuzz.log"
    path.write_bytes(msgspec.json.encode(_plan()) + b"\n" + data)
    assert len(read_series(path).cycles) == 4


def test_one_process_holds_a_question(tmp_path, monkeypatch):
    """The second is told who has it; what was held is free when the file is closed, and its words are the last's."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    held = hold("key", "own-list on Net-A", "a series")
    with pytest.raises(RunBusyError, match=rf"own-list on Net-A: a series \(process {os.getpid()}\) measures this"):
        hold("key", "own-list on Net-A", "a run")
    os.close(hold("other", "x", "y"))
    os.close(held)
    os.close(hold("key", "own-list on Net-A", "a run"))


@given(st.floats(600, 1e5), st.floats(1, 4000), st.integers(0, 2**53 - 1))
def test_gaps_that_double_do_so_until_the_end(every, many, seed):
    """Each cycle is due after the one before is over, twice as far from the start; the last one is at the end."""
    plan = _plan(every=every, lasting=every * many, jitter=jitter(every), seed=seed, doubling=True)
    times = [plan.due(n) for n in range(1, plan.cycles + 1)]
    assert times[0] == 0.0
    for n, (one, later) in enumerate(itertools.pairwise(times), 1):
        assert one < later
        assert plan.over(n) == later
    for n, time in enumerate(times[1:-1]):
        assert every * 2**n <= time <= every * 2**n + jitter(every)
        assert time < 0.9 * plan.lasting
    assert plan.lasting <= times[-1] <= plan.lasting + jitter(every)
    assert plan.over(plan.cycles) > times[-1]
    assert plan.latest(plan.cycles) > times[-1]


def test_thirty_days_of_gaps_that_double_are_fourteen_visits():
    """From a quarter of an hour on: brackets within a factor of two."""
    plan = _plan(every=900.0, lasting=720 * HOUR, jitter=0.0, doubling=True)
    hours = [plan.due(n) / HOUR for n in range(1, plan.cycles + 1)]
    assert hours == [0, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 720]
    assert plan.gap(1) == 900.0
    assert _plan(doubling=True, lasting=1.0).cycles == 2
