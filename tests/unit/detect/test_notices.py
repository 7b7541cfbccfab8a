"""Tests of hushmap.detect.notices."""

import pytest

from hushmap.detect.notices import notice, notice_address, notice_text, refusal
from hushmap.model import Fingerprint, Knowledge, Page
from trials import PAGE, loaded, lookup


def knowing(*marks):
    """Knowledge of these fingerprints."""
    return Knowledge(fingerprints=marks)


def mark(pattern, where="body", kind="contains", scope="nat", name="m"):
    """One fingerprint."""
    return Fingerprint(id=name, where=where, pattern=pattern, kind=kind, scope=scope)


def page(**more):
    """A page with these facts."""
    return Page(status=200, **more)


@pytest.mark.parametrize(
    ("fingerprint", "shown"),
    [
        (mark("blocked"), page(body="this is blocked here")),
        (mark("Blocked", where="title"), page(title="Blocked")),
        (mark("http://notice.", where="location", kind="prefix"), page(location="http://notice.example/x")),
        (mark("gate/1.0", where="header.server", kind="full"), page(server="gate/1.0")),
        (mark(r"order \d+", kind="regexp"), page(body="by order 17")),
    ],
)
def test_a_page_is_known_by_what_it_says_where_the_mark_says(fingerprint, shown):
    """Each place and each kind of pattern."""
    assert notice(shown, knowing(fingerprint)) == fingerprint


@pytest.mark.parametrize(
    ("fingerprint", "shown"),
    [
        (mark("blocked", where="title"), page(body="blocked")),
        (mark("b", kind="prefix"), page(body="ab")),
        (mark("a", kind="full"), page(body="ab")),
        (mark(r"^b", kind="regexp"), page(body="ab")),
        (mark("x"), page()),
        (mark("blocked", scope="vbw"), page(body="blocked")),
    ],
)
def test_a_page_that_does_not_fit_is_no_notice(fingerprint, shown):
    """Another place, not the start, not the whole, no match, nothing to read, or words too vague to accuse anyone."""
    assert notice(shown, knowing(fingerprint)) is None


def test_a_known_false_positive_clears_a_page_whatever_else_matches():
    """Scope fp is stronger than any accusation."""
    assert notice(page(body="blocked by us"), knowing(mark("blocked"), mark("by us", scope="fp"))) is None


def test_the_most_telling_mark_is_named():
    """A vendor's mark before a country's, a provider's, and one of unknown scope."""
    marks = [mark("b", scope=scope, name=scope) for scope in ("odd", "inst", "isp", "nat", "prod")]
    for count, expected in enumerate(["prod", "nat", "isp", "inst", "odd"]):
        assert notice(page(body="b"), knowing(*marks[: 5 - count])).id == expected


def test_a_notice_address_is_known_whole():
    """A longer address that begins like it is another."""
    known = knowing(mark("198.51.100.9", where="dns", kind="full"))
    assert notice_address("198.51.100.9", known) is not None
    assert notice_address("198.51.100.98", known) is None
    assert notice_address("198.51.100.9", Knowledge()) is None


def test_the_text_of_a_notice_is_its_title():
    """Bounded, and absent where there was none."""
    assert notice_text(loaded(1, page(title="x" * 300))) == {"notice": "x" * 200}
    assert notice_text(loaded(1, page())) == {}
    assert notice_text(lookup(1, ())) == {}


@pytest.mark.parametrize(
    ("shown", "act"),
    [
        (Page(status=403), "403"),
        (Page(status=429), "ratelimit"),
        (Page(status=451), "451"),
        (Page(status=200, title="Just a moment..."), "captcha"),
        (Page(status=403, title="请完成安全验证"), "captcha"),
        (PAGE, None),
    ],
)
def test_how_a_server_refused(shown, act):
    """By status, or by a challenge whatever its status."""
    assert refusal(shown) == act
