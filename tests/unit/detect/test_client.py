"""Tests of hushmap.detect.client."""

import msgspec
import pytest

from hushmap.detect.client import MOST, PASSES, other_client
from hushmap.detect.pairs import read_tests
from hushmap.model import Context, Failure, Role
from trials import CONTEXT, HARMLESS, NAME, NOTHING, OURS, SITE, pairs, shaken

HIT, PASSED, DROPPED = "hit", "passed", "dropped"


def browser(number, which, address):
    """One pair with a browser's hello: three trials, or what there is of them."""
    about = {"pair": 9000 + number, "changed": "sni", "round": 1, "address": address}
    first = 8000 + 10 * number
    twin = shaken(first, Failure.RESET if which == DROPPED else None, sni=HARMLESS, role=Role.BASELINE, **about)
    made = [twin]
    if which in {HIT, PASSED}:
        made.append(shaken(first + 1, Failure.RESET if which == HIT else None, **about))
    if which == HIT:
        made.append(shaken(first + 2, sni=HARMLESS, role=Role.BASELINE, bystander=True, **about))
    return [msgspec.structs.replace(t, ask=msgspec.structs.replace(t.ask, hello="browser")) for t in made]


def cut(address, first):
    """Six pairs with our own hello, all cut."""

    def subject(number, **more):
        return shaken(number, Failure.RESET, address, **more)

    def harmless(number, **more):
        return shaken(number, None, address, HARMLESS, **more)

    return pairs(subject, harmless, 6, changed="sni", first=first)


def read(which, *, context=CONTEXT, address=OURS, ours_too=True):
    """What these pairs say beside a test at the site, which was cut at ours too or was not asked there."""
    own = [*cut(SITE, 1000), *(cut(OURS, 3000) if ours_too else [])]
    other = [trial for number, kind in enumerate(which) for trial in browser(number, kind, address)]
    tests = read_tests(own, context, NOTHING)
    return other_client(tests[0], tests, [*own, *other], context, NOTHING)


SAID = [
    ((), False, False),
    ((PASSED,), False, False),
    ((PASSED, PASSED), False, False),
    ((PASSED,) * (PASSES - 1), False, False),
    ((PASSED,) * PASSES, True, True),
    ((PASSED, PASSED, DROPPED, *(PASSED,) * (PASSES - 2)), True, True),
    ((HIT,), False, True),
    ((PASSED, PASSED, HIT), False, True),
    ((*(PASSED,) * PASSES, HIT), False, True),
    ((DROPPED,) * (MOST - 1), False, False),
    ((DROPPED,) * MOST, False, True),
]


@pytest.mark.parametrize(("which", "differs", "settled"), SAID)
def test_one_hit_agrees_and_six_passes_differ(which, differs, settled):
    """A hit of a browser's hello settles it for everybody; it takes six passes, and none hit, to say otherwise."""
    other = read(which)
    assert (other.differs, other.settled) == (differs, settled)
    assert (other.hits, other.passed) == (which.count(HIT), which.count(PASSED))
    assert len(other.proof) == 3 * which.count(HIT) + 2 * which.count(PASSED)


def test_a_filter_that_misses_half_is_hardly_taken_for_one_of_this_client():
    """It lets a browser's hello pass so often in a row by chance in less than 2 of 100."""
    assert 0.5**PASSES < 0.02
    assert PASSES < MOST, "some may be dropped"


def test_it_is_asked_at_our_own_address_where_the_name_is_cut_there():
    """Nobody else need be contacted; where ours is not cut, or there is none, it is the site's."""
    assert (read(()).subject.address, read(()).subject.hello, read(()).subject.sni) == (OURS, "browser", NAME)
    assert read((), ours_too=False).subject.address == SITE
    assert read((), context=Context(), ours_too=False).subject.address == SITE


def test_pairs_about_another_question_are_not_read():
    """A browser's pair at the site says nothing of what happens at ours."""
    assert read((PASSED, PASSED, PASSED), address=SITE).passed == 0


def test_a_pair_under_way_is_not_spent():
    """Its twin has passed, its subject has not come."""
    twin = browser(1, PASSED, OURS)[:1]
    own = [*cut(SITE, 1000), *cut(OURS, 3000)]
    tests = read_tests(own, CONTEXT, NOTHING)
    other = other_client(tests[0], tests, [*own, *twin], CONTEXT, NOTHING)
    assert (other.made, other.settled) == (0, False)
