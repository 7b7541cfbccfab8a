"""Every measurement of a target, and days."""

from datetime import date

from hushmap.report.explore import history
from hushmap.report.explore.wanted import Wanted, wanted
from unit.report.explore.explored import A, made


def _records(opened, *pairs):
    page = history.measurements(opened, wanted(pairs), opened.counting.target_ids.index(A))
    return [line.record for line in page.values["view"].lines], page.values["view"]


def test_every_measurement_comes_once_newest_first(monkeypatch):
    """On as many pages as it takes, also where several began in one minute."""
    opened = made()
    whole, _ = _records(opened)
    assert whole == ["r4", "r3", "r5", "r2", "r1"]
    for size in (1, 2, 3, 4):
        monkeypatch.setattr(history, "ROWS", size)
        pages = [_records(opened, ("page", f"{number}")) for number in range(1, -(-len(whole) // size) + 1)]
        assert [record for records, _ in pages for record in records] == whole
        assert [bool(view.pager.after) for _, view in pages] == [True] * (len(pages) - 1) + [False]


def test_filters_narrow_the_list():
    """Of a network, of a label, of some days."""
    opened = made()
    assert _records(opened, ("country", "XF"))[0] == ["r5"]
    assert _records(opened, ("label", "group"))[0] == ["r2"]
    assert _records(opened, ("until", "2026-11-01"))[0] == ["r1"]
    assert _records(opened, ("since", "2027-01-01"))[0] == []


def test_a_line_says_what_lists_say():
    """Sign, label, the way it failed, and where all of it stands."""
    _, view = _records(made())
    line = view.lines[1]
    assert (line.label, line.style, line.started) == ("Blocked by name", "blocked", "2026-11-02T09:30:00Z")
    assert line.address == "/measurements/r3?day=2026-11-02"
    assert "reset" in line.how
    assert not line.direct
    chinese = history.measurements(made(lang="zh"), Wanted(), 0).values["view"]
    assert all(line.label and not line.label.isascii() for line in chinese.lines)


def test_a_day_that_was_not_measured_is_a_gap_and_no_zero():
    """For people and for programs."""
    page = history.days(made(), wanted([("domain", "a.example")]))
    days = {one.day: one for one in page.values["view"].days}
    assert days[date(2026, 11, 3)].total == 0
    told = {one["day"]: one["counts"] for one in page.told["days"]}
    assert told[date(2026, 11, 3)] is None
    assert told[date(2026, 11, 2)] == {"Blocked": 2, "Reachable": 1, "Not decided": 0}
    assert b"not measured" in page.rendered()


def test_old_days_are_told_to_be_left_out(monkeypatch):
    """The newest are shown."""
    monkeypatch.setattr(history, "DAYS", 2)
    view = history.days(made(), Wanted()).values["view"]
    assert (len(view.days), view.more, view.days[0].day) == (2, 2, date(2026, 11, 4))
    assert b"2 earlier days" in history.days(made(), Wanted()).rendered()


def test_what_was_found_chooses_the_targets_of_the_days():
    """As in the list beside which the same filter stands: of those all measurements are counted, of others none."""
    told = {one.day: one for one in history.days(made(), wanted([("evidence", "direct")])).values["view"].days}
    assert [(day.day, told[day].total) for day in sorted(told)] == [(2, 1), (3, 1)]
