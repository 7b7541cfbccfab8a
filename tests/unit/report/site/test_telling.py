"""What a cell says of several measurements."""

from datetime import UTC, datetime, timedelta

import pytest

from hushmap.report.site import telling
from hushmap.report.site.telling import Row, Tally, look, weight
from unit.report.site.books import cell

START = datetime(2026, 11, 14, tzinfo=UTC)


def row(group, n=1, hour=0, mechanism="", **more):
    """Some measurements of one hour that fared alike."""
    fields = {
        "group": group,
        "verdict_label": f"label of {group}",
        "mechanism": mechanism,
        "n": n,
        "direct": 0,
        "first": START + timedelta(hours=hour),
        "last": START + timedelta(hours=hour, minutes=30),
        "record": f"r{hour}",
        "worked": 0,
        "twins": 0,
    }
    return Row(**fields | more)


def told(*rows):
    """The cell of some rows."""
    tally = Tally()
    for one in rows:
        tally.add(one)
    return tally.cell()


@pytest.mark.parametrize(
    ("groups", "group", "k", "n"),
    [
        (("Reachable", "Blocked"), "Blocked", 1, 2),
        (("Reachable", "Also fails elsewhere"), "Reachable", 1, 2),
        (("Not decided", "Reachable"), "Reachable", 1, 1),
        (("Not decided", "Not decided"), "Not decided", 0, 0),
        (("Also fails elsewhere", "Not decided"), "Also fails elsewhere", 1, 1),
        (("Not cut off", "Not triggered"), "Not cut off", 1, 1),
        (("Not triggered",), "Not triggered", 0, 0),
        (("Platform shows a notice", "Reachable"), "Platform shows a notice", 1, 2),
        (("Unreachable from here", "Slowed"), "Slowed", 1, 2),
    ],
)
def test_the_most_telling_is_said(groups, group, k, n):
    """A block is never averaged away; what decided nothing is in no number."""
    cell = told(*(row(name, hour=hour) for hour, name in enumerate(groups)))
    assert (cell.group, cell.k, cell.n) == (group, k, n)
    assert cell.n + cell.undecided == len(groups)


def test_what_did_not_work_is_counted_however_it_was_judged():
    """What is judged blocked is a part of what failed, and a reader is told of both."""
    cell = told(row("Blocked", 54), row("Unreachable from here", 66), row("Reachable", 2), row("Not decided", 9))
    assert (cell.k, cell.failed, cell.n) == (54, 120, 122)
    assert told(row("Reachable", 2), row("Refused by the site"), row("Also fails elsewhere")).failed == 2


def test_the_newest_of_the_group_gives_label_and_record():
    """Whatever the order in which rows come."""
    rows = [
        row("Blocked", 2, 1, "tls.reset.sni", worked=4, twins=5),
        row("Blocked", 1, 9, "tls.timeout.sni", direct=1, worked=1, twins=1),
        row("Reachable", 5, 12),
    ]
    cell = told(*rows)
    assert cell == told(*reversed(rows))
    assert (cell.record, cell.mechanism, cell.mechanisms) == (
        "r9",
        "tls.timeout.sni",
        ("tls.reset.sni", "tls.timeout.sni"),
    )
    assert (cell.twins, cell.direct, cell.first, cell.last) == ((5, 6), True, rows[0].first, rows[1].last)


@pytest.mark.parametrize("group", ["Blocked", "Reachable", "Not decided", "Also fails elsewhere"])
def test_one_row_says_the_same_without_a_tally(group):
    """The short way is the long way."""
    one = row(group, 3, 1, "tls.reset.sni" if group == "Blocked" else "", worked=2, twins=3, direct=1)
    assert telling.told([one]) == Tally([one]).cell()


def test_looks_and_order():
    """A sign beside every colour; blocked on two networks comes before blocked on one."""
    assert look(cell("Blocked")) == ("✕", "blocked")
    assert look(cell("Platform shows a notice")) == ("◇", "other")
    assert weight([cell("Blocked"), cell("Blocked")]) < weight([cell("Blocked"), cell("Slowed")])
    assert weight([cell("Slowed")]) < weight([cell("Reachable")])
