"""Whether what was seen failing works again."""

from datetime import timedelta

import msgspec
import pytest

from hushmap.analysis import Sure
from hushmap.report.site import grids
from hushmap.report.site.again import works_again
from hushmap.report.site.changing import moment
from hushmap.report.site.lists import listed
from hushmap.report.site.lists import page as list_page
from hushmap.report.site.networks import page as network_page
from unit.report.site.books import DAYS, LAST, book, cell, making
from unit.report.site.happened import happened

KEY = ("news-example-org", "as64501-xe")
WAS = cell("Blocked", last=LAST.replace(day=14))


FINE = cell("Reachable", k=4, n=4)


def of(*days, incidents=(), was=WAS):
    """A site of which the target fared so on its days."""
    small = book()
    by_day = dict(zip(DAYS, days, strict=False))
    return making(
        book=msgspec.structs.replace(
            small, cells={**small.cells, KEY: was}, days={KEY: by_day} if days else {}, incidents=incidents
        )
    )


@pytest.mark.parametrize(
    ("groups", "again"),
    [
        (("Blocked", "Reachable", "Reachable"), True),
        (("Blocked", "Reachable", "Unreachable from here"), False),
        (("Blocked", "Reachable", "Also fails elsewhere"), False),
        (("Blocked",), False),
        ((), False),
    ],
)
def test_one_good_day_is_not_enough(groups, again):
    """The newest day that decided anything has to be good."""
    assert works_again(of(*(FINE if group == "Reachable" else cell(group) for group in groups)), KEY, WAS) is again


@pytest.mark.parametrize(
    "day",
    [
        cell("Reachable"),
        cell("Reachable", k=1, n=1),
        cell("Reachable", k=3, n=4),
        cell("Reachable", k=4, n=4, failed=1),
    ],
)
def test_a_few_good_measurements_are_not_enough(day):
    """Four that all worked are needed, for a block of every second attempt lets three pass often."""
    assert not works_again(of(cell("Blocked"), day), KEY, WAS)


def test_a_day_that_decided_nothing_is_not_the_newest():
    """Nothing was learned on it."""
    days = cell("Blocked"), FINE, cell("Not decided", k=0, n=0, undecided=3)
    assert works_again(of(*days), KEY, WAS)


def test_what_works_has_nothing_to_end():
    """Neither has what failed as elsewhere."""
    for group in ("Reachable", "Also fails elsewhere"):
        assert not works_again(of(cell("Reachable")), KEY, cell(group, last=WAS.last - timedelta(days=9)))


@pytest.mark.parametrize(
    ("more", "again"),
    [
        ({}, True),
        ({"lifting": Sure.PROVISIONAL}, False),
        ({"lifting": None}, False),
        ({"lifting_first_working": None}, False),
    ],
)
def test_a_change_back_counts_where_it_is_confirmed(more, again):
    """Whatever the newest day shows: one failure on it does not take back what many attempts confirmed."""
    one = next(one for one in happened().book.incidents if one.lifting is Sure.CONFIRMED and one.key.asn == 64501)
    was = cell("Blocked", last=moment(one.lifting_last_failing))
    made = of(incidents=(msgspec.structs.replace(one, **more),), was=was)
    assert made.incidents[KEY]
    assert works_again(made, KEY, was) is again


def test_what_was_seen_after_the_change_back_counts_more():
    """A block that was seen later is not over."""
    one = next(one for one in happened().book.incidents if one.lifting is Sure.CONFIRMED and one.key.asn == 64501)
    was = cell("Blocked", last=moment(one.lifting_first_working) + timedelta(hours=1))
    assert not works_again(of(incidents=(one,), was=was), KEY, was)


def test_the_mark_stands_in_lists_too():
    """A list of what is blocked says of each whether it works again."""
    made = of(cell("Blocked"), FINE)
    marked = {
        one.of: "works again" in list_page(made, f"lists/{one.id}.html", one, listed(made)).decode()
        for one in listed(made)
        if one.kind in {"label", "network"}
    }
    assert (marked["Blocked"], marked["Reachable"]) == (True, False)
    assert (marked["as64501-xe"], marked["as64502-xe"]) == (True, False)
    assert "works again" in network_page(made, made.book.networks[0]).decode()
    assert [one.again for one in grids.parts(made)[0].grids[0].sections[0][1][0].cells] == ["▲ works again", ""]
