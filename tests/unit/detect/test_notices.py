"""Tests of hushmap.detect.notices."""

import msgspec
import pytest

from hushmap.detect.notices import (
    familiar,
    notice,
    notice_address,
    notice_alias,
    notice_certificate,
    notice_text,
    notice_url,
    refusal,
)
from hushmap.model import Certificate, Fingerprint, Knowledge, Page
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


CLEARING = Fingerprint(id="fp", where="body", pattern="innocent", scope="fp")


def scoped(*domains):
    """A negative fingerprint for these sites."""
    return msgspec.structs.replace(CLEARING, domains=domains)


@pytest.mark.parametrize(
    ("host", "cleared"),
    [
        ("news.example", True),
        ("www.News.example.", True),
        ("oldnews.example", False),
        ("example", False),
        (None, False),
    ],
)
def test_a_negative_fingerprint_clears_its_own_sites(host, cleared):
    """Those named and those below them, whatever else matches; no other site, and nothing where none is named."""
    known = knowing(mark("blocked", scope="prod"), scoped("paper.example", "news.example"))
    assert (notice(page(body="blocked, innocent"), known, host=host) is None) is cleared


@pytest.mark.parametrize(("scope", "cleared"), [("prod", False), ("nat", False), ("isp", False), ("inst", True)])
def test_a_piece_of_innocent_pages_clears_only_generic_accusations(scope, cleared):
    """For all sites: a vendor's, country's or provider's own words weigh more (refs/BEYOND 2.12)."""
    known = knowing(mark("blocked", scope=scope), CLEARING)
    assert (notice(page(body="blocked, innocent"), known, host="news.example") is None) is cleared


def test_a_page_known_whole_is_cleared():
    """A title that is a known innocent page's whole title is stronger than any accusation."""
    known = knowing(mark("blocked"), mark("Just a moment", where="title", kind="full", scope="fp"))
    assert notice(page(body="blocked", title="Just a moment"), known) is None
    assert notice(page(body="blocked", title="Just a moment, please"), known) is not None


@pytest.mark.parametrize("scope", ["fp", "vbw", "injb", "prov"])
def test_what_accuses_nobody_is_familiar(scope):
    """So that such a page is not proposed as something new."""
    known = knowing(mark("words", scope=scope))
    assert notice(page(body="words"), known) is None
    assert familiar(page(body="words"), known)
    assert not familiar(page(body="other"), known)


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


def test_a_url_may_be_the_place_to_which_networks_send():
    """By the marks of redirects, and by no other."""
    knowledge = knowing(mark("http://notice.example/", "location", "prefix"), mark("http://news.example/"))
    assert notice_url("http://notice.example/why?x=1", knowledge) is not None
    assert notice_url("http://news.example/", knowledge) is None


def test_an_alias_leads_to_a_notice():
    """By its whole name, whatever its capitals and with the dot of the root or without; not for a cleared site."""
    known = knowing(
        mark("notice.example", where="dns", kind="full", name="a"),
        msgspec.structs.replace(scoped("paper.example"), where="dns", kind="full", pattern="notice.example"),
    )
    assert notice_alias(("cdn.example", "Notice.Example."), known).id == "a"
    assert notice_alias(("my.notice.example",), known) is None
    assert notice_alias(("notice.example",), known, host="paper.example") is None


def test_a_certificate_is_known_by_its_maker_or_owner():
    """Of the chain's first, which the box that answered made for itself."""
    known = knowing(mark("O=Gate", where="certificate"))
    gate, other = (Certificate(sha256="aa", subject="CN=a", issuer=f"CN=b,O={name}") for name in ("Gate", "CA"))
    own = Certificate(sha256="aa", subject="CN=a,O=Gate", issuer="CN=a")
    assert [notice_certificate(chain, known) is not None for chain in ((gate,), (own, other), (other, gate), ())] == [
        True,
        True,
        False,
        False,
    ]


# The origin of each: what others' code is known to get wrong.


def test_a_header_is_matched_without_an_expression():
    """OONI's matcher takes header fingerprints only where they are regular expressions (refs/OONI 4.5)."""
    walls = [
        mark("Protected by Wall", where="header.server", kind="prefix", name="server"),
        mark("wall", where="header.via", name="via"),
        mark("http://deny.example/", where="header.x-app-url", kind="full", name="url"),
    ]
    for shown in [
        page(headers=(("server", "Protected by Wall 2"),)),
        page(server="Protected by Wall 2"),
        page(headers=(("via", "1.1 gate (wall)"),)),
        page(headers=(("x-app-url", "http://deny.example/"),)),
    ]:
        assert notice(shown, knowing(*walls)) in walls


def test_a_stock_phrase_does_not_hide_a_national_notice():
    """Censored Planet's list of false positives, asked first, clears it for the word `redirect` (refs/BEYOND 2.12)."""
    shown = page(body="<script>redirect()</script> blocked by order of the ministry")
    national = mark("by order of the ministry", name="national")
    assert notice(shown, knowing(mark("redirect", scope="fp", name="x_redirect_just"), national)) == national


def test_a_challenge_is_no_notice_though_its_maker_is_known():
    """Collections hold makers of challenges among makers of filters."""
    knowledge = knowing(mark("DDOS-GUARD", scope="prod"))
    assert notice(page(title="DDoS-Guard", body="<p>DDOS-GUARD</p>"), knowledge) is None
    assert notice(page(title="Blocked", body="<p>DDOS-GUARD</p>"), knowledge) is not None


@pytest.mark.parametrize(("status", "known"), [(200, True), (302, True), (403, False), (404, False), (503, False)])
def test_words_of_nobody_knows_whom_need_a_status_that_refuses_nothing(status, known):
    """A site's own firewall says so too, with 403 or the like; where somebody's words stand beside, these count."""
    unknown = mark("access is forbidden", scope="unk")
    shown = Page(status=status, body="access is forbidden by the ministry")
    assert (notice(shown, knowing(unknown)) is not None) is known
    assert notice(shown, knowing(unknown, mark("the ministry", name="n"))).id == "n"


def test_a_blank_page_accuses_nobody():
    """Citizen Lab's marks of suspicion know every page without content."""
    blank = "<html><head></head><body></body></html>"
    assert notice(page(body=blank), knowing(mark(blank, scope="isp", name="cl.susp_blankhtml_4"))) is None


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
        (Page(status=403, title="DDoS-Guard"), "captcha"),
        (PAGE, None),
    ],
)
def test_how_a_server_refused(shown, act):
    """By status, or by a challenge whatever its status."""
    assert refusal(shown) == act
