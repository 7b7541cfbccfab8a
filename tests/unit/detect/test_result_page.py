"""What one page of a search shows."""

import msgspec
import pytest

from hushmap.detect.result_page import (
    bears_nothing,
    found_on,
    listing_of,
    notice_on,
    only_listed,
    others_due,
    read,
    says_nothing,
    settled,
    status_of,
    told_on,
    unplaced_on,
    wall,
)
from hushmap.model import NOTHING, Layer, Listing, Reason, Side
from unit.detect.test_searched import searched


def load(listing=None, *signs, status=200, **more):
    """A page load of a search."""
    trial = searched(0, None, listing, t=0.0)
    page = msgspec.structs.replace(trial.fetch.page, status=status, signs=signs, **more)
    steps = (*trial.steps[:2], msgspec.structs.replace(trial.steps[2], page=page))
    return msgspec.structs.replace(trial, steps=steps)


LOST = msgspec.structs.replace(load(), steps=())
MIXED, DESK = Listing(found=20, sources=20, listed=10), Listing(found=4, sources=4, listed=4)


def test_a_page_that_was_cut_off_is_not_read():
    """What is missing from half a page of results may stand in the other half."""
    assert read(load(MIXED))
    assert not read(load(MIXED, truncated=True))
    assert read(load(status=451))
    assert not read(load(MIXED, status=502))
    assert not read(LOST)


def test_walls_are_known_by_their_signs():
    """After a captcha it is asked again, after a login wall it is not."""
    captcha, login = load(MIXED, "captcha"), load(MIXED, "login")
    assert [wall(one) for one in (captcha, login, load(MIXED), LOST)] == [
        Reason.CAPTCHA,
        Reason.LOGIN_WALL,
        None,
        None,
    ]
    assert [settled(one) for one in (captcha, login, load(MIXED), LOST)] == [False, True, True, False]
    assert not settled(msgspec.structs.replace(load(MIXED), side=Side.HELPER))
    assert load().ask.layer is Layer.HTTP


def test_what_a_page_says_of_what_it_leaves_out():
    """A placed notice and status 451 do; words that may be anybody's do not."""
    noticed, doubt = load(Listing(notice="n")), load(Listing(unplaced=True))
    assert [told_on(one) for one in (noticed, load(status=451), doubt, LOST, None)] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert [notice_on(one) for one in (noticed, doubt, LOST)] == ["n", None, None]
    assert [unplaced_on(one) for one in (noticed, doubt, LOST)] == [False, True, False]
    assert [status_of(one) for one in (load(status=451), LOST)] == [451, 0]


def test_nothing_found_is_what_the_page_itself_says():
    """A page that lists something, or that never came, says neither."""
    pages = (load(Listing(), NOTHING), load(Listing()), load(MIXED), LOST)
    assert [says_nothing(one) for one in pages] == [True, False, None, None]
    assert [found_on(one) for one in pages] == [0, 0, 20, 0]
    assert [bears_nothing(one) for one in (*pages, load(MIXED, NOTHING))] == [True, False, False, False, True]
    assert listing_of(LOST) is None


@pytest.mark.parametrize(("own", "due"), [(DESK, 8.0), (Listing(), 10.0), (MIXED, 0.0)])
def test_others_are_due_in_the_room_that_the_words_own_leave(own, due):
    """In the mixture of a control."""
    assert others_due(load(own), load(MIXED)) == due


def test_results_of_listed_sources_alone():
    """No result is of nobody; where not every one says whose it is they are not known to be."""
    pages = (load(DESK), load(MIXED), load(Listing()), load(Listing(found=2, sources=1, listed=1)), LOST)
    assert [only_listed(one) for one in pages] == [True, False, False, False, False]
